// Findings and numbers made sentences in the reader's language. Knows no page: what it gives is text.
"use strict";

const Speak = (() => {
  let lang = "en";

  const form = { en: (n) => (n === 1 ? 0 : 1), lv: (n) => {
    if (n % 10 === 0 || (n % 100 >= 11 && n % 100 <= 19)) return 0;
    return n % 10 === 1 ? 1 : 2;
  } };

  // The word for a key, its places filled in; `n` (or `of`) chooses the form of a counted noun.
  function say(key, facts) {
    const known = facts || {}, word = WORDS[lang][key], number = known.n === undefined ? known.of : known.n;
    const chosen = Array.isArray(word) ? word[form[lang](Number(number))] : word;
    return chosen.replace(/\{(\w+)\}/g, (all, name) => (known[name] === undefined ? all : String(known[name])));
  }

  const comma = (digits) => (lang === "lv" ? digits.replace(".", ",") : digits);
  const points = (number) => comma(Exact.rounded(number));

  // The number itself: 4, 4.25, and 14/3 where decimals would only come near.
  function exact(number) {
    const hundred = Exact.times(number, Exact.whole(100));
    if (hundred.d !== BigInt(1)) return Exact.text(number);
    return comma(Exact.rounded(number).replace(/\.?0+$/, ""));
  }

  const both = (number) => {
    const shown = points(number), whole = exact(number);
    return /\//.test(whole) ? `${shown} (${whole})` : shown;
  };

  // A name in the reader's language, else in another that is there, else the short sign itself.
  function pick(words, sign) {
    const known = words || {};
    return known[lang] || known.en || known.lv || known[Object.keys(known)[0]] || sign;
  }

  // 22.02.2020. in Latvian; in English with the month's name, because 02/03 is read in two ways.
  function day(iso) {
    const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(iso);
    if (!parts || new Date(`${iso}T12:00:00Z`).getUTCDate() !== Number(parts[3])) return iso; // no such day: as it is written
    if (lang === "lv") return `${parts[3]}.${parts[2]}.${parts[1]}.`;
    return new Date(`${iso}T12:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  }

  const idea = (names, id) => (names.ideas.has(id) ? `${pick(names.ideas.get(id), id)} (${id})` : id);
  const criterion = (names, id) => (names.criteria.has(id) ? `${pick(names.criteria.get(id), id)} (${id})` : id);
  const ideas = (names, all) => all.map((id) => idea(names, id)).join(", ");

  function step(names, one) {
    const known = WORDS[lang][`by_${one.by}`];
    return say(`step_${one.kind}`, { ideas: ideas(names, one.ideas), by: known || one.by });
  }

  const whatever = (value) => (value === null ? say("nothing") : String(value));
  const place = (value) => (value === null ? say("no_place") : say("place", { place: value }));
  const means = (names, all) => all.map(([id, mean]) => `${criterion(names, id)} ${exact(mean)}`).join("; ") || say("nothing");

  // One value of a finding, by what was looked at.
  function value(what, names, one) {
    if (["jury", "residents", "combined", "jury_rank"].includes(what)) return one === null ? say("nothing") : both(one);
    if (what === "places") return place(one);
    if (what === "bars") return WORDS[lang][`bar_${one}`] || String(one);
    if (what === "winner" || what === "reserve") return one === null ? say("nobody") : idea(names, one);
    if (what === "audience") return one ? ideas(names, one.split(", ")) : say("nobody");
    if (what === "firm") return one.length ? ideas(names, one) : say("nobody");
    if (what === "digest") return `${one.slice(0, 16)}…`;
    if (what === "single_means") return one === null ? say("nothing") : means(names, one);
    if (what === "single_out") return one === null ? say("nothing") : criterion(names, one);
    return whatever(one);
  }

  // Where something differs, in one line; "" when naming it is all that can be said.
  function difference(what, names, item) {
    const whose = item.idea ? `${idea(names, item.idea)}: ` : "";
    if (item.step) return step(names, item.step);
    if (what === "rule") return "";
    if (what === "means" || what === "out") return whose + (item.criterion ? criterion(names, item.criterion) : say("nothing"));
    if (what === "places" && item.said === null && item.found === null) return whose.slice(0, -2);
    return whose + say("said_found", { said: value(what, names, item.said), found: value(what, names, item.found) });
  }

  /* How an idea's numbers are made, line by line. */

  function juryLine(rule, one) {
    if (!one.means.length && one.jurors && rule.criteria.length) {
      return say(one.place === null ? "work_jury_untold" : "work_jury_few", { points: both(one.jury), least: rule.meansFrom });
    }
    if (!one.means.length) return say("work_jury_none");
    const parts = rule.criteria.map((c, at) => `${exact(c.weight)} × ${exact(one.means[at][1])} ÷ ${exact(c.max)}`);
    return say("work_jury", { parts: parts.join(" + "), points: both(one.jury),
      weights: exact(Exact.sum(rule.criteria.map((c) => c.weight))) });
  }

  function residentsLine(result, one) {
    const { blend } = result.settings, most = result.standings.reduce((high, s) => Math.max(high, s.votes), 0);
    if (blend === "rank") return say("work_rank", { jury: both(one.juryRank), residents: both(one.residents) });
    if (blend === "share" && result.ballots) return say("work_share", { votes: one.votes, ballots: result.ballots, points: both(one.residents) });
    if (!most || blend === "share") return say("work_none");
    return say("work_points", { votes: one.votes, most, points: both(one.residents) });
  }

  function combinedLine(rule, one) {
    if (rule.blend === "separate") return say("work_separate");
    return say("work_combined", { jury_weight: exact(rule.juryWeight), resident_weight: exact(rule.residentWeight),
      jury: exact(one.juryRank || one.jury), residents: exact(one.residents), points: both(one.combined),
      whole: exact(Exact.plus(rule.juryWeight, rule.residentWeight)) });
  }

  // No sheet counts, or too few for anything to be told of them: then the idea has no points together either.
  const untold = (one) => one.place === null && !one.means.length;

  function workings(result, one) {
    const rule = result.settings, lines = [juryLine(rule, one), residentsLine(result, one)];
    if (!untold(one)) lines.push(combinedLine(rule, one));
    if (!rule.ties.includes("lot")) return lines;
    const words = Count.lotWords(rule.seed, one.idea);
    return lines.concat(say("work_lot", { words, lot: Exact.sha256(words) }));
  }

  // The rule of the result, sentence by sentence.
  function ruleLines(rule) {
    const lines = [say(`rule_blend_${rule.blend}`, { jury: exact(rule.juryWeight), residents: exact(rule.residentWeight) })];
    if (rule.threshold.n > BigInt(0)) lines.push(say("rule_threshold", { points: exact(rule.threshold) }));
    if (rule.minJurors) lines.push(say("rule_jurors", { n: rule.minJurors }));
    if (rule.votesNeeded) lines.push(say("rule_votes", { n: rule.votesNeeded }));
    if (rule.quorum) lines.push(say("rule_quorum", { n: rule.quorum }));
    lines.push(say(`rule_${rule.missing}`));
    lines.push(rule.ties.length ? say("rule_ties", { order: rule.ties.map((name) => say(`by_${name}`)).join("; ") }) : say("rule_no_ties"));
    if (rule.meansFrom) lines.push(say("rule_means", { n: rule.meansFrom }));
    if (rule.seed) lines.push(say("rule_seed", { seed: rule.seed }));
    return lines;
  }

  // Results of the earlier forms were sealed without the names: whoever changes those is not found out by the fingerprint.
  const namesApart = (report) => Boolean(report.stated && report.stated.version < 3 && report.digest && report.digest.said);

  // What cannot be seen from what was opened.
  function limits(report) {
    const rule = report.result.settings, sealed = report.kind !== "material";
    const asked = rule.criteria.some((one) => one.eliminatory), listed = rule.ties.includes("cost") || rule.ties.includes("earlier");
    const figures = Boolean(report.stated && report.stated.figures);
    return [["cast", true], ["figures", figures], ["sheets", sealed], ["few", report.few.length > 0], ["out", sealed && asked], ["material", !sealed],
      ["recusals", true], ["firm", sealed], ["batches", !sealed], ["names", namesApart(report)],
      ["seed", rule.ties.includes("lot")], ["entries", listed], ["page", true]]
      .filter(([, holds]) => holds).map(([name]) => say(`limit_${name}`, { ideas: ideas(report.names, report.few) }));
  }

  // Who wins by this count; where something differs, only by the numbers that the file holds.
  function won(report, differs) {
    const { winner, standings } = report.result, able = standings.filter((one) => one.bar === null);
    if (winner !== null) return say(differs ? "won_here" : "won_is", { idea: idea(report.names, winner) });
    const first = able.filter((one) => one.place === able[0].place).map((one) => one.idea);
    return able.length ? say("won_equal", { ideas: ideas(report.names, first) }) : say("nobody_won");
  }

  // Why something was not counted, in one sentence.
  function refusal(error) {
    const { code, facts } = error instanceof Unfit ? error : { code: "unknown", facts: {} };
    return say(`bad_${code}`, Object.assign({}, facts, facts.need ? { need: say(`need_${facts.need}`) } : {}));
  }

  return { say, points, pick, day, idea, ideas, difference, workings, ruleLines, limits, refusal, won, untold, namesApart,
    language: (chosen) => { if (chosen) lang = chosen; return lang; } };
})();
