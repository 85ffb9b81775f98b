// What every part of the page is drawn with. What comes from a file is written as text, never as markup.
"use strict";

const Draw = (() => {
  const say = (key, facts) => Speak.say(key, facts);

  // An element with its attributes and what is in it; texts become text.
  function make(tag, attributes, ...inside) {
    const node = document.createElement(tag);
    for (const name of Object.keys(attributes || {})) node.setAttribute(name, attributes[name]);
    for (const one of inside) if (one !== null) node.append(one);
    return node;
  }

  const list = (lines) => make("ul", { class: "prose lines" }, ...lines.map((line) => make("li", {}, line)));
  const card = (title, ...inside) => (
    make("section", { class: "card" }, make("h2", { class: "h3" }, title), ...inside));
  const grouped = (digest) => (
    make("p", { class: "print" }, ...digest.match(/.{8}/g).map((part) => make("span", {}, part))));

  function button(word, act) {
    const node = make("button", { type: "button", class: "btn btn--quiet" }, say(word));
    node.addEventListener("click", act);
    return node;
  }

  // A title with its sign: the sign for eyes, the words for everybody.
  const signed = (title, wrong) => [make("span", { "aria-hidden": "true", class: "mark" }, wrong ? "✗" : "✓"), title];

  return { say, make, list, card, grouped, button, signed };
})();
