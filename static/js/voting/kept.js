// After the reveal: are the marks that this phone kept on the board that is published? The chain is made anew here, by the
// same code as on the recount page (static/recount/board.js), with nobody's help.
/* global Board */
import { counted } from "../page.js";
import { kept } from "./heads.js";

const spaced = (mark) => mark.replace(/.{4}(?=.)/g, "$& ");

function say(part, state, missing = []) {
  for (const el of part.querySelectorAll("[data-kept-state]")) el.hidden = el.dataset.keptState !== state;
  const list = part.querySelector("[data-kept-missing]");
  list.replaceChildren(...missing.map(([number, mark]) => {
    const item = document.createElement("li");
    item.textContent = `${number} · ${spaced(mark)}`;
    return item;
  }));
}

/** The kept marks that do not stand at their own numbers; throws where there is no board to be read. */
async function missing(address, marks) {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  const board = Board.known(await answer.json());
  const { lines } = Board.answers(board, { held: marks.map(([, mark]) => mark) }).find(({ what }) => what === "held");
  return marks.filter(([number], at) => lines[at].word !== "mark_there" || lines[at].facts.number !== number);
}

async function check(part, marks) {
  say(part, "busy");
  try {
    const gone = await missing(part.dataset.kept, marks);
    say(part, gone.length ? "gone" : "there", gone);
  } catch {
    say(part, "unread");
  }
  part.querySelector("[data-kept-says]").focus();
}

function start() {
  const part = document.querySelector("[data-kept]");
  const marks = part ? kept(Number(part.dataset.round)) : [];
  if (!marks.length) return;
  for (const el of part.querySelectorAll("[data-kept-n]")) el.textContent = counted(marks.length, el.dataset);
  part.hidden = false;
  part.querySelector("button").onclick = () => check(part, marks);
}

document.addEventListener("page:swapped", start);
start();
