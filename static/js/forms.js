// Forms that stay on the page: sent once, kept when the line breaks, saved as they are filled in.
import { credentials, newKey, parse, refresh, swap, word } from "./page.js";

const KEEP = 2 * 24 * 3600 * 1000;
const draftKey = (el) => `draft/${document.body.dataset.code ?? ""}/${el.dataset.draft}`;
const store = { // a browser may forbid storage; the form works without
  get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* no room, no draft */ } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
};

function send(form, data) {
  const files = [...data.values()].some((value) => value instanceof File && value.size);
  return fetch(form.getAttribute("action") || location.href, { method: "POST", ...credentials(),
    body: files ? data : new URLSearchParams([...data].filter(([, value]) => typeof value === "string")),
    signal: AbortSignal.timeout?.(20000) });
}

// Beside the button that was pressed: where that stands at the bottom of the screen, the form's end may be out of sight.
function say(form, words) {
  const button = form.id ? document.querySelector(`.bottom button[form="${CSS.escape(form.id)}"]`) : null;
  let note = (button?.parentElement ?? form).querySelector("[data-form-note]");
  if (!note) {
    note = Object.assign(document.createElement("p"), { className: "note note--bad" });
    note.dataset.formNote = "";
    note.setAttribute("role", "alert");
    if (button) button.before(note); else form.append(note);
  }
  note.hidden = !words;
  note.textContent = words;
}

function hold(form, on) {
  form.setAttribute("aria-busy", String(on));
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    button.classList.toggle("is-busy", on);
    if (on) button.setAttribute("aria-disabled", "true"); else button.removeAttribute("aria-disabled");
  }
}

async function submit(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  say(form, "");
  hold(form, true);
  let answer;
  try {
    answer = await send(form, data);
    await take(form, answer);
  } catch {
    say(form, word("unsent"));      // the key in the form is the same: sending again cannot do it twice
  }
  hold(form, false);
}

async function take(form, answer) {
  if (answer.status === 204) {
    forgetDrafts(form);
    form.reset();
    await refresh();
    return;
  }
  const doc = parse(await answer.text());
  if (doc.body.dataset.layout === "error") {
    say(form, doc.querySelector("[data-error-sentence]")?.textContent ?? word("refused"));
    if (doc.querySelector("[data-anew]")) form.elements.key.value = newKey();    // pressed again, it is sent as well
    return;
  }
  if (answer.redirected) forgetDrafts(form);
  hold(form, false);
  form.closest("details")?.removeAttribute("open");       // answered: it is not asked again
  await swap(doc, answer.redirected ? answer.url : location.href);
}

// ---- drafts: what is typed outlives a reload and a flat battery

function forgetDrafts(form) {
  for (const el of form.querySelectorAll("[data-draft]")) store.drop(draftKey(el));
}

// A form that the browser sends itself: its drafts go once the next page has come without an error.
const sent = "draft-sent";
function noteSent(form) {
  try { sessionStorage.setItem(sent, JSON.stringify([...form.querySelectorAll("[data-draft]")].map(draftKey))); } catch { /* kept */ }
}

function dropSent() {
  try {
    const keys = JSON.parse(sessionStorage.getItem(sent) ?? "[]");
    sessionStorage.removeItem(sent);
    if (!document.querySelector("[data-error-summary], [data-error-sentence]")) keys.forEach(store.drop);
  } catch { /* nothing was kept */ }
}

function bringBack(el) {
  const [when, words] = store.get(draftKey(el)) ?? [];
  if (!words || Date.now() - when > KEEP || el.value !== el.defaultValue || el.value === words) return;
  el.value = words;
  count(el);
  const note = Object.assign(document.createElement("p"), { className: "field__hint", textContent: word("draftBack") });
  el.after(note);
}

function keepDraft(el) {
  if (el.value) store.set(draftKey(el), [Date.now(), el.value]); else store.drop(draftKey(el));
}

function count(el) {
  const place = document.getElementById(el.dataset.count);
  if (!place) return;
  const length = [...el.value].length;
  place.firstElementChild.textContent = String(length);
  place.classList.toggle("is-near", el.maxLength > 0 && length > el.maxLength * 0.9);
}

// ---- autosave: one form, one post at a time; what was chosen last is what stays

const saving = new WeakMap();

function tell(form, name) {
  const chip = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
  if (chip) Object.assign(chip, { textContent: word(name === "saved" ? "stored" : name), hidden: false }).dataset.state = name;
}

async function post(form, data) {
  for (let wait = 1000; ; wait = Math.min(wait * 2, 15000)) {
    try {
      const answer = await send(form, data);
      if (answer.status < 500 && answer.status !== 429) return answer;
    } catch { /* the line; the same key goes again */ }
    tell(form, "unsaved");
    if (saving.get(form).again) return null;      // a newer choice is waiting and says everything
    await new Promise((done) => setTimeout(done, wait));
  }
}

async function refusal(answer) {
  const doc = parse(await answer.text());
  return doc.querySelector("[data-error-sentence], .field__error, [data-flash=error]")?.textContent.trim() || word("refused");
}

async function autosave(form) {
  const state = saving.get(form) ?? { running: false, again: false };
  saving.set(form, state);
  state.again = true;
  if (state.running) return;
  state.running = true;
  let answer = null;
  while (state.again) {
    state.again = false;
    tell(form, "saving");
    const data = new FormData(form);
    data.set("key", newKey());
    answer = await post(form, data);
  }
  state.running = false;
  if (!answer) return;
  tell(form, answer.ok ? "saved" : "refused");
  say(form, answer.ok ? "" : await refusal(answer.clone()));
  form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true, detail: answer }));
}

// A form that the browser sends itself: a second tap would drop the answer to the first, and what it shows only once.
function once(form) {
  hold(form, true);
  setTimeout(hold, 8000, form, false);
}

// ---- one listener for all forms, also those that come with a swapped page

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
  if (form.matches("[data-autosave]:not([data-swap])") && !event.submitter?.name) {
    event.preventDefault();
    autosave(form);
  } else if (form.matches("[data-swap]") && form.method === "post") {
    event.preventDefault();
    submit(form, event.submitter);
  } else if (form.method === "post") {
    if (form.querySelector("[data-draft]")) noteSent(form);
    setTimeout(() => { if (!event.defaultPrevented) once(form); });      // after every other listener has had its say
  }
});
addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy=true]").forEach((form) => hold(form, false)));
document.addEventListener("input", ({ target }) => {
  if (target.dataset.count) count(target);
  if (target.dataset.draft) keepDraft(target);
  if (target.form?.matches("[data-autosave]") && target.matches("textarea, [type=text], input:not([type])")) {
    clearTimeout(target.form.typing);
    target.form.typing = setTimeout(() => autosave(target.form), 700);
  }
});
document.addEventListener("change", ({ target }) => {
  if (!target.form?.matches("[data-autosave]")) return;
  clearTimeout(target.form.typing);
  autosave(target.form);
});
addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("form[data-autosave]")].some((form) => saving.get(form)?.running)) event.preventDefault();
});

/** Brings drafts back and sets the counters of the page that has just come. */
export function start() {
  dropSent();
  document.querySelectorAll("[data-draft]").forEach(bringBack);
  document.querySelectorAll("[data-count]").forEach(count);
}
