// The page itself: its words, its politeness, and how a fetched page takes its place without a reload.
const policy = globalThis.trustedTypes?.createPolicy("ideathon", { createHTML: (text) => text });
export const language = document.documentElement.lang || "en";
const rules = new Intl.PluralRules(language);

/** A word that the page brought along in the reader's language. */
export const word = (name) => document.getElementById("words")?.dataset[name] ?? "";

/** The form of a counted noun: zero, one or other, as the language asks. Latvian counts 10 and 0 alike. */
export function counted(n, forms) {
  const pattern = forms[rules.select(n)] ?? forms.other ?? "";
  return pattern.replace("{n}", new Intl.NumberFormat(language).format(n));
}

/** What a request says of its sender: the page's cookies, or, where nobody is known, only which language is read. */
export const credentials = () => ("nameless" in document.body.dataset
  ? { credentials: "omit", headers: { Accept: "text/html", "Accept-Language": language } }
  : { headers: { Accept: "text/html" } });

let said = 0;
let waiting;
/** Tells readers who listen, at most once in four seconds; the latest words win. */
export function announce(text) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    said = Date.now();
    const place = document.querySelector("[data-announce]");
    if (place) place.textContent = text;
  }, Math.max(0, said + 4000 - Date.now()));
}

/** A fresh idempotency key; crypto.randomUUID is missing on plain http. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A moment for this reader alone: three hundred phones must not knock at once. A screen and a desk do not wait. */
export const moment = (ms) => (document.body.dataset.layout === "phone" ? Math.random() * ms : 0);

const typed = "textarea, input:not([type=hidden], [type=submit], [type=button])";
/** Whether somebody would lose something if this part of the page were replaced. */
export function busy(part = document.getElementById("main")) {
  if (document.querySelector("dialog[open], form[aria-busy=true], [data-error-summary]")) return true;
  return [...(part?.querySelectorAll(typed) ?? [])].some((el) => !el.closest("form[data-autosave]")
    && (/^(checkbox|radio)$/.test(el.type) ? el.checked !== el.defaultChecked : el.value !== el.defaultValue));
}

export const parse = (text) => new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");

const address = () => location.pathname + location.search;
let shown = address();

const missing = (doc, selector, name) => [...doc.querySelectorAll(selector)]
  .map((el) => new URL(el.getAttribute(name), location.href).href)
  .filter((url) => ![...document.querySelectorAll(selector)].some((el) => el[name] === url));

function addSheets(doc) {
  return Promise.all(missing(doc, "link[rel=stylesheet]", "href").map((href) => new Promise((done) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: done, onerror: done });
    document.head.append(link);
    setTimeout(done, 2000);
  })));
}

function addScripts(doc) {
  for (const src of missing(doc, "script[type=module][src]", "src")) {
    if (new URL(src).origin === location.origin) import(src);
  }
}

function takeOver(doc, moved) {
  for (const old of document.querySelectorAll("[data-region]")) {
    const next = doc.querySelector(`[data-region="${old.dataset.region}"]`);
    if (!next) continue;
    for (const el of next.querySelectorAll("[autofocus]")) el.removeAttribute("autofocus");      // focus is set below
    if (!moved) reopen(old, next);
    old.replaceWith(document.adoptNode(next));
  }
  for (const { name, value } of doc.body.attributes) {
    if (!name.startsWith("data-live") || name === "data-live-snapshot") document.body.setAttribute(name, value);
  }
  document.title = doc.title;
  shown = address();
}

// The same form on the next page: forms of one address are told apart by the item of a list that they stand in.
const itemOf = (el) => el.closest("[data-key]")?.dataset.key;
const formLike = (form) => [...document.querySelectorAll(`form[action="${CSS.escape(form.getAttribute("action"))}"]`)]
  .find((other) => itemOf(other) === itemOf(form));
const ownForm = (details) => [...details.querySelectorAll("form[action]")].find((form) => form.closest("details") === details);

/** How to find the element with the focus again on the next page: by its id, else by its form. */
function heldBy(el) {
  if (el?.id && el.id !== "main") return () => document.getElementById(el.id);
  const form = el?.localName === "summary" ? ownForm(el.parentElement) : el?.closest("form[action]");
  if (!form) return () => null;
  const place = form.contains(el) ? `${el.localName}${el.name ? `[name="${CSS.escape(el.name)}"]` : ""}` : null;
  return () => (place ? formLike(form)?.querySelector(place) : formLike(form)?.closest("details")?.querySelector("summary"));
}

// What somebody has opened stays open while news come in: under their finger may be a question they are about to answer.
const opened = (details) => [itemOf(details), ownForm(details)?.getAttribute("action")
  ?? details.querySelector("summary")?.textContent.trim()].join(" ");

function reopen(old, next) {
  const names = new Set([...old.querySelectorAll("details[open]")].map(opened));
  for (const details of next.querySelectorAll("details")) if (names.has(opened(details))) details.open = true;
}

const WRONG = "[data-error-summary], [data-clash]";      // what must be read before the form is sent again

function focusOn(held) {
  if (document.body.dataset.layout === "screen") return;      // nobody sits at it, and in the desk's preview it would steal
  const main = document.getElementById("main");
  const same = held?.();
  const target = main.querySelector(WRONG) ?? same
    ?? main.querySelector("h1") ?? document.querySelector("h1") ?? main;
  const flash = main.querySelector("[data-flash]");
  if (flash) announce(flash.textContent.trim());
  if (!target.matches("a, button, input, textarea, select, summary")) target.tabIndex = -1;
  target.focus({ preventScroll: target === same });
}

/** The fetched page takes this one's place: main, stage bar, bottom and every other named region. */
export async function swap(doc, url = location.href) {
  if (!doc.getElementById("main") || doc.body.dataset.layout !== document.body.dataset.layout) {
    location.assign(url);
    return;
  }
  await addSheets(doc);
  const top = scrollY;
  const moved = new URL(url, location.href).href.split("#")[0] !== location.href.split("#")[0];
  const held = moved ? null : heldBy(document.activeElement);
  if (moved) history.pushState({ swapped: true }, "", url);
  takeOver(doc, moved);
  addScripts(doc);
  document.dispatchEvent(new CustomEvent("page:swapped"));
  focusOn(held);
  if (!document.querySelector(WRONG)) scrollTo(0, moved ? 0 : top);
}

/** The same address again, without a reload. Throws when the line or the server is down; keeps what is being typed. */
export async function refresh() {
  const answer = await fetch(location.href, credentials());
  if (answer.status >= 500) throw new Error(String(answer.status));
  const doc = parse(await answer.text());
  if (!busy()) await swap(doc, answer.url);      // a page that says "not now" has another layout: it is loaded whole
}

// Back to a page that was swapped away: load it. A jump inside the page is no reason to.
addEventListener("popstate", () => { if (address() !== shown) location.reload(); });
