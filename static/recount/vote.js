// What was opened, put together: a vote's board with all that was brought for it, and the result, counted again.
"use strict";

const Vote = (() => {
  const { answer, line } = Board;

  // Of two boards the shorter is the older copy.
  function newestFirst(boards) {
    if (boards.length > 2) throw new Unfit("too_many_boards");
    return boards.slice().sort((one, other) => other.entries.length - one.entries.length);
  }

  /* The board held against the bundle that it lay in, and against the result. */

  function ofBundle(board, head) {
    const { list } = board.bundle, lines = Bundle.changed(board.bundle);
    const said = String(list.head).slice(0, 16);
    if (list.head !== head) lines.push(line("other_head", { said, found: head.slice(0, 16) }));
    if (list.event !== board.rules.event) lines.push(line("other_event", { name: String(list.event).slice(0, 40) }));
    return answer("bundle", !lines.length, lines);
  }

  // An idea that was taken back after the ballots were printed has votes on the board and no place in the result; an
  // idea that was on no ballot has none on the board.
  function votesOf(board, stated) {
    const odd = stated.standings.filter((one) => one.votes !== (board.result.totals.get(one.idea) || 0));
    return answer("votes", !odd.length, odd.map((one) => line("result_numbers", {
      idea: one.idea, said: one.votes, found: board.result.totals.get(one.idea) || 0 })));
  }

  function turnoutOf(board, { ballots }) {
    const { ballots: found } = board.result, lines = [line("result_ballots", { said: ballots, found })];
    return answer("turnout", ballots === found, ballots === found || found === null ? [] : lines);
  }

  function ofResult(board, counted) {
    const { stated, digest } = counted, said = board.result.outcome;
    const lines = [line("other_outcome", { said: (said || "–").slice(0, 16), found: digest.made.slice(0, 16) })];
    return [answer("outcome", digest.made === said, digest.made === said ? [] : lines), votesOf(board, stated),
      ...(stated.ballots === null ? [] : [turnoutOf(board, stated)])];
  }

  // What nobody can say from what was chosen; the last two never.
  function unasked({ held, older, openings, sealed }) {
    return [["held", !held.length], ["older", !older], ["openings", !openings], ["result", !sealed], ["persons", true],
      ["page", true]].filter(([, holds]) => holds).map(([name]) => name);
  }

  const NAMELESS = { title: {}, date: "", code: "", ideas: new Map(), criteria: new Map() };

  function about(given, held) {
    const { board, older, openings, counted } = given, head = Board.head(board), sealed = counted && counted.stated;
    const listed = board.bundle && board.bundle.list ? [ofBundle(board, head)] : [];
    const checks = [...Board.answers(board, { held, older, openings }), ...listed,
      ...(sealed ? ofResult(board, counted) : [])];
    return { checks, head, names: counted ? counted.names : NAMELESS, event: board.rules.event, result: board.result,
      starred: board.rules.method === "star", unasked: unasked({ held, older, openings, sealed }) };
  }

  // Takes texts, each with the bundle that it lay in, and gives what can be asked of them: with marks, again and again.
  function open(texts) {
    const all = texts.map(({ text, bundle }) => Object.assign(Read.open(text), { bundle: bundle || null }));
    const of = (kind) => all.filter((one) => one.kind === kind), [board, older] = newestFirst(of("board"));
    const past = (one) => older && older.bundle && one.bundle === older.bundle && board.bundle !== older.bundle;
    const results = all.filter((one) => !["board", "openings", "locked"].includes(one.kind) && !past(one));
    if (!board && of("openings").length) throw new Unfit("openings_alone");
    if (!board && of("locked").length) throw new Unfit("locked");
    if (of("openings").length > 1) throw new Unfit("too_many_boards");
    const counted = results.length || !board ? Check.report(results) : null;
    return { board, older, openings: of("openings")[0], counted };
  }

  // A report: of the result, of the vote, or of both, with how many things are not as they should be.
  function report(given, held = []) {
    const { counted } = given, vote = given.board ? about(given, held) : null, checks = vote ? vote.checks : [];
    const wrong = checks.filter((one) => !one.holds).length + (counted ? Check.differs(counted).length : 0);
    return { vote, counted, wrong, of: checks.length + (counted ? counted.checks.length : 0) };
  }

  return { open, report };
})();
