// Starts only what the page asks for through its data attributes. Without script every form still works.
const parts = [
  ["[data-timer]", () => import("./timer.js")],
  ["form[method=post]", () => import("./forms.js")],
  ["body[data-live-ticket]", () => import("./live.js")],
];

async function start() {
  for (const [selector, load] of parts) {
    if (document.querySelector(selector)) (await load()).start?.();
  }
}

document.addEventListener("page:swapped", start);
start();
