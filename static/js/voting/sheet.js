// The sheet of slips is shown once: leaving it unprinted is asked about, and the print window opens by itself.
let printed = false;

addEventListener("afterprint", () => { printed = true; });
addEventListener("beforeunload", (event) => { if (!printed) event.preventDefault(); });
setTimeout(() => print(), 500);
