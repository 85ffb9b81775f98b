// A reason is asked for where a conflict is ticked; without script every field is there.
function show(box) {
  document.getElementById(box.dataset.opens).hidden = !box.checked;
}

const start = () => document.querySelectorAll("[data-opens]").forEach(show);
document.addEventListener("change", ({ target }) => { if (target.dataset.opens) show(target); });
document.addEventListener("page:swapped", start);
start();
