// The juror's own sum, told anew with every tap; the server keeps the points.
import { language } from "../page.js";

const number = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 2 });

function sum() {
  const place = document.querySelector("[data-sum]");
  if (!place) return;
  const forms = [...document.querySelectorAll("form.criterion")];
  const taken = forms.map((form) => form.querySelector("input[name=points]:checked")).map((input, at) => input
    && Number(input.value) * Number(forms[at].dataset.weight) / Number(forms[at].dataset.of));
  const hundred = taken.reduce((all, part) => all + (part ?? 0), 0);
  place.querySelector("[data-sum-value]").textContent = number.format(hundred * Number(place.dataset.scale) / 100);
  const words = place.querySelector("[data-sum-words]");
  words.textContent = words.dataset.sumWords.replace("{n}", taken.filter((part) => part !== null).length);
}

document.addEventListener("change", ({ target }) => { if (target.name === "points") sum(); });
document.addEventListener("page:swapped", sum);
