// The desk's keys, and the parts of it that come again when something was decided elsewhere.
import "./again.js";

const typing = (el) => el?.closest("input, textarea, select, [contenteditable], iframe, dialog");
const pressable = (el) => el?.closest("button, a[href], summary, [role=button]");
const find = (name) => document.querySelector(`[data-hotkey="${name}"]`);
const acts = {
  ArrowRight: () => find("next")?.focus(),       // Enter then starts the stage: nothing moves by one slip of a finger
  " ": () => find("pause")?.click(),
  b: () => find("black")?.click(),
  q: () => find("qr")?.click(),
  "?": () => { const help = find("help"); if (help) { help.open = !help.open; help.querySelector("summary").focus(); } },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || typing(event.target)) return;
  const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act || (event.key === " " && pressable(event.target))) return;
  event.preventDefault();
  act();
});
