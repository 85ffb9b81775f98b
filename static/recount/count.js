// The count itself, step by step as the rule of the result says it. It takes what was read, and knows of no page.
"use strict";

const Count = (() => {
  const { whole, over, plus, minus, times, divided, sum, compare, same, byPoints, sha256 } = Exact;
  const HUNDRED = whole(100), NONE = whole(0);
  const NO_PLACE = ["too_few_jurors", "sheets_missing", "eliminated"];

  const placeable = (standing) => !NO_PLACE.includes(standing.bar);

  // Split what is sorted already: neighbours that are alike stand together.
  function inGroups(sorted, alike) {
    const groups = [];
    for (const one of sorted) {
      const last = groups[groups.length - 1];
      if (last && alike(last[0], one)) last.push(one);
      else groups.push([one]);
    }
    return groups;
  }

  /* The jury: from single sheets to each criterion's mean. */

  function reaches(scope, challenges, conflict, idea) {
    if (conflict === null || scope === "event" || conflict === idea) return true;
    return scope === "challenge" && challenges.get(idea) !== "" && challenges.get(conflict) === challenges.get(idea);
  }

  function median(points) {
    const sorted = points.slice().sort(compare), middle = Math.floor(sorted.length / 2);
    return divided(plus(sorted[middle], sorted[sorted.length - 1 - middle]), whole(2));
  }

  // 100 × the sum of weight × mean ÷ the scale's top, over the sum of the weights.
  function juryPoints(criteria, means) {
    if (!means.length) return NONE;
    const parts = criteria.map((one, at) => divided(times(one.weight, means[at][1]), one.max));
    return divided(times(HUNDRED, sum(parts)), sum(criteria.map((one) => one.weight)));
  }

  // How many scored an idea in full: a sheet that was filled up with the lowest marks counts, but is not full.
  const fullSheets = (settings, mark) => (settings.missing === "lowest" ? mark.jurors - mark.lacking : mark.jurors);

  function juryBar(settings, mark) {
    if (fullSheets(settings, mark) < settings.minJurors) return "too_few_jurors";
    if (mark.lacking && settings.missing === "bar") return "sheets_missing";
    if (mark.out !== null) return "eliminated";
    return compare(mark.jury, settings.threshold) < 0 ? "below_threshold" : null;
  }

  function sheetsOf(scores) {
    const ideas = new Map();
    for (const score of scores) {
      if (!ideas.has(score.idea)) ideas.set(score.idea, new Map());
      const jurors = ideas.get(score.idea);
      if (!jurors.has(score.juror)) jurors.set(score.juror, new Map());
      jurors.get(score.juror).set(score.criterion, score.points);
    }
    return ideas;
  }

  // The jurors whose sheets could count for an idea: those who began one, and where a missing one matters all others too.
  function sheetsFor(settings, sheets, recused, jurors) {
    const all = new Map(settings.missing === "leave_out" ? [] : jurors.map((juror) => [juror, new Map()]));
    for (const [juror, sheet] of sheets) all.set(juror, sheet);
    return new Map([...all].filter(([juror]) => !recused.has(juror)));
  }

  function outBy(criteria, counted) {
    const found = criteria.find((one, at) => counted.length && one.eliminatory
      && same(median(counted.map((sheet) => sheet[at])), NONE));
    return found ? found.id : null;
  }

  function meansOf(criteria, counted) {
    if (!counted.length) return [];
    return criteria.map((one, at) => [one.id, divided(sum(counted.map((sheet) => sheet[at])), whole(counted.length))]);
  }

  function markOf(settings, idea, allowed, recused) {
    const { criteria } = settings, lacking = [...allowed.keys()].filter((j) => allowed.get(j).size < criteria.length);
    const counted = [...allowed].filter(([juror]) => settings.missing === "lowest" || !lacking.includes(juror))
      .map(([, sheet]) => criteria.map((one) => sheet.get(one.id) || one.min));
    const told = (kind, jurors) => jurors.sort(byPoints).map((by) => ({ kind, ideas: [idea.id], by }));
    return heldBack(settings, { idea: idea.id, cost: idea.cost, order: idea.order, jurors: counted.length,
      lacking: lacking.length, recused: recused.size, means: meansOf(criteria, counted), out: outBy(criteria, counted),
      steps: told("juror_recused", [...recused]).concat(told("sheet_incomplete", lacking)) });
  }

  // With few full sheets no means are told; the points are (`told`), but only of an idea that they give a place.
  function heldBack(settings, mark) {
    if (fullSheets(settings, mark) >= settings.meansFrom) return mark;
    const jury = juryPoints(settings.criteria, mark.means), bar = juryBar(settings, Object.assign({ jury }, mark));
    const placed = !NO_PLACE.includes(bar);
    return Object.assign({}, mark, { means: [], told: placed ? jury : NONE, out: placed || bar === "eliminated" ? mark.out : null });
  }

  // Marks of every idea from single sheets.
  function assess(settings, material) {
    const { ideas, scores, recusals, jurors } = material, sheets = sheetsOf(scores);
    const challenges = new Map(ideas.map((idea) => [idea.id, idea.challenge]));
    return ideas.map((idea) => {
      const recused = new Set(recusals.filter((one) => reaches(settings.scope, challenges, one.idea, idea.id))
        .map((one) => one.juror));
      const allowed = sheetsFor(settings, sheets.get(idea.id) || new Map(), recused, jurors);
      return markOf(settings, idea, allowed, recused);
    });
  }

  // One vote for every idea that a ballot names.
  function approval(ideas, ballots) {
    const votes = new Map(ideas.map((idea) => [idea.id, 0]));
    for (const choices of ballots) for (const idea of choices) votes.set(idea, votes.get(idea) + 1);
    return votes;
  }

  /* Equal points. */

  // The idea's lot: the lowest goes first. Anybody can draw it again with any SHA-256 program.
  const lotWords = (seed, idea) => `${seed}|lot|${idea}`;
  const lot = (seed, idea) => BigInt(`0x${sha256(lotWords(seed, idea))}`);

  // What each breaker looks at; the higher value goes first.
  const BREAKERS = {
    jury: (s) => s.jury,
    first_criterion: (s) => (s.means.length ? s.means[0][1] : NONE),
    votes: (s) => whole(s.votes),
    cost: (s) => whole(-s.cost),
    earlier: (s) => whole(-s.order),
    lot: (s, seed) => ({ n: -lot(seed, s.idea), d: BigInt(1) }),
  };

  function keyed(settings, standings) {
    return standings.map((standing) => Object.assign({}, standing, {
      key: [standing.combined, ...settings.ties.map((name) => BREAKERS[name](standing, settings.seed))] }));
  }

  function compareKeys(a, b) {
    for (let at = 0; at < a.key.length; at += 1) {
      const found = compare(b.key[at], a.key[at]);
      if (found) return found;
    }
    return 0;
  }

  // Ideas that stay equal stand by name, which means nothing.
  const inOrder = (a, b) => compareKeys(a, b) || byPoints(a.idea, b.idea);

  function parting(settings, equal, level) {
    if (equal.length < 2) return [];
    const ideas = equal.map((standing) => standing.idea);
    if (level === settings.ties.length) return [{ kind: "tie_stands", ideas, by: "" }];
    const groups = inGroups(equal, (a, b) => same(a.key[level + 1], b.key[level + 1]));
    const steps = groups.length > 1 ? [{ kind: "tie_broken", ideas, by: settings.ties[level] }] : [];
    return groups.reduce((all, group) => all.concat(parting(settings, group, level + 1)), steps);
  }

  const tieSteps = (settings, placed) => inGroups(placed, (a, b) => same(a.combined, b.combined))
    .reduce((all, group) => all.concat(parting(settings, group, 0)), []);

  /* Jury and residents made one number. */

  // 100 for the first of n, 0 for the last, in even steps; equal ones take the mean of the places that they share.
  function byOrder(standings, value) {
    const points = new Map(), n = standings.length;
    const sorted = standings.slice().sort((a, b) => compare(value(b), value(a)));
    let before = 0;
    for (const group of inGroups(sorted, (a, b) => same(value(a), value(b)))) {
      const place = over(BigInt(2 * before + group.length + 1), BigInt(2));
      for (const one of group) {
        points.set(one.idea, n === 1 ? HUNDRED : divided(times(HUNDRED, minus(whole(n), place)), whole(n - 1)));
      }
      before += group.length;
    }
    return points;
  }

  function weighed(settings, jury, residents) {
    const both = plus(times(settings.juryWeight, jury), times(settings.residentWeight, residents));
    return divided(both, plus(settings.juryWeight, settings.residentWeight));
  }

  const residentPoints = (votes, of) => (of ? over(BigInt(100) * BigInt(votes), BigInt(of)) : NONE);

  // Each idea with its residents' and combined points; by rank an idea without a place has none of either.
  function blended(settings, standings, ballots) {
    const rank = settings.blend === "rank", able = rank ? standings.filter(placeable) : [];
    const juryOrder = byOrder(able, (s) => s.jury), votesOrder = byOrder(able, (s) => whole(s.votes));
    const most = standings.reduce((high, s) => Math.max(high, s.votes), 0);
    return standings.map((s) => {
      const juryRank = rank ? juryOrder.get(s.idea) || NONE : null;
      const residents = rank ? votesOrder.get(s.idea) || NONE
        : residentPoints(s.votes, settings.blend === "share" ? ballots || 0 : most);
      const combined = settings.blend === "separate" ? s.jury : weighed(settings, juryRank || s.jury, residents);
      return Object.assign({}, s, { juryRank, residents, combined });
    });
  }

  // The jury's bar and the voters': without a quorum no idea can win, whatever else it lacks.
  function barOf(settings, standing, ballots) {
    const jury = juryBar(settings, standing);
    if (NO_PLACE.includes(jury)) return jury;
    if ((ballots || 0) < settings.quorum) return "no_quorum";
    return jury || (standing.votes < settings.votesNeeded ? "below_votes" : null);
  }

  function placesOf(settings, standings) {
    const placed = [], ranked = keyed(settings, standings.filter(placeable)).sort(inOrder);
    for (const group of inGroups(ranked, (a, b) => compareKeys(a, b) === 0)) {
      const place = placed.length + 1;
      for (const one of group) placed.push(Object.assign(one, { place }));
    }
    return placed;
  }

  const single = (groups) => (groups.length && groups[0].length === 1 ? groups[0][0].idea : null);

  function winnersOf(placed) {
    const groups = inGroups(placed.filter((one) => one.bar === null), (a, b) => a.place === b.place);
    const winner = single(groups), winners = groups.length ? groups[0].map((one) => one.idea) : [];
    return { winner, winners, reserve: winner === null ? null : single(groups.slice(1)) };
  }

  // Where the residents give a prize of their own: the most votes, at least one, among the ideas that can win.
  function audienceOf(settings, placed) {
    const able = placed.filter((one) => one.bar === null && one.votes > 0);
    if (settings.blend !== "separate" || !able.length) return { audience: [], steps: [] };
    const most = Math.max(...able.map((one) => one.votes));
    const equal = able.filter((one) => one.votes === most)
      .map((one) => Object.assign({}, one, { key: [NONE, ...one.key.slice(1)] })).sort(inOrder);
    const audience = inGroups(equal, (a, b) => compareKeys(a, b) === 0)[0].map((one) => one.idea);
    const steps = parting(settings, equal, 0).filter((step) => step.ideas.includes(audience[0]))
      .map((step) => Object.assign({}, step, { kind: `audience_${step.kind}` }));
    return { audience, steps };
  }

  // The whole outcome from the jury's marks, the votes, and how many ballots counted (null when nobody said).
  function rank(settings, marks, votes, ballots) {
    const sorted = marks.slice().sort((a, b) => byPoints(a.idea, b.idea)).map((mark) => {
      const standing = Object.assign({}, mark, { place: null, votes: votes.get(mark.idea),
        jury: mark.means.length ? juryPoints(settings.criteria, mark.means) : mark.told || NONE });
      return Object.assign(standing, { bar: barOf(settings, standing, ballots) });
    });
    const standings = blended(settings, sorted, ballots), placed = placesOf(settings, standings);
    const prize = audienceOf(settings, placed);
    const told = sorted.reduce((all, mark) => all.concat(mark.steps), []);
    return Object.assign(winnersOf(placed), {
      settings, ballots, standings: placed.concat(standings.filter((one) => !placeable(one))),
      steps: told.concat(tieSteps(settings, placed), prize.steps), audience: prize.audience });
  }

  // The same material without one juror: then the numbers of sheets that are asked for are one lower.
  function withoutJuror(material, juror) {
    const { settings } = material, others = (all) => all.filter((one) => one.juror !== juror);
    const jurors = material.jurors.filter((one) => one !== juror), least = Math.min(settings.minJurors, 1);
    const rule = Object.assign({}, settings, { missing: jurors.length ? settings.missing : "leave_out",
      minJurors: Math.max(least, settings.minJurors - 1), meansFrom: Math.max(0, settings.meansFrom - 1) });
    const left = Object.assign({}, material, { jurors, scores: others(material.scores), recusals: others(material.recusals) });
    return rank(rule, assess(rule, left), material.votes, material.ballots);
  }

  return { assess, approval, rank, withoutJuror, lotWords, placeable, inGroups, juryPoints, fullSheets };
})();
