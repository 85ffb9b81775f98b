// A one-time link: its code is behind the # of the address, which no server and no log sees. It is put in the form; the
// button stays the reader's own. The address keeps it until the link is used, so that a reload loses nothing.
function given() {
  const form = document.querySelector("form[data-link]");
  const token = decodeURIComponent(location.hash.slice(1));
  if (!form || !/^[0-9A-Za-z -]{20,60}$/.test(token)) return;
  form.elements.token.value = token;
  form.querySelector("[data-by-hand]").hidden = true;
  const switched = document.querySelector("form.langs input[name=next]");      // the language is another: the link is not
  if (switched) switched.value = `${location.pathname}#${token}`;
}

addEventListener("hashchange", given);
given();
