// What a result says, held against what its own numbers give. Gives findings as data; the page has the words.
"use strict";

const Check = (() => {
  const { whole, minus, times, divided, compare, rounded, text, canonical, sha256 } = Exact;
  const NONE = whole(0);
  const TIES = ["tie_broken", "tie_stands", "audience_tie_broken", "audience_tie_stands"];

  // One finding: what was looked at, how many there were, and each that is not as it was said.
  const finding = (what, of, items) => ({ what, of, items, state: items.length ? "differs" : "agrees" });

  /* Whether the jury's public numbers can be at all. */

  // A mean of n marks is possible when its sum lies on the scale's steps.
  function canBe(criterion, mean, jurors) {
    const total = times(mean, whole(jurors)), low = times(criterion.min, whole(jurors));
    if (compare(total, low) < 0 || compare(total, times(criterion.max, whole(jurors))) > 0) return false;
    return divided(minus(total, low), criterion.step).d === BigInt(1);
  }

  // The median is 0, so more than half of the marks are: whether the sum allows it, and whether it leaves nothing else.
  function zeroMedian(criterion, mean, jurors) {
    if (compare(criterion.min, NONE)) return { possible: false, forced: false };
    const total = times(mean, whole(jurors)), half = Math.floor(jurors / 2);
    const above = jurors - half - 1; // marks that may be above 0 while the median is 0
    const most = times(criterion.max, whole(above)), least = times(criterion.step, whole(jurors - half));
    return { possible: compare(total, most) <= 0, forced: compare(total, least) < 0 };
  }

  function outFits(rule, standing) {
    if (!standing.means.length) return standing.out === null || (standing.jurors > 0 && standing.bar === "eliminated");
    const zeros = rule.criteria.map((one, at) => Object.assign({ id: one.id }, one.eliminatory
      ? zeroMedian(one, standing.means[at][1], standing.jurors) : { possible: false, forced: false }));
    const at = standing.out === null ? zeros.length : zeros.findIndex((one) => one.id === standing.out);
    if (at < 0 || (at < zeros.length && !zeros[at].possible)) return false;
    return !zeros.slice(0, at).some((one) => one.forced);
  }

  // Too few full sheets to tell the means: the points are taken as told, if the scale has room for them.
  const few = (outcome) => outcome.standings.filter((one) => one.jurors && !one.means.length && outcome.settings.criteria.length);

  function fewCheck(outcome) {
    const { criteria } = outcome.settings, least = Count.juryPoints(criteria, criteria.map((one) => [one.id, one.min]));
    const wrong = few(outcome).filter(({ jury, place }) => (place === null ? compare(jury, NONE) !== 0
      : compare(jury, least) < 0 || compare(jury, whole(100)) > 0));
    return few(outcome).length ? [finding("few", few(outcome).length, wrong.map((one) => (
      { idea: one.idea, said: rounded(one.jury), found: one.place === null ? rounded(NONE) : `${rounded(least)} – 100` })))] : [];
  }

  function juryChecks(outcome) {
    const rule = outcome.settings, means = [], outs = [];
    let marks = 0;
    for (const one of outcome.standings) {
      one.means.forEach(([criterion, mean], at) => {
        marks += 1;
        if (!canBe(rule.criteria[at], mean, one.jurors)) means.push({ idea: one.idea, criterion, said: text(mean) });
      });
      if (!outFits(rule, one)) outs.push({ idea: one.idea, criterion: one.out, said: one.out });
    }
    const found = [finding("means", marks, means), ...fewCheck(outcome)];
    return rule.criteria.some((one) => one.eliminatory) ? found.concat(finding("out", outcome.standings.length, outs)) : found;
  }

  /* What was shown to readers, and the turnout. */

  function shownChecks(outcome) {
    const rule = outcome.settings, wrong = [];
    let all = 0;
    const look = (number, idea) => {
      if (!number || number.shown === undefined) return;
      all += 1;
      if (number.shown !== rounded(number)) wrong.push({ idea, said: number.shown, found: rounded(number) });
    };
    [rule.juryWeight, rule.residentWeight, rule.threshold].forEach((one) => look(one, null));
    rule.criteria.forEach((one) => [one.weight, one.min, one.max, one.step].forEach((number) => look(number, null)));
    outcome.standings.forEach((one) => [one.jury, one.residents, one.combined, one.juryRank,
      ...one.means.map((mean) => mean[1])].forEach((number) => look(number, one.idea)));
    return [finding("shown", all, wrong)];
  }

  function turnoutChecks(outcome) {
    const { counted, ballots, standings } = outcome;
    if (ballots === null && counted === null) return [];
    const of = (ballots === null ? counted : ballots) * outcome.settings.perBallot;
    const wrong = standings.filter((one) => one.votes > of)
      .map((one) => ({ idea: one.idea, said: String(one.votes), found: `≤ ${of}` }));
    if (ballots !== null && counted !== null && ballots !== counted) {
      wrong.push({ idea: null, said: String(ballots), found: String(counted) });
    }
    return [finding("turnout", standings.length, wrong)];
  }

  // The figures of the vote: no ballot is seen here, but the numbers have to fit together.
  function figuresCheck({ figures, counted, firm }) {
    if (!figures || counted === null) return [];
    const total = (parts) => Object.keys(parts).reduce((all, name) => all + parts[name], 0);
    const pairs = [figures.channels, figures.places].filter(Boolean).map((parts) => [counted, total(parts)]);
    if (figures.cast !== null) pairs.push([figures.cast, counted + figures.invalid + figures.replaced]);
    if (figures.reasons) pairs.push([figures.invalid, total(figures.reasons)]);
    if (firm && firm.batches.length) pairs.push([counted, firm.batches.reduce((all, ballots) => all + ballots, 0)]);
    return [finding("figures", pairs.length, pairs.filter(([said, found]) => said !== found)
      .map(([said, found]) => ({ idea: null, said: String(said), found: String(found) })))];
  }

  /* The count made again, number by number. */

  const exactly = (value) => (value === null ? null : text(value));
  const asItIs = (value) => value;

  // `made` is what was counted here; an idea that only one of the two knows differs too.
  function compared(what, said, made, take, spell) {
    const there = new Map(made.standings.map((one) => [one.idea, one]));
    const items = [];
    for (const one of said.standings) {
      const other = there.get(one.idea);
      const [a, b] = [spell(take(one)), other ? spell(take(other)) : null];
      if (a !== b) items.push({ idea: one.idea, said: take(one), found: other ? take(other) : null });
      there.delete(one.idea);
    }
    there.forEach((one) => items.push({ idea: one.idea, said: null, found: take(one) }));
    return finding(what, said.standings.length, items);
  }

  const single = (what, said, found) => finding(what, 1, said === found ? [] : [{ idea: null, said, found }]);

  function orderCheck(said, made) {
    const listed = said.standings.map((one) => one.idea), counted = made.standings.map((one) => one.idea);
    const found = compared("places", said, made, (one) => one.place, asItIs);
    const moved = listed.filter((idea, at) => idea !== counted[at]);
    if (found.state === "agrees" && moved.length) return finding("places", listed.length,
      moved.map((idea) => ({ idea, said: null, found: null })));
    return found;
  }

  const spelled = (step) => canonical({ kind: step.kind, ideas: step.ideas, by: step.by });

  function stepsCheck(what, said, made, kinds) {
    const pick = (all) => all.steps.filter((step) => kinds.includes(step.kind));
    const [a, b] = [pick(said), pick(made)];
    const wrong = a.filter((step) => !b.some((one) => spelled(one) === spelled(step)))
      .concat(b.filter((step) => !a.some((one) => spelled(one) === spelled(step))));
    const mixed = !wrong.length && a.map(spelled).join() !== b.map(spelled).join() ? a : [];
    return finding(what, b.length, wrong.concat(mixed).map((step) => ({ idea: null, step })));
  }

  function countChecks(said, made) {
    const points = made.settings.blend === "rank"
      ? [compared("jury_rank", said, made, (one) => one.juryRank, exactly)] : [];
    const strayRanks = made.settings.blend !== "rank" && said.standings.some((one) => one.juryRank)
      ? [compared("jury_rank", said, made, (one) => one.juryRank, exactly)] : [];
    const prize = made.settings.blend === "separate" || said.audience.length
      ? [single("audience", said.audience.join(", "), made.audience.join(", "))] : [];
    return [
      compared("jury", said, made, (one) => one.jury, exactly), ...points, ...strayRanks,
      compared("residents", said, made, (one) => one.residents, exactly),
      compared("combined", said, made, (one) => one.combined, exactly),
      compared("bars", said, made, (one) => one.bar, asItIs), orderCheck(said, made),
      stepsCheck("ties", said, made, TIES), single("winner", said.winner, made.winner),
      single("reserve", said.reserve, made.reserve), ...prize,
    ];
  }

  // Sealed form: each idea's public numbers are what the jury's marks are made from.
  function recounted(outcome) {
    const jury = outcome.steps.filter((step) => !TIES.includes(step.kind));
    const marks = outcome.standings.map((one) => ({ idea: one.idea, cost: one.cost, order: one.order,
      jurors: one.jurors, lacking: one.lacking, recused: one.recused, means: one.means, told: one.jurors ? one.jury : NONE,
      out: one.out, steps: jury.filter((step) => step.ideas.length === 1 && step.ideas[0] === one.idea) }));
    return Count.rank(outcome.settings, marks, outcome.votes, outcome.ballots);
  }

  // Every other way that can be counted: a share needs the ballots, a prize of the jury's own needs a jury.
  const otherBlends = ({ settings, ballots }) => ["points", "share", "rank", "separate"].filter((blend) => (
    blend !== settings.blend && (blend !== "share" || (ballots !== null && settings.perBallot === 1))
    && (blend !== "separate" || (settings.minJurors > 0 && settings.criteria.length))));

  // The means, votes and ballots are public, so every other blend can be counted from them too: `again` does.
  function firmChecks(outcome, made, again) {
    if (!outcome.firm) return [];
    const { winners, audience, blends } = outcome.firm, named = new Map(blends.map((one) => [one.blend, one.winners]));
    const others = otherBlends(outcome), prize = audience === null ? [] : [{ said: audience, found: made.audience }];
    const all = [{ said: winners, found: made.winners }, ...prize].concat(others.map((blend) => (
      { said: named.get(blend) || null, found: again(Object.assign({}, outcome.settings, { blend })).winners })));
    const wrong = all.filter(({ said, found }) => said === null || said.join("\n") !== found.join("\n"));
    const stray = blends.length > others.length ? [{ said: [], found: [] }] : [];
    return [finding("firm", all.length, wrong.concat(stray)
      .map(({ said, found }) => ({ idea: null, said: said || [], found })))];
  }

  // With every sheet at hand: in how many recounts without one juror others win (or have the audience prize), and who.
  function firmJurorsCheck(stated, opened, made) {
    if (!stated.firm || !stated.firm.jurors) return [];
    const all = [...new Set(opened.jurors.concat(opened.scores.map((one) => one.juror)))], { jurors } = stated.firm;
    const without = all.map((juror) => Count.withoutJuror(opened, juror));
    const told = (tried, pairs) => `${tried}${pairs.map(([key, times_]) => `; ${key || "–"} × ${times_}`).sort().join("")}`;
    const compare_ = (what, said, take) => {
      const changes = new Map();
      for (const key of without.map((one) => take(one).join(", "))) {
        if (key !== take(made).join(", ")) changes.set(key, (changes.get(key) || 0) + 1);
      }
      return single(what, told(jurors.tried, said.map((one) => [one.winners.join(", "), one.jurors])), told(all.length, [...changes]));
    };
    return [compare_("firm_jurors", jurors.changes, (one) => one.winners),
      ...(jurors.audience ? [compare_("firm_jurors_audience", jurors.audience, (one) => one.audience)] : [])];
  }

  function sheetsCheck(outcome) {
    if (outcome.version > 2) return tooManyLacking(outcome);
    const told = (idea) => outcome.steps.filter((one) => one.kind === "sheet_incomplete" && one.ideas[0] === idea).length;
    return finding("sheets", outcome.standings.length, outcome.standings.filter((one) => told(one.idea) !== one.lacking)
      .map((one) => ({ idea: one.idea, said: String(one.lacking), found: String(told(one.idea)) })));
  }

  // Where incomplete sheets count with the lowest marks, they are some of those that count.
  function tooManyLacking(outcome) {
    const wrong = outcome.standings.filter((one) => outcome.settings.missing === "lowest" && one.lacking > one.jurors);
    return finding("lacking_fit", outcome.standings.length, wrong.map((one) => (
      { idea: one.idea, said: String(one.lacking), found: `≤ ${one.jurors}` })));
  }

  /* With every sheet at hand, the public numbers themselves are counted again. */

  const ruleText = (rule) => canonical(Object.keys(rule).reduce((all, key) => Object.assign(all, { [key]: plain(rule[key]) }), {}));
  const plain = (value) => (value && typeof value === "object" && value.d !== undefined ? text(value)
    : Array.isArray(value) ? value.map((one) => (typeof one === "object" ? ruleText(one) : one)) : value);

  function sourceChecks(said, made) {
    const meansText = (means) => means.map(([id, mean]) => `${id} ${text(mean)}`).join(", ");
    return [
      single("rule", ruleText(said.settings) === ruleText(made.settings), true),
      compared("jurors", said, made, (one) => one.jurors, asItIs),
      compared("lacking", said, made, (one) => one.lacking, asItIs),
      compared("single_means", said, made, (one) => one.means, meansText),
      compared("single_out", said, made, (one) => one.out, asItIs),
      compared("votes", said, made, (one) => one.votes, asItIs),
      ...(said.ballots === null ? [] : [single("ballots", said.ballots, made.ballots)]),
      said.version > 2 ? compared("recusals", said, made, (one) => one.recused, asItIs)
        : stepsCheck("recusals", said, made, ["juror_recused", "sheet_incomplete"]),
    ];
  }

  function digestCheck(opened) {
    const made = sha256(opened.outcome.canonical);
    const known = opened.digest !== null && opened.digest !== undefined;
    return { made, said: known ? opened.digest : null,
      check: known ? [finding("digest", 1, made === opened.digest ? [] : [{ idea: null, said: opened.digest, found: made }])] : [] };
  }

  function ofSealed(opened) {
    const { outcome } = opened, made = recounted(outcome), digest = digestCheck(opened);
    const again = (settings) => recounted(Object.assign({}, outcome, { settings }));
    return { kind: opened.kind, names: opened.names, result: made, stated: outcome, digest, head: opened.head,
      few: few(outcome).map((one) => one.idea), checks: [...digest.check, ...everyCheck(outcome, made, again)] };
  }

  // What can be checked of any result, whether it was counted again from the public numbers or from the single sheets.
  const everyCheck = (outcome, made, again) => [...juryChecks(outcome), sheetsCheck(outcome), ...turnoutChecks(outcome),
    ...figuresCheck(outcome), ...countChecks(outcome, made), ...firmChecks(outcome, made, again), ...shownChecks(outcome)];

  // `sealed`: the sealed result of the same event, when it was opened beside the material.
  function ofMaterial(opened, sealed) {
    const { settings, votes, ballots } = opened, stated = sealed ? sealed.outcome : opened.outcome;
    const marks = Count.assess(settings, opened), made = Count.rank(settings, marks, votes, ballots);
    const again = (rule) => Count.rank(rule, marks, votes, ballots);
    const digest = stated ? digestCheck(sealed || { outcome: stated, digest: null }) : null;
    return { kind: "material", names: sealed ? sealed.names : opened.names, result: made, stated, digest,
      head: sealed ? sealed.head : null, few: [],
      checks: stated ? [...digest.check, ...sourceChecks(stated, made), ...everyCheck(stated, made, again),
        ...firmJurorsCheck(stated, opened, made)] : [] };
  }

  // A report on what was opened: one thing, or the material and the sealed result of one event.
  function report(all) {
    const material = all.find((one) => one.kind === "material"), sealed = all.find((one) => one.kind !== "material");
    if (all.length > 2 || (all.length === 2 && !(material && sealed))) throw new Unfit("too_many_files");
    return material ? ofMaterial(material, sealed) : ofSealed(sealed);
  }

  return { report, differs: (made) => made.checks.filter((one) => one.state === "differs") };
})();
