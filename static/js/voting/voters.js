// The list of names answers while one types: the same form, sent by itself, and only the names found take their place.
import { parse } from "../page.js";

let asked = 0;
let waiting;

async function find(form) {
  const mine = ++asked;
  const answer = await fetch(form.getAttribute("action"), { method: "POST", headers: { Accept: "text/html" },
    body: new URLSearchParams(new FormData(form)) }).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  const found = parse(await answer.text()).querySelector("[data-found]");
  if (found && mine === asked) document.querySelector("[data-found]")?.replaceWith(document.adoptNode(found));
}

document.addEventListener("input", ({ target }) => {
  if (!target.form?.matches("[data-find]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(find, 200, target.form);
});
// After a tick the next name can be typed at once; "By mistake" is one tab further.
document.addEventListener("page:swapped", () => requestAnimationFrame(() => {
  const field = document.querySelector("form[data-find] [name=q]");
  if (field && document.querySelector(".is-ticked")) field.select();
}));
