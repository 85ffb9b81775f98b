// The big screen: walls that are longer than the screen turn their pages calmly; the newest is marked once.
import "./again.js";
import { on } from "../live.js";

const REST = 12000;        // how long a page stays
const NEW = 20000;         // how long the newest is marked
let first = 0;
let turning;

const wall = () => document.querySelector("[data-wall]");
const tiles = (list) => [...list.children].filter((el) => el.dataset.key);
const full = (list) => list.scrollWidth > list.clientWidth + 1 || list.scrollHeight > list.clientHeight + 1;

/** Shows as many tiles as fit, from `first` on; gives the first of the next page. */
function show(list) {
  const all = tiles(list);
  if (first >= all.length) first = 0;
  all.forEach((el) => { el.classList.add("is-off"); });
  let at = first;
  for (; at < all.length; at += 1) {
    all[at].classList.remove("is-off");
    if (full(list) && at > first) { all[at].classList.add("is-off"); break; }
  }
  return at >= all.length ? 0 : at;
}

function turn() {
  clearTimeout(turning);
  const list = wall();
  if (!list) return;
  const next = show(list);
  turning = setTimeout(() => { first = next; turn(); }, REST);
}

/** Something new, changed or gone: the page with the newest. */
let soon;
function fresh() {
  clearTimeout(soon);
  soon = setTimeout(() => {
    const list = wall();
    const marked = list?.querySelector(".is-new");
    if (marked) {
      first = list.dataset.order === "old" ? first : 0;
      setTimeout(() => marked.classList.remove("is-new"), NEW);
    }
    turn();
  }, 50);
}

for (const prefix of ["ideas.idea", "mapping.item", "mapping.challenge"]) on(prefix, fresh);
document.addEventListener("page:swapped", () => { first = 0; turn(); });
addEventListener("resize", turn);
document.fonts?.ready.then(turn);
turn();
