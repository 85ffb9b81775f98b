// A form whose answer is a file leaves its page standing: a little later the page shows the new numbers, and the form can
// be sent again for more. Until then a second tap is held back.
import { refresh } from "../page.js";

document.addEventListener("submit", ({ target }) => {
  if (target.matches("[data-download]")) setTimeout(() => refresh().catch(() => {}), 8500);
});
