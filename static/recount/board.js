// The public board of a vote and its opened ballots: read, and asked the questions of static/verify/verify.py in the
// same order. Written apart from it on purpose: two that were copied would be wrong together.
"use strict";

const Board = (() => {
  const { canonical, sha256, linked, byPoints } = Exact;
  const { isObject, asked, object, text, oneOf, list, each, field } = Value;
  const FORM = "ideathon-board-2", OPENINGS = "ideathon-openings-1";
  const KINDS = ["open", "slips", "void", "vote", "paper", "hands", "account", "override", "close", "result"];
  const METHODS = ["approval", "ranking", "budget", "star"];
  const LEAST_MARK = 8; // digits of a mark that name it

  /* Reading. Numbers below 0 are let in: that they cannot be is for the questions to say. */

  const integer = asked(Number.isSafeInteger, "whole");
  const words = asked((value) => typeof value === "string", "text"); // of any length: the board's own story
  const digits = asked((value) => typeof value === "string" && /^([0-9a-f]{2}){0,200}$/i.test(value), "digits");
  const texts = (value, path) => each(value, path, text);

  // {option: number} as a map, because a file may call an option anything.
  function numbers(value, path) {
    object(value, path);
    const at = (option) => `${path}.${option.slice(0, 40)}`;
    return new Map(Object.keys(value).map((option) => [option, integer(value[option], at(option))]));
  }

  const FIELDS = {
    slips: [["tags", texts]], void: [["tag", text]], vote: [["tag", text], ["commit", text]],
    paper: [["tag", text], ["place", text], ["commit", text, ""]],
    hands: [["place", text], ["present", integer], ["totals", numbers]],
    annul: [["why", words, ""]],
    account: [["place", text], ["issued", integer], ["cast", integer], ["spoiled", integer], ["unused", integer],
      ["why", words]],
  };
  const OPENING = [["event", text, ""], ["method", oneOf(METHODS)], ["options", texts], ["slips", object],
    ["min_choices", integer], ["max_choices", integer], ["costs", (value, path) => each(value, path, integer), []],
    ["budget", integer, 0], ["revote", (value) => value !== false, true]];
  const ENDING = [["ballots", integer, null], ["totals", numbers, new Map()], ["outcome", words, null]];

  const taken = (data, path, fields) => fields.reduce((all, [key, read, otherwise]) => (
    Object.assign(all, { [key]: field(data, key, path, read, otherwise) })), {});

  function entry(data, path) {
    const kind = field(object(data, path), "kind", path, words);
    const known = KINDS.includes(kind) || kind === "annul";     // no kind of a vote that counts: the first question says so
    return Object.assign({ kind }, known ? taken(data, path, FIELDS[kind] || []) : {});
  }

  // The first entry is the opening and the last one the result, whatever they call themselves: the first question asks.
  function read(data) {
    const entries = field(data, "entries", "", (all, at) => each(all, at, entry));
    if (!entries.length) throw new Unfit("no_entries");
    const last = data.entries.length - 1;
    return { kind: "board", slips: field(data, "slips", "", texts), entries,
      spelled: data.entries.map((one) => canonical(one)), rules: taken(data.entries[0], "entries[0]", OPENING),
      result: taken(data.entries[last], `entries[${last}]`, ENDING) };
  }

  function choices(value, path) {
    return isObject(value) ? { marks: numbers(value, path), spelled: canonical(value), starred: true }
      : { names: texts(list(value, path), path), spelled: canonical(value), starred: false };
  }

  function opening(data, path) {
    const { nonce, choices: chosen } = taken(object(data, path), path, [["nonce", digits], ["choices", choices]]);
    return Object.assign(chosen, { commit: linked(nonce, chosen.spelled) });
  }

  const readOpenings = (data) => ({ kind: "openings",
    all: field(data, "openings", "", (all, at) => each(all, at, opening)) });

  /* What the board alone answers. */

  // The mark after every entry: each is made over the one before and the entry.
  function heads(spelled) {
    const found = [sha256(spelled[0])];
    for (let at = 1; at < spelled.length; at += 1) found.push(linked(found[at - 1], spelled[at]));
    return found;
  }

  function headsOf(board) {
    if (!board.heads) board.heads = heads(board.spelled);
    return board.heads;
  }

  // May this be said? A vote by a good slip, over an earlier vote where votes can be changed; a paper where nothing was.
  function fits({ kind, tag, commit }, { good, last, rules }) {
    const before = last.get(tag);
    if (kind === "paper") return !before && (good.has(tag) || tag.startsWith("paper:"));
    return commit !== "" && good.has(tag) && (!before || (before.kind === "vote" && rules.revote));
  }

  // The last word of every slip and paper, and where the board took one that it should not.
  function walk(board) {
    const good = new Set(board.slips), last = new Map(), papers = new Map(), strangers = [];
    board.entries.forEach((one, number) => {
      if (one.kind === "slips") one.tags.forEach((tag) => good.add(tag));
      if (one.kind === "void") good.delete(one.tag);
      if (one.kind !== "vote" && one.kind !== "paper") return;
      if (!fits(one, { good, last, rules: board.rules })) strangers.push(number);
      if (one.kind === "paper") papers.set(one.place, (papers.get(one.place) || 0) + 1);
      last.set(one.tag, one);
    });
    return { papers, strangers, commits: [...last.values()].map((one) => one.commit).filter(Boolean).sort() };
  }

  // One answer; `lines` tell more of it, each a word and its facts; `facts` stand in the question itself.
  const answer = (what, holds, lines = [], facts = {}) => ({ what, holds, lines, facts });
  const line = (word, facts) => ({ word, facts });
  const ofKind = (board, kind) => board.entries.filter((one) => one.kind === kind);
  const places = (at) => (at.length ? [line("entries", { numbers: at.slice(0, 20).join(", ") })] : []);

  function shaped({ entries }) {
    const kinds = entries.map((one) => one.kind), times = (kind) => kinds.filter((one) => one === kind).length;
    return kinds[0] === "open" && kinds[kinds.length - 1] === "result" && kinds.every((kind) => KINDS.includes(kind))
      && ["open", "close", "result"].every((kind) => times(kind) === 1);
  }

  // The list of the opening is the one that it fixed, and what was drawn later is new; how many of each, and how many void.
  function drawn(board) {
    const { slips, rules } = board, sorted = slips.slice().sort(byPoints), listed = new Set(slips), lines = [];
    let later = 0;
    board.entries.forEach((one, number) => {
      if (one.kind !== "slips") return;
      if (one.tags.some((tag) => listed.has(tag)) || new Set(one.tags).size < one.tags.length) lines.push(...places([number]));
      one.tags.forEach((tag) => listed.add(tag));
      later += one.tags.length;
    });
    const same = canonical(rules.slips) === canonical({ count: slips.length, list: sha256(sorted.join("\n")) });
    const gone = new Set(ofKind(board, "void").map((one) => one.tag).filter((tag) => listed.has(tag)));
    return answer("slips", same && listed.size === slips.length + later, lines,
      { fixed: slips.length, later, void: gone.size });
  }

  // Where something stands after the close that may not; on a board without a close, anywhere.
  function late({ entries }) {
    const close = entries.findIndex((one) => one.kind === "close");
    return entries.map((one, number) => number).filter((number) => (
      number > close && ["vote", "slips", "void"].includes(entries[number].kind)));
  }

  // At each place with papers one account, of as many as were counted there; and every one that was handed out is told,
  // or why not.
  function accounts(board, papers) {
    const all = ofKind(board, "account"), told = new Set(), lines = [];
    const say = (word, place) => lines.push(line(word, { place }));
    for (const { place, issued, cast, spoiled, unused } of all) {
      if (told.has(place)) say("account_twice", place);
      if (Math.min(issued, cast, spoiled, unused) < 0) say("account_below", place);
      told.add(place);
    }
    [...papers.keys()].filter((place) => !told.has(place)).forEach((place) => say("account_none", place));
    for (const one of all) {
      const found = papers.get(one.place) || 0, whole = one.cast + one.spoiled + one.unused;
      if (one.cast !== found) lines.push(line("papers", { place: one.place, said: one.cast, found }));
      const issued = { place: one.place, said: one.issued, found: whole };
      if (one.issued !== whole && !one.why) lines.push(line("issued", issued));
    }
    return answer("papers", !lines.length, lines);
  }

  // So many people, each with as many hands as the rules allow, and one hand for an idea.
  function possible({ present, totals }, { method, options, min_choices: least, max_choices: most }) {
    const raised = [...totals.values()], all = raised.reduce((sum, n) => sum + n, 0);
    return method === "approval" && present > 0 && raised.every((n) => n >= 0 && n <= present)
      && [...totals.keys()].every((option) => options.includes(option)) && all >= present * least && all <= present * most;
  }

  function raised(board) {
    const shows = ofKind(board, "hands"), seen = new Set(), lines = [];
    for (const { place, present, totals } of shows) {
      if (seen.has(place)) lines.push(line("hands_twice", { place }));
      if (!possible({ present, totals }, board.rules)) lines.push(line("hands_odd", { place, n: present }));
      seen.add(place);
    }
    return answer("hands", !lines.length, lines);
  }

  function ofResult(board, standing) {
    const { rules, result } = board, { commits } = standing;
    const whole = ofKind(board, "hands").reduce((sum, one) => sum + one.present, commits.length);
    const most = whole * (rules.method === "star" ? 2 : 1), same = result.ballots === whole;
    const odd = [...result.totals].filter(([option, n]) => !rules.options.includes(option) || n < 0 || n > most);
    const told = same || result.ballots === null ? [] : [line("numbers", { said: result.ballots, found: whole })];
    return [answer("ballots", same, told),
      answer("totals", !odd.length, odd.map(([idea, n]) => line("total", { idea, n })))];
  }

  /* What needs something that the reader brings. */

  // A mark as it was typed: gaps and capitals mean nothing.
  const marks = (typed) => typed.split("\n").map((one) => one.replace(/\s/g, "").toLowerCase()).filter(Boolean);

  function ofMarks(board, held) {
    const found = headsOf(board);
    const lines = held.map((mark) => {
      const number = found.findIndex((head) => head.startsWith(mark));
      const facts = { mark: mark.slice(0, 80), number, least: LEAST_MARK };
      return line(mark.length < LEAST_MARK ? "mark_short" : number < 0 ? "mark_gone" : "mark_there", facts);
    });
    return answer("held", lines.every((one) => one.word === "mark_there"), lines);
  }

  function ofOlder(board, older) {
    const other = older.spelled.findIndex((one, at) => one !== board.spelled[at]);
    const slips = older.slips.length === board.slips.length && older.slips.every((tag, at) => tag === board.slips[at]);
    return answer("prefix", other < 0 && slips, other < 0 ? [] : places([other]));
  }

  // What a ballot gives each option; one that names an option twice gives it twice, and is not allowed.
  function marked(one) {
    const given = new Map(one.marks || []);
    (one.names || []).forEach((name) => given.set(name, (given.get(name) || 0) + 1));
    return given;
  }

  // Where a sum is shared out every option has its cost.
  const priced = ({ method, options, costs }) => (!costs.length && method !== "budget")
    || (costs.length === options.length && costs.every((cost) => cost > 0));

  function allowed(rules, one) {
    const given = marked(one), cost = new Map(rules.options.map((option, at) => [option, rules.costs[at] || 0]));
    const points = [...given.values()], named = [...given.keys()];
    return priced(rules) && one.starred === (rules.method === "star") && (one.starred || one.names.length === given.size)
      && given.size >= rules.min_choices && given.size <= rules.max_choices && named.every((option) => cost.has(option))
      && points.every((n) => n === 1 || n === 2) && points.filter((n) => n === 2).length <= 1
      && (!rules.costs.length || named.reduce((sum, option) => sum + cost.get(option), 0) <= rules.budget);
  }

  function ofOpenings(board, commits, { all }) {
    const made = all.map((one) => one.commit).sort(), sums = new Map(), { totals } = board.result;
    const add = (given) => given.forEach((n, option) => sums.set(option, (sums.get(option) || 0) + n));
    ofKind(board, "hands").forEach((one) => add(one.totals));
    all.forEach((one) => add(marked(one)));
    // An option that nobody chose may be left out or stand with 0; below 0 there is nothing to count.
    const above = (given, option) => Math.max(given.get(option) || 0, 0);
    const options = [...new Set([...totals.keys(), ...sums.keys()])];
    const odd = options.filter((idea) => above(totals, idea) !== above(sums, idea));
    const whole = made.length === commits.length && made.every((commit, at) => commit === commits[at]);
    const bad = all.filter((one) => !allowed(board.rules, one)).length;
    return [
      answer("opened", whole, whole ? [] : [line("opened", { said: commits.length, found: made.length })]),
      answer("allowed", !bad, bad ? [line("amiss", { n: bad })] : []),
      answer("counted", !odd.length, odd.map((idea) => (
        line("idea_numbers", { idea, said: above(totals, idea), found: above(sums, idea) })))),
    ];
  }

  // Every question that the material allows, in the one order in which all verifiers ask.
  function answers(board, { held = [], older = null, openings = null } = {}) {
    const standing = walk(board), tardy = late(board);
    const annulled = ofKind(board, "annul").map(({ why }) => line("annulled", { why }));
    return [
      answer("shape", shaped(board), annulled), drawn(board),
      answer("credentials", !standing.strangers.length, places(standing.strangers)),
      answer("closed", !tardy.length, places(tardy)), accounts(board, standing.papers), raised(board),
      ...ofResult(board, standing),
      ...(held.length ? [ofMarks(board, held)] : []), ...(older ? [ofOlder(board, older)] : []),
      ...(openings ? ofOpenings(board, standing.commits, openings) : []),
    ];
  }

  const known = (data) => (data.form === FORM ? read(data) : data.form === OPENINGS ? readOpenings(data) : null);

  return { known, answers, answer, line, marks, head: (board) => headsOf(board)[board.entries.length - 1] };
})();
