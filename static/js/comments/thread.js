// The talk: words go by socket with the key of their form; without an answer the form itself goes, with the same key,
// so that they are stored once. They stay in the field until they are stored.
import { ask, connected, on } from "../live.js";
import { serverNow } from "../clock.js";
import { newKey, parse, refresh, word } from "../page.js";

const PATIENCE = 4000;
const SENT = "sent_already";
const TAKEN_BACK_WITHIN = 5 * 60 * 1000;
const mine = new Set(); // what was said from this page

function say(form, words) {
  let note = form.querySelector("[data-form-note]");
  if (!note && !words) return;
  if (!note) {
    note = Object.assign(document.createElement("p"), { className: "note note--bad" });
    note.dataset.formNote = "";
    note.setAttribute("role", "alert");
    form.append(note);
  }
  note.hidden = !words;
  note.textContent = words;
}

function hold(form, isHeld) {
  form.setAttribute("aria-busy", String(isHeld));
  for (const button of form.querySelectorAll("button")) button.classList.toggle("is-busy", isHeld);
}

async function bySocket(form) {
  const { text, kind, parent, key } = Object.fromEntries(new FormData(form));
  return ask("comment:add", { idea: form.dataset.idea, text, kind, parent: parent || null, key }, PATIENCE);
}

async function byPage(form) {
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)),
    headers: { Accept: "text/html" }, signal: AbortSignal.timeout?.(20000) });
  if (answer.ok) return { stored: new URL(answer.url).hash.slice(1) };
  const doc = parse(await answer.text());
  const words = doc.querySelector("[data-error-sentence], [data-talk] .field__error")?.textContent.trim();
  return { error: doc.querySelector("[data-anew]") ? SENT : answer.status, sentence: words || word("refused") };
}

function stored(form, ref) {
  mine.add(ref);
  offerBack();
  form.elements.text.value = "";
  form.elements.text.dispatchEvent(new Event("input", { bubbles: true })); // the counter and the draft follow
  form.elements.key.value = newKey();
  form.closest("details")?.removeAttribute("open");
  form.querySelector("[data-error-summary]")?.remove();
}

function refused(form, { error, sentence }) {
  say(form, sentence || word("refused"));
  if (error === SENT) form.elements.key.value = newKey(); // pressed again, these words are sent as well
}

async function send(form) {
  say(form, "");
  hold(form, true);
  try {
    const answer = await bySocket(form).catch(() => byPage(form));
    if (answer.stored !== undefined) stored(form, answer.stored);
    else refused(form, answer);
    if (!connected()) refresh().catch(() => {}); // no news will come: look for ourselves
  } catch {
    say(form, word("unsent"));
  }
  hold(form, false);
}

// "Take back" stands beside one's own words for five minutes.
function offerBack() {
  for (const form of document.querySelectorAll("[data-take-back]")) {
    const item = form.closest("[data-key]");
    const fresh = serverNow() - Number(item?.dataset.at || 0) < TAKEN_BACK_WITHIN;
    if (mine.has(item?.dataset.key.split("/")[1]) && fresh) form.hidden = false;
    if (!fresh) form.hidden = true;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-talk]")) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") !== "true" && form.elements.text.value.trim()) send(form);
});
on("comments.comment", offerBack);
document.addEventListener("page:swapped", offerBack);
setInterval(offerBack, 10_000);
