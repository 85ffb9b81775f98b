// Parts that are drawn by the server come again when a fact they rest on has changed: data-again, data-part, data-held.
import { on } from "../live.js";
import { moment, refresh } from "../page.js";

const watched = ["results.reveal", "voting.turnout", "jury.progress"];
let waiting;

const at = (value, path) => path.split(".").reduce((part, name) => part?.[name], value);
const changed = (key, value) => [...document.querySelectorAll(`[data-again~="${CSS.escape(key)}"]`)]
  .some((el) => String(at(value, el.dataset.part) ?? "") !== el.dataset.held);

function again(tries = 0) {
  clearTimeout(waiting);
  waiting = setTimeout(() => refresh().catch(() => { if (tries < 5) again(tries + 1); }), moment(600) + tries * 1000);
}

for (const key of watched) on(key, (value) => { if (value && changed(key, value)) again(); });
