// Exact fractions, the canonical form of data, and its SHA-256. Nothing here knows of ideas or votes.
// Written for phones of some years: no `1n`, no `?.`, no crypto.subtle (a page from a file or plain http has none).
"use strict";

const Exact = (() => {
  const ZERO = BigInt(0), ONE = BigInt(1), TWO = BigInt(2), TEN = BigInt(10);
  const DEEPEST = 40; // levels: an outcome has six, and a file of brackets alone must not exhaust the stack

  function gcd(one, other) {
    let a = one < ZERO ? -one : one, b = other;
    while (b !== ZERO) [a, b] = [b, a % b];
    return a;
  }

  // A fraction in lowest terms, its denominator above 0.
  function over(above, below) {
    if (below === ZERO) throw new RangeError("divided by 0");
    const a = below < ZERO ? -above : above, b = below < ZERO ? -below : below, common = gcd(a, b);
    return { n: a / common, d: b / common };
  }

  const whole = (value) => ({ n: BigInt(value), d: ONE });
  const plus = (a, b) => over(a.n * b.d + b.n * a.d, a.d * b.d);
  const minus = (a, b) => over(a.n * b.d - b.n * a.d, a.d * b.d);
  const times = (a, b) => over(a.n * b.n, a.d * b.d);
  const divided = (a, b) => over(a.n * b.d, a.d * b.n);
  const sum = (all) => all.reduce(plus, whole(0));

  // Below 0, 0 or above 0, as a sort wants it.
  function compare(a, b) {
    const left = a.n * b.d, right = b.n * a.d;
    return left < right ? -1 : left > right ? 1 : 0;
  }

  const same = (a, b) => a.n === b.n && a.d === b.d;
  const text = (a) => `${a.n}/${a.d}`;

  // Two decimals, half away from zero: for eyes only, never for ranking.
  function rounded(a) {
    const size = a.n < ZERO ? -a.n : a.n, hundred = TEN * TEN;
    const units = (size * hundred * TWO + a.d) / (a.d * TWO);
    const cents = String(units % hundred);
    return `${a.n < ZERO && units > ZERO ? "-" : ""}${units / hundred}.${cents.length < 2 ? "0" : ""}${cents}`;
  }

  // By code points, as the server sorts; the language's own order is by halves of a pair, and a pair stands for a point
  // above every single unit.
  const rank = (unit) => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);

  function byPoints(one, other) {
    const short = Math.min(one.length, other.length);
    for (let at = 0; at < short; at += 1) {
      const a = one.charCodeAt(at), b = other.charCodeAt(at);
      if (a !== b) return rank(a) - rank(b);
    }
    return one.length - other.length;
  }

  const HALVES = /[\ud800-\udfff]/;
  const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?:^|[^\ud800-\udbff])[\udc00-\udfff]/;

  // A text as JSON spells it. Half of a pair has no bytes in UTF-8, so nothing that was ever hashed holds one.
  function quoted(words) {
    if (HALVES.test(words) && LONE.test(words)) throw new RangeError("half of a pair");
    return JSON.stringify(words);
  }

  // The one form over which a fingerprint is made: sorted keys, no spaces. Whole numbers only: others have no one
  // spelling.
  function canonical(data, depth = 0) {
    if (depth > DEEPEST) throw new RangeError("too deep");
    if (Array.isArray(data)) return `[${data.map((one) => canonical(one, depth + 1)).join(",")}]`;
    if (data !== null && typeof data === "object") {
      const keys = Object.keys(data).sort(byPoints);
      return `{${keys.map((key) => `${quoted(key)}:${canonical(data[key], depth + 1)}`).join(",")}}`;
    }
    if (typeof data === "number" && !Number.isSafeInteger(data)) throw new RangeError("not a whole number");
    return typeof data === "string" ? quoted(data) : String(data);
  }

  // The first 32 bits of the roots' fractions of the first primes (FIPS 180-4), reckoned exactly and not copied.
  function rootBits(prime, power) {
    const target = BigInt(prime) << BigInt(32 * power);
    let low = ZERO, high = ONE << BigInt(40);
    while (high - low > ONE) {
      const middle = (low + high) / TWO;
      if (middle ** BigInt(power) <= target) low = middle;
      else high = middle;
    }
    return Number(low % (ONE << BigInt(32))) | 0;
  }

  const PRIMES = [];
  for (let n = 2; PRIMES.length < 64; n += 1) if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);
  const START = PRIMES.slice(0, 8).map((prime) => rootBits(prime, 2));
  const ROUND = Int32Array.from(PRIMES.map((prime) => rootBits(prime, 3)));
  const WORDS_OF_BLOCK = new Int32Array(64), ENCODER = new TextEncoder();

  // A city's board is half a million blocks: here stand plain numbers, and no lists that are made anew each round.
  function spread(bytes, from) {
    const w = WORDS_OF_BLOCK;
    for (let at = 0, here = from; at < 16; at += 1, here += 4) {
      w[at] = (bytes[here] << 24) | (bytes[here + 1] << 16) | (bytes[here + 2] << 8) | bytes[here + 3];
    }
    for (let at = 16; at < 64; at += 1) {
      const a = w[at - 15], b = w[at - 2];
      const one = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
      const two = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
      w[at] = (w[at - 16] + one + w[at - 7] + two) | 0;
    }
    return w;
  }

  function mix(state, bytes, from) {
    const w = spread(bytes, from);
    let a = state[0], b = state[1], c = state[2], d = state[3];
    let e = state[4], f = state[5], g = state[6], h = state[7];
    for (let at = 0; at < 64; at += 1) {
      const turned = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + turned + ((e & f) ^ (~e & g)) + ROUND[at] + w[at]) | 0;
      const other = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (other + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }

  // SHA-256 of bytes, or of a text in UTF-8, as 64 hexadecimal digits; `before`: bytes that stand in front, as digits.
  function linked(before, what) {
    const bytes = typeof what === "string" ? ENCODER.encode(what) : what, first = before.length / 2;
    const length = first + bytes.length, padded = new Uint8Array(Math.ceil((length + 9) / 64) * 64);
    for (let at = 0; at < first; at += 1) padded[at] = parseInt(before.slice(2 * at, 2 * at + 2), 16);
    padded.set(bytes, first);
    padded[length] = 0x80;
    const view = new DataView(padded.buffer), state = Int32Array.from(START);
    view.setUint32(padded.length - 8, Math.floor(length / 0x20000000));
    view.setUint32(padded.length - 4, (length * 8) >>> 0);
    for (let at = 0; at < padded.length; at += 64) mix(state, padded, at);
    return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  const sha256 = (what) => linked("", what);

  return { whole, over, plus, minus, times, divided, sum, compare, same, text, rounded, byPoints, canonical, sha256,
    linked };
})();
