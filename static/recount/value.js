// Single values of a file: each reader takes the value and its place, gives it back or says what it should be.
"use strict";

class Unfit extends Error {
  constructor(code, facts) {
    super(code);
    this.code = code;
    this.facts = facts || {};
  }
}

const Value = (() => {
  const { whole, over } = Exact;
  const EXACT = /^-?[0-9]{1,400}\/[1-9][0-9]{0,400}$/, DIGEST = /^[0-9a-f]{64}$/;

  const wrong = (path, need) => new Unfit("wrong", { path, need });
  const has = (data, key) => Object.prototype.hasOwnProperty.call(data, key);
  const isObject = (data) => data !== null && typeof data === "object" && !Array.isArray(data);

  /* Single values: each takes the value and its place in the file, gives it back or says what it should be. */

  const asked = (test, need) => (value, path) => {
    if (!test(value)) throw wrong(path, need);
    return value;
  };
  const object = asked(isObject, "object");
  const text = asked((value) => typeof value === "string" && value.length <= 400, "text");
  const flag = asked((value) => typeof value === "boolean", "flag");
  const count = asked((value) => Number.isSafeInteger(value) && value >= 0, "whole");
  const digest = asked((value) => DIGEST.test(value), "digest");
  const oneOf = (words) => asked((value) => words.includes(value), "known");
  const orNull = (read) => (value, path) => (value === null ? null : read(value, path));

  function list(value, path, most) {
    if (!Array.isArray(value)) throw wrong(path, "list");
    if (value.length > (most || 2000000)) throw new Unfit("too_many", { path, most });
    return value;
  }

  const each = (value, path, read, most) => list(value, path, most).map((one, at) => read(one, `${path}[${at}]`));

  function field(data, key, path, read, otherwise) {
    const at = path ? `${path}.${key}` : key;
    if (!has(data, key)) {
      if (otherwise !== undefined) return otherwise;
      throw wrong(at, "there");
    }
    return read(data[key], at);
  }

  function fraction(words, path) {
    if (typeof words !== "string" || !EXACT.test(words)) throw wrong(path, "fraction");
    const [above, below] = words.split("/");
    return over(BigInt(above), BigInt(below));
  }

  // An exact number as it lies in a sealed file, with what readers were shown of it.
  function number(value, path) {
    object(value, path);
    const exact = field(value, "exact", path, fraction);
    return Object.assign(exact, { shown: field(value, "shown", path, text) });
  }

  // The same written by hand: 4, "9/2", or as above.
  function anyNumber(value, path) {
    if (Number.isSafeInteger(value)) return whole(value);
    return typeof value === "string" ? fraction(value, path) : number(value, path);
  }

  function noDoubles(values, path) {
    if (new Set(values).size < values.length) throw wrong(path, "once");
    return values;
  }

  return { wrong, has, isObject, asked, object, text, flag, count, digest, oneOf, orNull, list, each, field, number, anyNumber, noDoubles };
})();
