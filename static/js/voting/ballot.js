// Counts the ticks of a ballot, fills the dots, and holds the rest back when there are enough. The server decides.
import { announce } from "../page.js";

function count(form) {
  const boxes = [...form.querySelectorAll("input[name=choice]")];
  const most = Number(form.dataset.max);
  const chosen = boxes.filter((box) => box.checked).length;
  const dots = document.querySelector("[data-dots]");
  if (!dots) return;
  for (const box of boxes) box.disabled = !box.checked && chosen >= most;
  dots.querySelectorAll(".dot").forEach((dot, at) => dot.classList.toggle("is-on", at < chosen));
  dots.querySelector("[data-dots-words]").textContent = dots.dataset.words.replace("{n}", chosen);
  if (chosen >= most && boxes.length > most) announce(dots.dataset.full);
}

function start() {
  const form = document.querySelector("form[data-ballot]");
  if (form) count(form);
}

document.addEventListener("change", ({ target }) => {
  if (target.name === "choice" && target.form?.matches("[data-ballot]")) count(target.form);
});
document.addEventListener("page:swapped", start);
start();
