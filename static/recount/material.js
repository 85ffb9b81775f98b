// The whole material: every sheet, every recusal, the votes or the ballots themselves.
"use strict";

const Material = (() => {
  const { minus, divided, compare } = Exact;
  const { wrong, has, isObject, object, text, count, orNull, each, field, anyNumber, noDoubles } = Value;
  const { MOST, settings, turnout, comparable, outcome, names } = Read.parts;

  const idea = (data, path) => ({
    id: field(object(data, path), "id", path, text), challenge: field(data, "challenge", path, text, ""),
    cost: field(data, "cost", path, orNull(count), null), order: field(data, "order", path, orNull(count), null),
  });
  const score = (data, path) => ({
    juror: field(object(data, path), "juror", path, text), idea: field(data, "idea", path, text),
    criterion: field(data, "criterion", path, text), points: field(data, "points", path, anyNumber),
  });
  const recusal = (data, path) => ({ juror: field(object(data, path), "juror", path, text),
    idea: field(data, "idea", path, orNull(text)) });

  function takes(one, points) {
    if (!one || compare(points, one.min) < 0 || compare(points, one.max) > 0) return false;
    return divided(minus(points, one.min), one.step).d === BigInt(1);
  }

  function scoresFit(rule, known, scores) {
    const rubric = new Map(rule.criteria.map((one) => [one.id, one]));
    noDoubles(scores.map((one) => JSON.stringify([one.juror, one.idea, one.criterion])), "scores");
    scores.forEach((one, at) => {
      if (!known.has(one.idea)) throw wrong(`scores[${at}].idea`, "listed");
      if (!takes(rubric.get(one.criterion), one.points)) throw wrong(`scores[${at}].points`, "on_scale");
    });
  }

  function jurorsFit(rule, scores, jurors) {
    if (rule.missing !== "leave_out" && rule.criteria.length && !jurors.length) throw wrong("jurors", "jurors");
    if (!jurors.length) return;
    const seats = new Set(jurors);
    scores.forEach((one, at) => { if (!seats.has(one.juror)) throw wrong(`scores[${at}].juror`, "listed"); });
  }

  function choices(known) {
    return (all, path) => noDoubles(each(all, path, (id, at) => {
      if (!known.has(id)) throw wrong(at, "listed");
      return id;
    }, MOST.ideas), path);
  }

  // Votes by idea and the number of counted ballots: as said, or counted here when the ballots themselves are there.
  function voted(data, ideas, known) {
    const said = field(data, "votes", "", object, null), votes = new Map(ideas.map((one) => [one.id, 0]));
    if (said) for (const id of Object.keys(said)) {
      if (!known.has(id)) throw wrong(`votes.${id.slice(0, 40)}`, "listed");
      votes.set(id, count(said[id], `votes.${id}`));
    }
    if (!Array.isArray(data.ballots)) {
      if (!said) throw wrong("votes", "there");
      return { votes, ballots: field(data, "ballots", "", orNull(count), null) };
    }
    const made = Count.approval(ideas, each(data.ballots, "ballots", choices(known)));
    if (said) for (const [id, found] of made) {
      if (found !== votes.get(id)) throw new Unfit("ballots_differ", { idea: id, votes: votes.get(id), found });
    }
    return { votes: made, ballots: data.ballots.length };
  }

  function read(data) {
    const ideas = field(data, "ideas", "", (all, at) => each(all, at, idea, MOST.ideas));
    const known = new Set(noDoubles(ideas.map((one) => one.id), "ideas"));
    const rule = field(data, "settings", "", (one, at) => settings(Object.assign(
      { blend: "points", threshold_votes: 0, quorum: 0, missing: "leave_out", means_from: 0 }, object(one, at)), at, anyNumber, 3));
    const scores = field(data, "scores", "", (all, at) => each(all, at, score));
    const recusals = field(data, "recusals", "", (all, at) => each(all, at, recusal), []);
    const jurors = field(data, "jurors", "", (all, at) => each(all, at,
      (one, here) => (isObject(one) ? field(one, "id", here, text) : text(one, here)), MOST.jurors), []);
    recusals.forEach((one, at) => {
      if (one.idea !== null && !known.has(one.idea)) throw wrong(`recusals[${at}].idea`, "listed");
    });
    scoresFit(rule, known, scores);
    jurorsFit(rule, scores, jurors);
    comparable(rule, ideas, "ideas");
    const { votes, ballots } = voted(data, ideas, known);
    turnout(rule, votes, ballots);
    const stated = has(data, "outcome") ? outcome(data.outcome, "outcome") : null;
    return { kind: "material", names: (stated && stated.names) || names(data), settings: rule, ideas, scores, recusals, jurors, votes, ballots,
      outcome: stated };
  }

  return { read };
})();
