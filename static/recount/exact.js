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

  // By code points, as the server sorts; the language's own order is by halves of a pair and differs for rare letters.
  function byPoints(one, other) {
    const a = Array.from(one), b = Array.from(other), short = Math.min(a.length, b.length);
    for (let at = 0; at < short; at += 1) {
      if (a[at] !== b[at]) return a[at].codePointAt(0) - b[at].codePointAt(0);
    }
    return a.length - b.length;
  }

  // The one form over which a fingerprint is made: sorted keys, no spaces. Whole numbers only: others have no one spelling.
  function canonical(data, depth = 0) {
    if (depth > DEEPEST) throw new RangeError("too deep");
    if (Array.isArray(data)) return `[${data.map((one) => canonical(one, depth + 1)).join(",")}]`;
    if (data !== null && typeof data === "object") {
      const keys = Object.keys(data).sort(byPoints);
      return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(data[key], depth + 1)}`).join(",")}}`;
    }
    if (typeof data === "number" && !Number.isSafeInteger(data)) throw new RangeError("not a whole number");
    return typeof data === "number" ? String(data) : JSON.stringify(data);
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
  const ROUND = PRIMES.map((prime) => rootBits(prime, 3));

  const turn = (word, by) => (word >>> by) | (word << (32 - by));

  function mix(state, block) {
    const w = new Int32Array(64);
    for (let at = 0; at < 16; at += 1) w[at] = block.getInt32(at * 4);
    for (let at = 16; at < 64; at += 1) {
      const a = w[at - 15], b = w[at - 2];
      w[at] = w[at - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[at - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let at = 0; at < 64; at += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[at] + w[at]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, at) => { state[at] = (state[at] + word) | 0; });
  }

  // SHA-256 of a text in UTF-8, as 64 hexadecimal digits.
  function sha256(words) {
    const bytes = new TextEncoder().encode(words), length = bytes.length;
    const padded = new Uint8Array(Math.ceil((length + 9) / 64) * 64), view = new DataView(padded.buffer);
    padded.set(bytes);
    padded[length] = 0x80;
    view.setUint32(padded.length - 8, Math.floor(length / 0x20000000));
    view.setUint32(padded.length - 4, (length * 8) >>> 0);
    const state = START.slice();
    for (let at = 0; at < padded.length; at += 64) mix(state, new DataView(padded.buffer, at, 64));
    return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  return { whole, over, plus, minus, times, divided, sum, compare, same, text, rounded, byPoints, canonical, sha256 };
})();
