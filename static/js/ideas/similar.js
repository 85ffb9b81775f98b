// While an idea is being written: up to three that are like it, asked for after a pause, shown without getting in the way.
const WAIT = 700;
let timer;
let asked = "";

const part = (form, name) => form.elements[name]?.value.trim() ?? "";

function show(place, found) {
  const links = found.map(({ title, url }) => {
    const link = Object.assign(document.createElement("a"), { href: url, target: "_blank", rel: "noopener" });
    const words = document.createElement("bdi");
    words.textContent = title;
    link.append(words);
    const item = document.createElement("li");
    item.append(link);
    return item;
  });
  place.querySelector("[data-similar-list]").replaceChildren(...links);
  place.hidden = !links.length;
}

async function look(form, place) {
  const words = new URLSearchParams({ title: part(form, "title"), summary: part(form, "summary").slice(0, 600) });
  if (words.toString() === asked) return;
  asked = words.toString();
  const url = new URL(place.dataset.similar, location.href);
  for (const [name, value] of words) url.searchParams.set(name, value);
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (answer.ok && words.toString() === asked) show(place, (await answer.json()).similar);
  } catch { /* only a hint: the idea can be sent without it */ }
}

document.addEventListener("input", ({ target }) => {
  if (!["title", "summary"].includes(target.name)) return;
  const place = target.form?.querySelector("[data-similar]");
  if (!place) return;
  clearTimeout(timer);
  if (part(target.form, "title").length >= 3) timer = setTimeout(look, WAIT, target.form, place);
});
