// A scanned slip: its code is behind the # of the address, which no server and no log sees. It is taken out of the
// address bar at once and sent in the body of the form.
const page = "/b";
const asked = new URLSearchParams(location.search).get("tablet");

/** Whether this device is passed from hand to hand: said once, by ?tablet=1, until ?tablet=0. */
function shared() {
  try {
    if (asked) localStorage.setItem("tablet", asked);
    return localStorage.getItem("tablet") === "1";
  } catch {
    return asked === "1";
  }
}

const start = shared() ? `${page}?tablet=1` : page;
if (start !== page && asked === null && location.pathname === page && location.hash) location.replace(`${start}${location.hash}`);

function scanned() {
  const code = decodeURIComponent(location.hash.slice(1));
  const form = document.querySelector("form#slip");
  if (!code || !/^[0-9A-Za-z -]{20,60}$/.test(code)) return;
  if (!form || location.pathname !== page) {      // the ballot of another slip is open: begin again
    location.replace(`${start}${start === page ? "?" : "&"}${Date.now() % 1000}#${code}`);
    return;
  }
  history.replaceState(null, "", start);
  form.elements.code.value = code;
  form.requestSubmit();
}

addEventListener("hashchange", scanned);
scanned();

// A tablet that many people use one after the other: where nobody touches it for so many seconds, it begins again. Nothing
// of the last voter can be seen by going back either: the ballot's page does not tell there what a slip has said.
let idle;
function wait() {
  clearTimeout(idle);
  const seconds = Number(document.body.dataset.tablet ?? 0);
  if (seconds) idle = setTimeout(() => location.replace(start), seconds * 1000);
}

for (const kind of ["pointerdown", "keydown", "scroll", "page:swapped"]) addEventListener(kind, wait, { passive: true, capture: true });
wait();
