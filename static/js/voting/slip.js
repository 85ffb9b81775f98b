// A scanned slip: its code is behind the # of the address, which no server and no log sees. It is taken out of the
// address bar at once and sent in the body of the form.
const page = "/b";

function scanned() {
  const code = decodeURIComponent(location.hash.slice(1));
  const form = document.querySelector("form#slip");
  if (!code || !/^[0-9A-Za-z -]{20,60}$/.test(code)) return;
  if (!form || location.pathname !== page) {      // the ballot of another slip is open: begin again
    location.replace(`${page}?${Date.now() % 1000}#${code}`);
    return;
  }
  history.replaceState(null, "", page);
  form.elements.code.value = code;
  form.requestSubmit();
}

addEventListener("hashchange", scanned);
scanned();
