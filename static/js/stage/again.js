// Parts that are drawn by the server come again when a fact they rest on has changed: data-again, data-part, data-held.
import { on } from "../live.js";
import { refresh } from "../page.js";

const watched = ["results.reveal", "voting.turnout", "jury.progress"];
let waiting;

const at = (value, path) => path.split(".").reduce((part, name) => part?.[name], value);
const changed = (key, value) => [...document.querySelectorAll(`[data-again~="${CSS.escape(key)}"]`)]
  .some((el) => String(at(value, el.dataset.part) ?? "") !== el.dataset.held);

// Three hundred phones must not knock at once: each waits a moment of its own. A screen does not.
const patience = () => (document.body.dataset.layout === "phone" ? Math.random() * 600 : 0);

function again(tries = 0) {
  clearTimeout(waiting);
  waiting = setTimeout(() => refresh().catch(() => { if (tries < 5) again(tries + 1); }), patience() + tries * 1000);
}

for (const key of watched) on(key, (value) => { if (value && changed(key, value)) again(); });
