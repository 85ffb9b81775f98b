// The line to the hall: one socket for news, a snapshot when something may have been missed, patience when it breaks.
import { io } from "../vendor/socket.io.min.js";
import { forget, measured } from "./clock.js";
import { word } from "./page.js";
import { apply, prune } from "./slices.js";

const page = document.body.dataset;
const listeners = new Map();
const born = Date.now();
const socket = io({ path: page.liveUrl || "/socket.io", transports: ["websocket"], autoConnect: false, reconnection: false,
  timeout: 8000 });

let ticket = page.liveTicket;      // good once and for a minute
let floor = Number(page.rev || 0); // what the page's own text is as new as
let seen = floor;                  // the newest that was heard of
let held = new Map();              // slice → the rev that it was last written at
let buffer = null;                 // news that waits for a snapshot on its way
let loading = null;
let tries = 0;
let joining = false;
let down = null;                   // set while the line is down
let retry, poll;

/** Calls `listen(value, key)` for each slice whose name is, or begins with, this one; for the modules of rooms. */
export function on(prefix, listen) {
  listeners.set(prefix, [...(listeners.get(prefix) ?? []), listen]);
}

/** Sends an event and gives its acknowledgement; rejects when the line is down or silent. */
export function ask(event, data = {}, ms = 5000) {
  if (!socket.connected) return Promise.reject(new Error("offline"));
  return socket.timeout(ms).emitWithAck(event, data);
}

export const connected = () => socket.connected;

const json = async (url) => {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store" });
  if ([401, 403, 410].includes(answer.status)) location.reload();   // signed out, or the link was renewed
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

function write(rev, slices, fresh) {
  seen = Math.max(seen, rev);
  const age = (key) => slices[key]?.at ?? 0;             // an answer comes after what it answers
  const order = new Intl.Collator("en", { numeric: true });
  for (const key of Object.keys(slices).sort((a, b) => age(a) - age(b) || order.compare(a, b))) {
    if (rev < (held.get(key) ?? floor)) continue;      // an older truth came later
    held.set(key, rev);
    apply(key, slices[key], fresh);
    for (const name of [key, key.split("/")[0]].filter((part, i, all) => all.indexOf(part) === i)) {
      for (const listen of listeners.get(name) ?? []) listen(slices[key], key);
    }
  }
}

function hear({ rev, slices }) {
  if (buffer) buffer.push({ rev, slices });
  else write(rev, slices, true);
}

async function load() {
  buffer = [];
  try {
    const { rev, read, slices } = await json(page.liveSnapshot);
    if (rev >= floor) {
      prune(slices, read);
      write(rev, slices, false);
      floor = Math.max(floor, rev);
    }
  } finally {
    const waiting = buffer;
    buffer = null;
    waiting.forEach(hear);
  }
}

function snapshot() {
  loading ??= load().catch(() => setTimeout(() => socket.connected && snapshot(), 2000 + Math.random() * 3000))
    .finally(() => { loading = null; });
  return loading;
}

async function hello() {
  const sent = Date.now();
  const answer = await ask("hello").catch(() => null);
  if (!answer || answer.error) return;
  measured(answer.now, sent, Date.now());
  document.dispatchEvent(new Event("clock:changed"));
  if (answer.rev !== seen) await snapshot();
}

function paint(up) {
  for (const el of document.querySelectorAll("[data-live-state]")) {
    el.textContent = up ? "" : word("lost");
    el.hidden = up;
  }
}

// A drop shorter than three seconds is nobody's business. `down` stays set from the first failure to the next success.
function show(up) {
  if (up) clearTimeout(down);
  down = up ? null : down ?? setTimeout(paint, 3000, false);
  if (up) paint(true);
}

async function connect() {
  clearTimeout(retry);
  if (socket.connected || joining) return;
  joining = true;
  try {
    const mine = ticket && Date.now() - born < 45000 ? { ticket } : await json(page.liveTicketUrl);
    ticket = null;
    socket.auth = { ticket: mine.ticket };
    socket.connect();
  } catch {
    broken();
  }
}

function broken(after) {
  joining = false;
  show(false);
  const wait = after ?? Math.min(4000, 400 * 2 ** tries);
  tries += 1;
  clearTimeout(retry);
  retry = setTimeout(connect, wait * (0.5 + Math.random() * 0.75));
  poll ??= setTimeout(look, 5000, 5000);
}

// No socket, for whatever reason: the page still sees the truth, a little later.
async function look(pause) {
  if (socket.connected) { poll = null; return; }
  if (!document.hidden) await snapshot();
  const next = Math.min(20000, pause * 1.4);
  poll = setTimeout(look, next * (0.75 + Math.random() * 0.5), next);
}

socket.on("connect", () => {
  joining = false;
  tries = 0;
  clearTimeout(poll);
  poll = null;
  show(true);
  forget();
  hello();
});
socket.on("connect_error", () => { socket.disconnect(); broken(); });
socket.on("disconnect", (reason) => { if (reason !== "io client disconnect") broken(); });
socket.on("news", hear);
socket.on("come-back", ({ after = 1000 } = {}) => { socket.disconnect(); broken(Number(after)); });
socket.on("resync", ({ within = 0 } = {}) => setTimeout(hello, Math.random() * Number(within)));

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  forget();
  if (socket.connected) hello(); else connect();
});
addEventListener("online", connect);
addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
document.addEventListener("page:swapped", () => {
  floor = Number(page.rev || 0);
  held = new Map();
  clearTimeout(down);
  down = null;
  show(socket.connected);
  if (seen > floor) snapshot();      // news that came while the page was on its way
});

connect();
