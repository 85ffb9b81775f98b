// From a text to what can be counted: a sealed result, the whole material of a count, or the board of a vote. What does
// not fit is refused with a code and a place (Value), from which the page makes one sentence. Nothing that is read here
// is ever run or sent.
"use strict";

const Read = (() => {
  const { whole, plus, compare } = Exact;
  const { wrong, has, isObject, object, text, flag, count, digest, oneOf, orNull, list, each, field, number, noDoubles } = Value;
  const LARGEST = 64 * 1024 * 1024; // bytes: a city's board with a hundred thousand slips has about 25
  const FORMS = ["ideathon-outcome-1", "ideathon-outcome-2", "ideathon-outcome-3"];
  const SEALED = "ideathon-sealed-1", MATERIAL = "ideathon-material-1";
  const MOST = { ideas: 2000, criteria: 50, jurors: 2000, ties: 6, steps: 100000 };
  const SCOPES = ["idea", "challenge", "event"], BLENDS = ["points", "share", "rank", "separate"];
  const MISSING = ["leave_out", "bar", "lowest"];
  const BREAKERS = ["jury", "first_criterion", "votes", "cost", "earlier", "lot"];
  const TIES = ["tie_broken", "tie_stands", "audience_tie_broken", "audience_tie_stands"];
  const OF_JURORS = ["juror_recused", "sheet_incomplete"]; // these name somebody: the third form has none of them
  const NONE = whole(0);

  /* The rule. */

  function criterion(number_) {
    return (data, path) => {
      object(data, path);
      const one = {
        id: field(data, "id", path, text), weight: field(data, "weight", path, number_),
        max: field(data, "scale_max", path, number_), min: field(data, "scale_min", path, number_, whole(0)),
        step: field(data, "step", path, number_, whole(1)), eliminatory: field(data, "eliminatory", path, flag, false),
      };
      if (compare(one.weight, NONE) <= 0 || compare(one.step, NONE) <= 0 || compare(one.min, NONE) < 0
        || compare(one.min, one.max) >= 0) throw wrong(path, "scale");
      return one;
    };
  }

  // The first form knew neither blends nor quorums, the second told all means; `number_` reads the numbers.
  function settings(data, path, number_, version) {
    object(data, path);
    const later = (key, read, otherwise) => (version === 1 ? otherwise : field(data, key, path, read));
    const rule = {
      criteria: field(data, "criteria", path, (all, at) => each(all, at, criterion(number_), MOST.criteria)),
      juryWeight: field(data, "jury_weight", path, number_), residentWeight: field(data, "resident_weight", path, number_),
      threshold: field(data, "threshold_jury", path, number_), minJurors: field(data, "min_jurors", path, count),
      scope: field(data, "recusal_scope", path, oneOf(SCOPES)), seed: field(data, "seed", path, text),
      ties: field(data, "ties", path, (all, at) => each(all, at, oneOf(BREAKERS), MOST.ties)),
      blend: later("blend", oneOf(BLENDS), "points"), votesNeeded: later("threshold_votes", count, 0),
      quorum: later("quorum", count, 0), missing: later("missing", oneOf(MISSING), "leave_out"),
      meansFrom: version < 3 ? 0 : field(data, "means_from", path, count), perBallot: field(data, "per_ballot", path, count, 1),
    };
    return fitting(rule, path);
  }

  function fitting(rule, path) {
    const { juryWeight, residentWeight } = rule, both = plus(juryWeight, residentWeight);
    if (compare(juryWeight, NONE) < 0 || compare(residentWeight, NONE) < 0 || !compare(both, NONE)) {
      throw wrong(`${path}.jury_weight`, "weights");
    }
    if (rule.perBallot < 1 || (rule.perBallot > 1 && rule.blend === "share")) throw wrong(`${path}.per_ballot`, "whole");
    const juryCounts = rule.blend === "separate" || compare(juryWeight, NONE) > 0;
    if (juryCounts && (rule.minJurors < 1 || !rule.criteria.length)) throw wrong(`${path}.min_jurors`, "jury");
    if (rule.ties.includes("lot") && !rule.seed) throw wrong(`${path}.seed`, "seed");
    noDoubles(rule.ties, `${path}.ties`);
    noDoubles(rule.criteria.map((one) => one.id), `${path}.criteria`);
    return rule;
  }

  function turnout(rule, votes, ballots) {
    if (ballots === null) {
      if (rule.blend === "share" || rule.quorum) throw wrong("ballots", "whole");
      return;
    }
    for (const [idea, number_] of votes) if (number_ > ballots * rule.perBallot) throw new Unfit("more_votes", { idea, ballots });
  }

  function comparable(rule, ideas, path) {
    ideas.forEach((idea, at) => [["cost", idea.cost], ["earlier", idea.order]].forEach(([breaker, value]) => {
      if (rule.ties.includes(breaker) && value === null) {
        throw wrong(`${path}[${at}].${breaker === "cost" ? "cost" : "order"}`, "whole");
      }
    }));
  }

  /* A sealed result. */

  function step(version, known) {
    const kinds = oneOf(version < 3 ? TIES.concat(OF_JURORS) : TIES);
    return (data, path) => {
      const one = { kind: field(object(data, path), "kind", path, kinds), by: field(data, "by", path, text),
        ideas: field(data, "ideas", path, (all, at) => each(all, at, text, MOST.ideas)) };
      const whole_ = !OF_JURORS.includes(one.kind) || (one.ideas.length === 1 && known.has(one.ideas[0]));
      if (!whole_) throw wrong(`${path}.ideas`, "one_idea");
      return one;
    };
  }

  function means(rule, told) {
    return (value, at) => {
      const found = each(value, at, (pair, here) => {
        if (list(pair, here).length !== 2) throw wrong(here, "pair");
        return [text(pair[0], here), number(pair[1], here)];
      }, MOST.criteria);
      const names = found.map(([id]) => id), rubric = told ? rule.criteria.map((one) => one.id) : [];
      if (names.join("\n") !== rubric.join("\n")) throw wrong(at, "rubric");
      return found;
    };
  }

  function standing(rule, version) {
    return (data, path) => {
      object(data, path);
      const jurors = field(data, "jurors_counted", path, count);
      const lacking = version === 1 ? 0 : field(data, "jurors_missing", path, count);
      const later = (key, read) => (version === 1 ? null : field(data, key, path, orNull(read)));
      const told = jurors > 0 && Count.fullSheets(rule, { jurors, lacking }) >= rule.meansFrom;
      return {
        idea: field(data, "idea", path, text), place: field(data, "place", path, orNull(count)), jurors, lacking,
        recused: version < 3 ? 0 : field(data, "jurors_recused", path, count), votes: field(data, "votes", path, count),
        means: field(data, "criterion_means", path, means(rule, told)),
        jury: field(data, "jury", path, number), residents: field(data, "residents", path, number),
        combined: field(data, "combined", path, number), juryRank: later("jury_rank", number),
        bar: field(data, "bar", path, orNull(text)), out: field(data, "eliminated_by", path, orNull(text)),
        cost: later("cost", count), order: later("order", count),
      };
    };
  }

  // Who would win under the other ways of bringing jury and residents together, when the result says so.
  function firmness(data, path) {
    const names = (all, at) => each(all, at, text, MOST.ideas);
    const other = (one, at) => ({ blend: field(object(one, at), "blend", at, oneOf(BLENDS)), winners: field(one, "winners", at, names) });
    const change = (one, at) => ({ winners: field(object(one, at), "winners", at, names), jurors: field(one, "jurors", at, count) });
    const jurors = (one, at) => (has(object(one, at), "tried") ? { tried: field(one, "tried", at, count),
      changes: field(one, "changes", at, (all, here) => each(all, here, change, MOST.jurors)),
      audience: field(one, "audience", at, (all, here) => each(all, here, change, MOST.jurors), null) } : null);
    return { winners: field(object(data, path), "winners", path, names), audience: field(data, "audience", path, names, null),
      jurors: field(data, "jurors", path, jurors, null),
      blends: field(data, "blends", path, (all, at) => each(all, at, other, BLENDS.length)),
      batches: field(data, "batches", path, (all, at) => each(all, at, (one, here) => field(object(one, here), "ballots", here, count)), []) };
  }

  // The figures of the vote; results of the first day told fewer of them.
  function figures(data, path) {
    const sums = (all, at) => Object.keys(object(all, at)).reduce((made, name) => Object.assign(made, { [name]: count(all[name], at) }), {});
    const told = (key, read) => field(object(data, path), key, path, read, null);
    return { cast: told("cast", count), invalid: told("void", count), replaced: told("superseded", count),
      channels: told("by_channel", sums), places: told("by_place", sums), reasons: told("void_reasons", sums) };
  }

  function outcome(data, path) {
    const form = field(object(data, path), "form", path, text), version = FORMS.indexOf(form) + 1;
    if (!version) throw new Unfit("newer_form", { form: form.slice(0, 60) });
    const rule = field(data, "settings", path, (one, at) => settings(one, at, number, version));
    const standings = field(data, "standings", path, (all, at) => each(all, at, standing(rule, version), MOST.ideas));
    const listed = new Set(noDoubles(standings.map((one) => one.idea), `${path}.standings`));
    const steps = field(data, "steps", path, (all, at) => each(all, at, step(version, listed), MOST.steps));
    const told = (kind, idea) => steps.filter((one) => one.kind === kind && one.ideas[0] === idea).length;
    if (version === 1) standings.forEach((one) => { one.lacking = told("sheet_incomplete", one.idea); });
    if (version < 3) standings.forEach((one) => { one.recused = told("juror_recused", one.idea); });
    comparable(rule, standings, `${path}.standings`);
    const votes = new Map(standings.map((one) => [one.idea, one.votes]));
    const ballots = version === 1 ? null : field(data, "ballots", path, orNull(count));
    turnout(rule, votes, ballots);
    return {
      version, settings: rule, standings, steps, votes, ballots, canonical: Exact.canonical(data),
      winner: field(data, "winner", path, orNull(text)), reserve: field(data, "reserve", path, orNull(text)),
      audience: version === 1 ? [] : field(data, "audience", path, (all, at) => each(all, at, text, MOST.ideas)),
      firm: field(data, "firmness", path, orNull(firmness), null),
      names: version < 3 ? null : names(isObject(data.names) ? data.names : {}),
      record: version < 3 ? null : field(data, "record", path, digest, null),
      figures: field(data, "figures", path, figures, null),
      counted: isObject(data.figures) && Number.isSafeInteger(data.figures.counted) ? data.figures.counted : null,
    };
  }

  // Words in several languages: {"lv": "…", "en": "…"}. What is no word is left out; a name decides nothing.
  function words(value) {
    if (!isObject(value)) return {};
    return Object.keys(value).filter((lang) => typeof value[lang] === "string")
      .reduce((all, lang) => Object.assign(all, { [lang]: value[lang].slice(0, 400) }), {});
  }

  const named = (value) => new Map(isObject(value) ? Object.keys(value).map((id) => [id, words(value[id])]) : []);

  function names(data) {
    const event = isObject(data.event) ? data.event : {};
    const plain = (value) => (typeof value === "string" ? value.slice(0, 80) : "");
    return { title: words(event.title), date: plain(event.date), code: plain(event.code),
      ideas: named(data.titles), criteria: named(data.criteria_titles) };
  }

  // What stands beside the outcome is not under the fingerprint. From the third form on the names are in it, and
  // those beside it are looked at no more.
  function sealed(data) {
    const made = field(data, "outcome", "", outcome), head = field(data, "ledger_head", "", digest);
    return { kind: "sealed", names: made.names || names(data), outcome: made, digest: field(data, "digest", "", digest),
      head: made.version < 3 ? head : made.record };
  }

  const AGE = /^(age-encryption\.org\/|-----BEGIN AGE ENCRYPTED FILE-----)/;

  function parsed(source) {
    const trimmed = source.replace(/^\uFEFF/, "").trim();
    if (!trimmed) throw new Unfit("empty");
    try {
      return JSON.parse(trimmed);
    } catch (error) {
      throw new Unfit(/^[{[]/.test(trimmed) && !/[}\]]$/.test(trimmed) ? "cut_off" : "not_json");
    }
  }

  const keysOf = (data) => (Array.isArray(data) ? data.reduce((sum, one) => sum + keysOf(one), 0)
    : isObject(data) ? Object.keys(data).reduce((sum, key) => sum + 1 + keysOf(data[key]), 0) : 0);

  // Two texts may mean the same data and not read the same: 38.0 is no 38 to a fingerprint, and of a name that stands
  // twice one is passed over. Such a text is not what was sealed.
  function onlyOneReading(source, data) {
    const strings = /"[^"\\]*(?:\\.[^"\\]*)*"/g, plain = source.replace(strings, "\"\"");
    const numbers = plain.match(/-?[0-9][0-9.eE+-]*/g) || [], names_ = plain.match(/""\s*:/g) || [];
    if (names_.length !== keysOf(data) || !numbers.every((one) => /^(0|-?[1-9][0-9]*)$/.test(one))) throw new Unfit("not_plain");
    return data;
  }

  function held(data) {
    const ofVote = Board.known(data);
    if (ofVote) return ofVote;
    if (data.form === "ideathon-bundle-1") throw new Unfit("list_alone");
    if (data.form === SEALED) return sealed(data);
    if (data.form === MATERIAL || (data.form === undefined && has(data, "scores"))) return Material.read(data);
    if (typeof data.form === "string" && /^ideathon-outcome-/.test(data.form)) {
      const made = outcome(data, "");
      return { kind: "outcome", names: made.names || names({}), outcome: made, digest: null, head: made.record };
    }
    return null;
  }

  // What a text holds. Throws Unfit, and nothing else. What is locked for the witnesses stays so: this page has no keys.
  function open(source) {
    if (AGE.test(source)) return { kind: "locked" };
    if (source.length > LARGEST) throw new Unfit("too_big", { most: LARGEST / 1024 / 1024 });
    const data = parsed(source);
    if (!isObject(data)) throw new Unfit("other_form");
    try {
      const found = held(data);
      if (found && onlyOneReading(source, data)) return found;
    } catch (error) {
      if (error instanceof RangeError) throw new Unfit("not_plain"); // too deep, or a number that has no one spelling
      throw error;
    }
    throw new Unfit(typeof data.form === "string" && /^ideathon-/.test(data.form) ? "newer_form" : "other_form",
      { form: String(data.form).slice(0, 60) });
  }

  return { open, LARGEST, parts: { MOST, settings, turnout, comparable, outcome, names } };
})();
