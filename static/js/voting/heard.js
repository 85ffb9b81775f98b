// A phone that hears how far the vote is keeps the board's mark each time.
import { on } from "../live.js";
import { keep } from "./heads.js";

on("voting.turnout", (turnout) => { if (turnout) keep(turnout); });
