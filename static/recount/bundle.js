// The files that a reader chose: a zip taken apart, every other one as it is. Written out here because a page of one
// file has no library; the packing itself is undone by the browser, where it can.
"use strict";

const Bundle = (() => {
  const MOST_PARTS = 50, MOST_FILES = 8, STORED = 0, DEFLATED = 8, LOCKED = 1;
  const FORM = "ideathon-bundle-1", LISTED = "manifest.json", OPENED = ["board.json", "result.json", "openings.json"];

  const isZip = (bytes) => bytes.length > 3 && bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] < 9 && bytes[3] < 9;
  const words = (bytes) => new TextDecoder("utf-8").decode(bytes);

  // The end of a zip tells where its list of parts is; a note of up to 65,535 bytes may follow it.
  function ending(view) {
    for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 65535); at -= 1) {
      if (view.getUint32(at, true) === 0x06054b50) return at;
    }
    throw new Unfit("zip_cut");
  }

  function listed(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), found = new Map();
    const end = ending(view), count = view.getUint16(end + 10, true);
    if (count > MOST_PARTS) throw new Unfit("zip_foreign");
    for (let at = view.getUint32(end + 16, true), n = 0; n < count; n += 1) {
      if (view.getUint32(at, true) !== 0x02014b50) throw new Unfit("zip_bad");
      const [name_, more, note] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
      const [crc, packed, size, from] = [16, 20, 24, 42].map((place) => view.getUint32(at + place, true));
      const [flags, method] = [8, 10].map((place) => view.getUint16(at + place, true));
      const name = words(bytes.subarray(at + 46, at + 46 + name_));
      if (found.has(name)) throw new Unfit("zip_bad"); // two programs would read two different ones
      found.set(name, { flags, method, crc, packed, size, from });
      at += 46 + name_ + more + note;
    }
    return { view, found };
  }

  function inside(bytes, view, part) {
    if (view.getUint32(part.from, true) !== 0x04034b50) throw new Unfit("zip_bad");
    const start = part.from + 30 + view.getUint16(part.from + 26, true) + view.getUint16(part.from + 28, true);
    if (start + part.packed > bytes.length || (part.flags & LOCKED)) throw new Unfit("zip_bad");
    return bytes.subarray(start, start + part.packed);
  }

  const small = (number) => [0, 8, 16, 24].map((by) => (number >>> by) & 255);

  // With a head and a tail a part of a zip is a gzip: browsers know that name for longer than the bare one
  // ("deflate-raw"), and compare the part's sum (CRC-32) for it.
  function opened(packed, part) {
    if (typeof DecompressionStream === "undefined") throw new Unfit("zip_unpack");
    const head = new Uint8Array([0x1f, 0x8b, DEFLATED, 0, 0, 0, 0, 0, 0, 255]);
    const tail = new Uint8Array([...small(part.crc), ...small(part.size)]);
    return new Blob([head, packed, tail]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  }

  function inflated(packed, part) {
    const reader = opened(packed, part), made = new Uint8Array(part.size);
    const next = (length) => reader.read().then(({ done, value }) => {
      if (done) return made;
      if (length + value.length > part.size) throw new Unfit("zip_bad"); // more than it says of itself
      made.set(value, length);
      return next(length + value.length);
    });
    return next(0);
  }

  function unpack(bytes) {
    const { view, found } = listed(bytes);
    if (!found.has("board.json")) throw new Unfit("zip_foreign");
    return Promise.all([...found].map(([name, part]) => {
      if (part.size > Read.LARGEST) throw new Unfit("too_big", { most: Read.LARGEST / 1024 / 1024 });
      if (part.method !== STORED && part.method !== DEFLATED) throw new Unfit("zip_bad");
      const packed = inside(bytes, view, part), made = part.method === STORED ? packed : inflated(packed, part);
      return Promise.resolve(made).then((content) => [name, content]);
    }));
  }

  // What a zip's own numbers lead to may lie outside of it, and what it holds may not open: then it is damaged.
  const unzipped = (bytes) => Promise.resolve(bytes).then(unpack).then((all) => {
    const files = new Map(all), list = manifest(files);
    if (!list && files.has(LISTED)) throw new Unfit("zip_bad");
    return { files, whole: true, list };
  }, (error) => { throw error instanceof Unfit ? error : new Unfit("zip_bad"); });

  // The list of a bundle with the marks of its files; null when there is none.
  function manifest(files) {
    if (!files.has(LISTED)) return null;
    try {
      const data = JSON.parse(words(files.get(LISTED)));
      return Value.isObject(data) && data.form === FORM && Value.isObject(data.files) ? data : null;
    } catch (error) {
      return null;
    }
  }

  // Files of a bundle that are not as its list says; of an unpacked one only those that were chosen can be looked at.
  function changed({ files, whole, list }) {
    return Object.keys(list.files).reduce((lines, name) => {
      const bytes = files.get(name), fits = bytes ? Exact.sha256(bytes) === list.files[name] : !whole;
      return fits ? lines : lines.concat(Board.line(bytes ? "changed" : "missing", { name: name.slice(0, 80) }));
    }, []);
  }

  const parts = (bundle, names) => names.filter((name) => bundle.files.has(name))
    .map((name) => ({ text: words(bundle.files.get(name)), bundle }));

  // Files that lie in no zip. An unpacked bundle is known by its list; what that names is looked at and not opened.
  function unfolded(loose) {
    const files = new Map(loose.map((one) => [one.name, one.bytes]));
    const list = files.size === loose.length ? manifest(files) : null;
    if (!list) return loose.map((one) => ({ text: words(one.bytes), bundle: null }));
    if (!files.has("board.json")) throw new Unfit("list_alone");
    const apart = (name) => OPENED.includes(name) || !(name === LISTED || Value.has(list.files, name));
    return parts({ files, whole: false, list }, [...files.keys()].filter(apart));
  }

  // From chosen files to texts, each with the bundle that it lay in.
  function gather(files) {
    if (files.length > MOST_FILES) throw new Unfit("too_many_files");
    const loose = unfolded(files.filter((one) => !isZip(one.bytes)));
    return Promise.all(files.filter((one) => isZip(one.bytes)).map((one) => unzipped(one.bytes)))
      .then((bundles) => loose.concat(...bundles.map((bundle) => parts(bundle, OPENED))));
  }

  return { gather, changed };
})();
