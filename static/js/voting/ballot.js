// Counts the ticks of a ballot or what they cost, and holds the rest back when there is enough. The server decides.
import { announce } from "../page.js";
import { euros } from "../slices.js";

const boxes = (form) => [...form.querySelectorAll("input[name=choice]")];
const cost = (box) => Number(box.dataset.cost ?? 0);

function count(form) {
  const dots = document.querySelector("[data-dots]");
  if (!dots) return;
  const all = boxes(form);
  const on = all.filter((box) => box.checked);
  const most = Number(form.dataset.max);
  const left = Number(form.dataset.budget ?? Infinity) - on.reduce((sum, box) => sum + cost(box), 0);
  for (const box of all) {
    box.disabled = !box.checked && (on.length >= most || cost(box) > left);
    const star = form.querySelector(`input[name=star][value="${box.value}"]`);
    if (star) star.disabled = box.disabled;
  }
  dots.querySelectorAll(".dot").forEach((dot, at) => dot.classList.toggle("is-on", at < on.length));
  const words = form.dataset.budget ? euros(left) : on.length;
  dots.querySelector("[data-dots-words]").textContent = dots.dataset.words.replace("{n}", words);
  if (on.length && on.length < all.length && all.every((box) => box.checked || box.disabled)) announce(dots.dataset.full);
}

/** A star belongs to an idea that is chosen: it is chosen with it, and loses it when it is not. */
function starred(target, form) {
  if (target.name === "star" && target.value) {
    boxes(form).find((box) => box.value === target.value).checked = true;
  } else if (target.name === "choice" && !target.checked) {
    const star = form.querySelector("input[name=star]:checked");
    if (star?.value === target.value) form.querySelector('input[name=star][value=""]').checked = true;
  }
}

function start() {
  const form = document.querySelector("form[data-ballot]");
  if (form) count(form);
}

document.addEventListener("change", ({ target }) => {
  const form = target.form;
  if (!form?.matches("[data-ballot]")) return;
  starred(target, form);
  count(form);
});
// Another language is another page: what was ticked, and not sent yet, goes along.
document.addEventListener("submit", ({ target }) => {
  const ballot = document.getElementById(target.dataset.ticksOf ?? "");
  for (const box of ballot?.querySelectorAll("input:checked:not([value=''])") ?? []) {
    target.append(Object.assign(document.createElement("input"), { type: "hidden", name: box.name, value: box.value }));
  }
});
document.addEventListener("page:swapped", start);
start();
