// Binds slices (facts under a name) to the page. Values travel, the page holds the words; only text is ever written.
import { announce, busy, counted, language, moment, newKey, refresh, word } from "./page.js";

const BOUND = ["f", "fmt", "money", "plural", "href", "show", "hide", "mirror", "clock", "value", "timer", "mark"]
  .map((name) => `[data-${name}]`).join();
const cents = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2, useGrouping: "always" });
export const euros = (n) => (language === "en" ? `€${cents.format(n / 100)}` : `${cents.format(n / 100)}\u00a0€`);
const hours = () => new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  timeZone: document.body.dataset.zone || undefined });

const at = (value, path) => (path ? path.split(".").reduce((part, name) => part?.[name], value) : value);

/** What a value reads like: official texts by the page's language, nothing as nothing. */
export function text(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return String(value[language] || value.en || value.lv || Object.values(value)[0] || "");
  return String(value);
}

const filled = (pattern, value, encode = (part) => part) =>
  pattern.replace(/\{([\w.]+)\}/g, (_all, path) => encode(text(at(value, path))));

function holds(value, condition) {
  const [path, wanted] = condition.split(/=(.*)/s);
  const found = at(value, path);
  return wanted === undefined ? Boolean(Array.isArray(found) ? found.length : found) : text(found) === wanted;
}

function set(el, data, value) {
  if ("f" in data) write(el, text(at(value, data.f)));
  if ("fmt" in data) write(el, filled(data.fmt, value));
  if ("money" in data) write(el, euros(Number(at(value, data.money) ?? 0)));
  if ("plural" in data) write(el, counted(Number(at(value, data.plural) ?? 0), data));
  if ("clock" in data && at(value, data.clock)) write(el, hours().format(new Date(at(value, data.clock))));
  if ("mark" in data) write(el, text(at(value, data.mark)).replace(/.{4}(?=.)/g, "$& "));      // as on a receipt
  if ("value" in data) el.value = text(at(value, data.value));
  if ("show" in data) el.hidden = !holds(value, data.show);
  if ("hide" in data) el.hidden = holds(value, data.hide);
  if ("mirror" in data) el.setAttribute(`data-${data.mirror.split(".").pop()}`, text(at(value, data.mirror)));
  if ("href" in data && data.href.startsWith("/")) {
    el.setAttribute(el.localName === "form" ? "action" : "href", filled(data.href, value, encodeURIComponent));
  }
  if (data.timer) setTimer(data, at(value, data.timer));
}

function write(el, words) {
  if (el.textContent !== words) el.textContent = words;
}

function setTimer(data, stage) {
  Object.assign(data, { ends: stage?.ends_at ?? "", remaining: stage?.remaining_ms ?? "", state: stage?.state ?? "" });
  document.dispatchEvent(new Event("clock:changed"));
}

/** Fills a root's own bound elements, not those of items inside it. */
export function fill(root, value) {
  const mine = [...root.querySelectorAll(BOUND)].filter((el) => el.closest("[data-key], [data-slice]") === root);
  for (const el of [root, ...mine]) set(el, el.dataset, value ?? {});
}

const itemsOf = (list) => [...list.children].filter((el) => el.dataset.key);
const wantedIn = (list, value) => (list.dataset.where ?? "").split(" ").filter(Boolean).every((part) => holds(value, part));

function made(list, key, value) {
  const item = list.querySelector(":scope > template").content.firstElementChild.cloneNode(true);
  item.dataset.key = key;
  for (const input of item.querySelectorAll("input[name=key]")) input.value = newKey();
  for (const inner of item.querySelectorAll("[data-where]")) inner.dataset.where = filled(inner.dataset.where, value);
  return item;
}

function place(list, item) {
  const items = itemsOf(list);
  const old = list.dataset.order === "old";
  const at = Number(item.dataset.at || 0);           // what comes back takes its old place (data-mirror="at")
  const after = (other) => (old ? Number(other.dataset.at) > at : Number(other.dataset.at) <= at);
  const next = at ? items.find(after) : old ? null : items[0];
  if (next) next.before(item);
  else list.append(item);
  const max = Number(list.dataset.max || Infinity);
  while (itemsOf(list).length > max) (old ? itemsOf(list)[0] : itemsOf(list).at(-1)).remove();
}

function upsert(list, key, value, fresh) {
  const full = value && { id: key.split("/").slice(1).join("/"), ...value };
  let item = itemsOf(list).find((el) => el.dataset.key === key);
  if (!full || !wantedIn(list, full)) item?.remove();
  else {
    const isNew = !item;
    item ??= made(list, key, full);
    fill(item, full);
    if (isNew) place(list, item);
    if (isNew && fresh) mark(list, item);
  }
  sayEmpty(list);
}

function sayEmpty(list) {
  if (list.closest("[data-key]")) return;      // the answers below one contribution are not the talk
  for (const note of document.querySelectorAll(`[data-empty-for="${list.dataset.list}"]`)) note.hidden = itemsOf(list).length > 0;
}

let arrived = 0;
function mark(list, item) {
  for (const el of itemsOf(list)) el.classList.toggle("is-new", el === item);
  if (!("quiet" in list.dataset)) {
    arrived += 1;
    announce(counted(arrived, { zero: word("newZero"), one: word("newOne"), other: word("newOther") }));
    clearTimeout(mark.later);
    mark.later = setTimeout(() => { arrived = 0; }, 5000);
  }
}

const listsOf = (prefix) => document.querySelectorAll(`[data-list="${CSS.escape(prefix)}"]`);

/** One slice onto the page. null removes an item. `fresh` marks what is seen for the first time. */
export function apply(key, value, fresh = true) {
  for (const el of document.querySelectorAll(`[data-slice="${CSS.escape(key)}"]`)) fill(el, value);
  const prefix = key.split("/")[0];
  if (key !== prefix) for (const list of listsOf(prefix)) upsert(list, key, value, fresh);
  if (key === "gathering.stage" && value) follow(value);
}

/** A snapshot is the whole truth: an item that it does not name is gone (unless the list says data-partial). */
export function prune(slices, read) {
  for (const list of document.querySelectorAll("[data-list]:not([data-partial])")) {
    if (!read.includes(list.dataset.list)) continue;
    itemsOf(list).filter((el) => !(el.dataset.key in slices)).forEach((el) => el.remove());
    sayEmpty(list);
  }
}

let going;      // the next page is about to be fetched
function follow(now) {
  const body = document.body.dataset;
  const stage = `${now.stage ? `${now.stage.id}/${now.stage.state}` : ""}/${now.over ? 1 : ""}`;
  const scene = `${now.scene}/${now.focus ?? ""}`;
  const moved = stage !== body.stage || (body.follow === "scene" && scene !== body.scene);
  Object.assign(body, { stage, scene });
  if (!moved || !("follow" in body)) return;
  clearTimeout(going?.later);
  going = { stage, scene, later: setTimeout(goAlong, moment(400), now) };
}

function stay() {      // whoever pressed the button has the next page as its answer, and need not fetch it again
  const { stage, scene } = document.body.dataset;
  if (going?.stage === stage && going.scene === scene) clearTimeout(going.later);
}

function goAlong(now, tries = 0) {
  if (busy()) {
    const banner = document.querySelector("[data-banner]");
    if (!banner) return;
    banner.querySelector("[data-banner-text]").textContent = filled(word("moved"), { title: text(now.stage?.title) });
    const link = banner.querySelector("[data-banner-link]");
    if (!link.getAttribute("href")) link.href = location.href;
    banner.hidden = false;
    return;
  }
  refresh().catch(() => { if (tries < 5) setTimeout(() => goAlong(now, tries + 1), 1000 * 2 ** tries); });
}

document.addEventListener("page:swapped", () => {
  stay();
  document.querySelector("[data-banner]")?.setAttribute("hidden", "");
});
