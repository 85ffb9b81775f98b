// Remaining time by the server's clock: mm:ss for the eye, whole minutes for the ear, words at the end.
import { serverNow } from "./clock.js";
import { announce, counted, word } from "./page.js";

const ALOUD = [5, 2, 1, 0];      // minutes left that are said without being asked
let ticking = 0;
let lastMinute;

const two = (n) => String(n).padStart(2, "0");

function left(data) {
  if (data.state === "paused") return Number(data.remaining);
  return data.ends ? Number(data.ends) - serverNow() : NaN;
}

function tone(state, seconds) {
  if (state !== "running") return "still";
  return seconds <= 0 ? "over" : seconds <= 120 ? "soon" : "ample";
}

function put(el, text) {
  if (el && el.textContent !== text) el.textContent = text;
}

function draw(timer) {
  const { state } = timer.dataset;
  const ms = left(timer.dataset);
  timer.hidden = !["running", "paused"].includes(state) || Number.isNaN(ms);
  if (timer.hidden) return;
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  timer.dataset.tone = tone(state, seconds);
  put(timer.querySelector("[data-timer-face]"), `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`);
  const words = timer.querySelector("[data-timer-word]");
  const over = timer.dataset.wordsOver || word("over");
  put(words, state === "paused" ? word("paused") : over);
  if (words) words.hidden = state === "running" && seconds > 0;
  speak(timer, state, Math.ceil(seconds / 60), over);
}

function speak(timer, state, minutes, over) {
  const text = minutes ? counted(minutes, document.getElementById("words")?.dataset ?? {}) : over;
  put(timer.querySelector("[data-timer-twin]"), text);
  if (timer !== document.querySelector("[data-timer]") || state !== "running") return;
  if (lastMinute !== undefined && minutes < lastMinute && ALOUD.includes(minutes)) announce(text);
  lastMinute = minutes;
}

function tick() {
  clearTimeout(ticking);
  document.querySelectorAll("[data-timer]").forEach(draw);
  if (!document.hidden) ticking = setTimeout(tick, 1000 - (serverNow() % 1000) + 5);
}

/** Draws every timer now and on each full second. */
export const start = tick;
document.addEventListener("visibilitychange", tick);
document.addEventListener("clock:changed", tick);
