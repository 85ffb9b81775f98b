// The page: takes a file or a text, shows what was found. Everything from a file is written as text, never as markup.
"use strict";

(() => {
  const find = (id) => document.getElementById(id);
  let shown = null; // what stands on the page: { report } or { error }; said again when the language changes

  const { say, make, list, card, grouped, button, signed } = Draw;

  function settle(words) {
    document.documentElement.lang = Speak.language();
    document.title = say("title");
    document.querySelectorAll("[data-word]").forEach((node) => { node.textContent = words[node.dataset.word]; });
    document.querySelectorAll("[data-label]").forEach((node) => node.setAttribute("aria-label", words[node.dataset.label]));
    document.querySelectorAll("[data-lang]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.lang === Speak.language()));
    });
  }

  function speakIn(lang) {
    Speak.language(lang);
    settle(WORDS[lang]);
    if (shown) draw();
  }

  /* The report, part by part. */

  function toldWords(report) {
    const { stated, result, names } = report;
    if (!stated || stated.winner === result.winner) return null;
    return say("told_winner", { idea: stated.winner === null ? say("nobody") : Speak.idea(names, stated.winner) });
  }

  // `beside`: a vote stands above it and has the page's own title and button.
  function verdict(report, beside) {
    const wrong = Check.differs(report), compared = report.stated !== null, told = toldWords(report);
    const title = !compared ? say("only_counted") : wrong.length ? say("differs", { n: wrong.length }) : say("all_agree");
    const event = [Speak.pick(report.names.title, ""), Speak.day(report.names.date)].filter(Boolean).join(" · ");
    const inside = compared ? signed(title, wrong.length) : [title];
    const made = `${say("checked_of", { of: report.checks.length })} ${wrong.length ? say("look_below") : ""}`.trim();
    return make("section", { class: `card verdict ${!compared ? "" : wrong.length ? "verdict--bad" : "verdict--good"}` },
      beside ? make("h3", {}, ...inside) : make("h1", { tabindex: "-1", id: "verdict" }, ...inside),
      event && !beside ? make("p", {}, make("bdi", {}, event)) : null,
      make("p", { class: "verdict__won" }, Speak.won(report, wrong.length)),
      told ? make("p", { class: "verdict__won" }, told) : null,
      make("p", {}, compared ? made : say("only_counted_more")),
      Speak.namesApart(report) ? make("p", {}, say("names_apart")) : null,
      beside ? null : make("p", {}, button("again", startAgain)));
  }

  // What somebody wrote down on the day is the one thing that a changed file cannot bring along.
  function typedPrint(digest) {
    const answer = make("p", { role: "status" }), field = make("input", { id: "typed", type: "text", inputmode: "text", autocomplete: "off",
      autocapitalize: "off", spellcheck: "false" });
    const row = make("form", { class: "stack" }, make("label", { for: "typed" }, say("print_typed")), field,
      make("p", {}, make("button", { class: "btn btn--quiet" }, say("print_compare"))), answer);
    row.addEventListener("submit", (event) => {
      event.preventDefault();
      const typed = field.value.toLowerCase().replace(/[^0-9a-z]/g, "");
      const word = typed === digest ? "same" : typed.length < 64 && typed && digest.startsWith(typed) ? "part" : "other";
      answer.className = `note note--${word === "same" ? "good" : "bad"}`;
      answer.textContent = say(`print_${word}`);
    });
    return row;
  }

  function print(report) {
    if (!report.digest) return null;
    const { made, said } = report.digest, word = said === null ? "alone" : said === made ? "fits" : "differs";
    return card(say("print_head"), make("p", {}, say("print_made")), grouped(made),
      make("p", word === "differs" ? { class: "note note--bad" } : {}, say(`print_${word}`)), typedPrint(made),
      report.head ? make("details", {}, make("summary", {}, say(report.stated.version < 3 ? "print_head_of" : "print_head_before")), grouped(report.head)) : null);
  }

  function check(report, one) {
    const good = one.state === "agrees";
    const lines = good ? [] : one.items.map((item) => Speak.difference(one.what, report.names, item)).filter(Boolean);
    return make("li", { class: good ? "check" : "check check--bad" },
      make("span", { class: "mark", "aria-hidden": "true" }, good ? "✓" : "✗"),
      make("div", {}, make("span", { class: "check__what" }, say(`check_${one.what}`)),
        make("span", { class: good ? "sr" : "check__state" }, `: ${say(good ? "agrees" : "not_agrees")}`),
        lines.length ? list(lines.slice(0, 40)) : null));
  }

  function checks(report) {
    if (!report.checks.length) return null;
    const sorted = Check.differs(report).concat(report.checks.filter((one) => one.state === "agrees"));
    return card(say("checks_head"), make("ul", { class: "checks" }, ...sorted.map((one) => check(report, one))));
  }

  function bar(kind, label, number) {
    const fill = make("span", { class: "bars__fill" });
    fill.style.width = `${Exact.rounded(number)}%`;
    return make("div", { class: `bars__row bars__row--${kind}` }, make("dt", {}, label),
      make("dd", { class: "bars__line", "aria-hidden": "true" }, fill), make("dd", { class: "num" }, Speak.points(number)));
  }

  function placeWords(report, one) {
    if (one.place === null) return say("no_place");
    const alike = report.result.standings.filter((other) => other.place === one.place).length > 1;
    return say(alike ? "shared" : "place", { place: one.place });
  }

  function chips(report, one) {
    const { winner, reserve, audience } = report.result, words = [];
    if (one.idea === winner) words.push(say("winner"));
    if (one.idea === reserve) words.push(say("reserve"));
    const first = make("span", { class: `chip ${one.idea === winner ? "chip--won" : one.idea === reserve ? "" : "chip--plain"}` },
      [placeWords(report, one), ...words].join(" · "));
    return make("p", { class: "row" }, first,
      audience.includes(one.idea) ? make("span", { class: "chip" }, say(audience.length > 1 ? "audience_shared" : "audience")) : null,
      one.bar ? make("span", { class: "chip chip--plain" }, say(`bar_${one.bar}`)) : null);
  }

  function place(report, one) {
    const name = report.names.ideas.get(one.idea), untold = Speak.untold(one);
    const apart = report.result.settings.blend === "separate"; // then the points together are the jury's
    const lines = ["jury", "jury_rank", "residents", "combined", "bars", "places"].reduce((all, what) => {
      const found = report.checks.find((each) => each.what === what && each.state === "differs");
      const item = found && found.items.find((each) => each.idea === one.idea);
      return item && !(item.said === null && item.found === null)
        ? all.concat(`${say(`check_${what}`)}: ${Speak.difference(what, { ideas: new Map(), criteria: new Map() }, Object.assign({}, item, { idea: null }))}`) : all;
    }, []);
    return make("li", { class: `card place ${one.idea === report.result.winner ? "card--won" : ""}` }, chips(report, one),
      make("h3", {}, make("bdi", {}, Speak.pick(name, one.idea)), name ? make("span", { class: "muted" }, ` ${one.idea}`) : null),
      make("dl", { class: "bars" }, untold ? null : bar("jury", say("jury"), one.juryRank || one.jury),
        bar("residents", say("residents"), one.residents), untold || apart ? null : bar("combined", say("combined"), one.combined)),
      make("p", { class: "row row--meta" }, make("span", {}, say("votes", { n: one.votes })),
        make("span", {}, say("jurors", { n: Count.fullSheets(report.result.settings, one) }))),
      lines.length ? make("div", { class: "note note--bad" }, list(lines)) : null,
      make("details", {}, make("summary", {}, say("how")), list(Speak.workings(report.result, one))));
  }

  function places(report) {
    return make("section", {}, make("h2", {}, say("places_head")),
      make("ol", { class: "list" }, ...report.result.standings.map((one) => place(report, one))));
  }

  function ties(report) {
    const found = report.result.steps.filter((step) => step.kind.includes("tie_"));
    return found.map((step) => Speak.difference("ties", report.names, { step }))
      .map((words) => words.charAt(0).toLocaleUpperCase(Speak.language()) + words.slice(1) + ".");
  }

  function drawResult(report, beside) {
    const side = make("div", { class: "side stack" }, ...[print(report), checks(report)].filter(Boolean));
    const more = make("div", { class: "more stack" },
      card(say("rule_head"), list(Speak.ruleLines(report.result.settings).concat(ties(report)))),
      card(say("limits_head"), list(Speak.limits(report))));
    const main = make("div", { class: "main" }, places(report));
    return make("div", { class: "report" }, verdict(report, beside), side, main, more);
  }

  function draw() {
    find("said").textContent = "";
    find("report").textContent = "";
    find("start").hidden = Boolean(shown && shown.report);
    if (!shown) return;
    if (shown.error) {
      find("said").append(make("p", { class: "note note--bad" }, Speak.refusal(shown.error)));
      return;
    }
    const { vote, counted } = shown.report, parts = [];
    if (vote) parts.push(Voted.draw(shown.report, { typed: shown.typed, look, startAgain }));
    if (vote && counted) parts.push(make("h2", { class: "beside" }, say("again_head")));
    if (counted) parts.push(drawResult(counted, Boolean(vote)));
    find("report").append(...parts);
  }

  // The board is asked once more, with the reader's marks among the questions.
  function look(typed) {
    const report = Vote.report(shown.given, Board.marks(typed));
    shown = { given: shown.given, report, typed };
    draw();
    find("marks-answer").focus();
  }

  /* Taking in. */

  function show(what) {
    shown = what;
    draw();
    find("announce").textContent = "";
    window.scrollTo(0, 0);
    if (!what.report) return;
    find("verdict").focus();
  }

  // The words "Counting …" stand first: a large file takes a moment, and the page must have said so.
  function count(texts) {
    find("said").textContent = "";
    find("announce").textContent = say("reading");
    setTimeout(() => {
      try {
        const given = Vote.open(texts);
        show({ given, report: Vote.report(given), typed: null });
      } catch (error) {
        show({ error });
      }
    }, 20);
  }

  function readFile(file) {
    return new Promise((resolve, reject) => {
      if (file.size > Read.LARGEST) throw new Unfit("too_big", { most: Read.LARGEST / 1024 / 1024 });
      const reader = new FileReader();
      reader.onload = () => resolve({ name: file.name, bytes: new Uint8Array(reader.result) });
      reader.onerror = () => reject(new Unfit("unread"));
      reader.readAsArrayBuffer(file);
    });
  }

  function take(files) {
    if (!files.length) return;
    Promise.all(Array.from(files).map(readFile)).then(Bundle.gather).then(count, (error) => show({ error }));
  }

  function startAgain() {
    shown = null;
    find("file").value = "";
    find("text").value = "";
    draw();
    find("file").focus();
  }

  function listen() {
    find("file").addEventListener("change", () => take(find("file").files));
    find("count").addEventListener("click", () => count([{ text: find("text").value }]));
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      find("drop").classList.add("is-over");
    });
    document.addEventListener("dragleave", () => find("drop").classList.remove("is-over"));
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      find("drop").classList.remove("is-over");
      if (event.dataTransfer && event.dataTransfer.files.length) take(event.dataTransfer.files);
    });
  }

  document.querySelectorAll("[data-lang]").forEach((one) => one.addEventListener("click", () => speakIn(one.dataset.lang)));
  speakIn(/^lv\b/i.test(navigator.language || "") ? "lv" : "en");
  if (typeof BigInt === "undefined") {
    find("said").append(make("p", { class: "note note--bad" }, say("bad_old"))); // exact arithmetic needs it: no guess instead
    return;
  }
  find("start").hidden = false;
  listen();
})();
