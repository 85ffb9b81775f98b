// The server's clock, seen from here: the answer that was quickest on its way tells most about it.
let offset = Number(document.body.dataset.now || Date.now()) - Date.now();
let best = Infinity;

export const serverNow = () => Date.now() + offset;

/** A server time and the local moments between which it was asked for. The quickest answer wins. */
export function measured(server, sent, received) {
  if (received - sent > best) return;
  best = received - sent;
  offset = server - (sent + received) / 2;
}

/** After sleep or a change of the clock, old answers tell nothing. */
export const forget = () => { best = Infinity; };
