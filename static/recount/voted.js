// The vote on the page: what was asked of its board, what nobody asked, the reader's marks, the last mark, the totals.
"use strict";

const Voted = (() => {
  const { say, make, list, card, grouped, button, signed } = Draw;

  function verdict(report, startAgain) {
    const { vote, counted, wrong } = report, { names, event } = vote, { ballots } = vote.result;
    const named = Speak.pick(names.title, "") || (event ? say("vote_event", { event }) : "");
    const about = [named, Speak.day(names.date)].filter(Boolean).join(" · ");
    const title = wrong ? say("vote_wrong", { n: wrong }) : say("vote_holds");
    return make("section", { class: `card verdict ${wrong ? "verdict--bad" : "verdict--good"}` },
      make("h1", { tabindex: "-1", id: "verdict" }, ...signed(title, wrong)),
      about ? make("p", {}, make("bdi", {}, about)) : null,
      counted ? make("p", { class: "verdict__won" }, Speak.won(counted, wrong)) : null,
      ballots === null ? null : make("p", {}, say("vote_counted", { n: ballots })),
      make("p", {}, `${say("checked_of", { of: report.of })} ${wrong ? say("look_below") : ""}`.trim()),
      make("p", {}, button("again", startAgain)));
  }

  function moreWords(names, { word, facts }) {
    return say(`more_${word}`, Object.assign({}, facts, facts.idea ? { idea: Speak.idea(names, facts.idea) } : {}));
  }

  function check(names, { what, holds, lines, facts }) {
    const said = lines.slice(0, 40).map((line) => moreWords(names, line));
    return make("li", { class: holds ? "check" : "check check--bad" },
      make("span", { class: "mark", "aria-hidden": "true" }, holds ? "✓" : "✗"),
      make("div", {}, make("p", { class: "check__what" }, make("b", {}, say(holds ? "holds" : "holds_not")),
        `: ${say(`ask_${what}`, facts)}`), said.length ? list(said) : null));
  }

  // In the order in which they are asked: whoever reads verify.py aloud beside it reads the same.
  const checks = ({ checks: all, names }) => card(say("vote_head"),
    make("ul", { class: "checks" }, ...all.map((one) => check(names, one))));

  const command = (words) => make("code", { class: "command" }, words);

  function openings(event) {
    const code = event || "CODE";
    return make("li", {}, say("open_openings"),
      command(`ideathon verify ${code}-vote.zip --openings ${code}-openings.age --key KEY.txt`),
      say("open_openings_then"),
      command(`age --decrypt --identity KEY.txt --output openings.json ${code}-openings.age`));
  }

  const unasked = ({ unasked: all, event }) => card(say("open_head"), make("ul", { class: "prose lines" },
    ...all.map((name) => (name === "openings" ? openings(event) : make("li", {}, say(`open_${name}`))))));

  // `typed` is what the reader looked for, null before; `look` draws the page anew: the answer is one of the checks.
  function marks(vote, typed, look) {
    const field = make("textarea", { id: "marks", rows: "3", autocomplete: "off", autocapitalize: "off",
      spellcheck: "false", "aria-describedby": "marks-hint" });
    field.value = typed || "";
    const row = make("form", { class: "stack" }, make("p", {}, say("marks_why")),
      make("label", { for: "marks" }, say("marks_label")),
      make("p", { class: "muted", id: "marks-hint" }, say("marks_hint")), field,
      make("p", {}, make("button", { class: "btn btn--quiet" }, say("marks_do"))),
      typed === null ? null : answer(vote));
    row.addEventListener("submit", (event) => {
      event.preventDefault();
      look(field.value);
    });
    return card(say("marks_head"), row);
  }

  function answer(vote) {
    const found = vote.checks.find((one) => one.what === "held"), lines = found ? found.lines : [];
    const kind = found && found.holds ? "good" : "bad";
    const words = say(!found ? "marks_none" : found.holds ? "marks_found" : "marks_lost", { n: lines.length });
    return make("div", { class: `note note--${kind}`, id: "marks-answer", tabindex: "-1" }, make("div", {}, words,
      found ? list(lines.map((line) => moreWords(vote.names, line))) : null));
  }

  const last = ({ head }) => card(say("last_head"), grouped(head), make("p", { class: "muted" }, say("last_why")));

  // The most votes first; equal ones in the order of the board.
  function totals({ result, names, starred }) {
    const rows = [...result.totals].sort((one, other) => other[1] - one[1]);
    const pairs = rows.map(([idea, n]) => [make("dt", {}, make("bdi", {}, Speak.idea(names, idea))),
      make("dd", { class: "num" }, say("votes", { n }))]);
    return card(say("totals_head"), rows.length ? make("dl", { class: "facts totals" }, ...[].concat(...pairs))
      : make("p", {}, say("totals_none")), starred ? make("p", { class: "muted" }, say("totals_star")) : null);
  }

  function draw(report, { typed, look, startAgain }) {
    const { vote } = report;
    return make("div", { class: "report" }, verdict(report, startAgain),
      make("div", { class: "main stack" }, checks(vote), unasked(vote)),
      make("div", { class: "side stack" }, marks(vote, typed, look), last(vote), totals(vote)));
  }

  return { draw };
})();
