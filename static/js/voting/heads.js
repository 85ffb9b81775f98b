// The marks of the public board that this phone saw: who holds one sees any later change of a vote before it.
// Kept in the browser alone, in bounds; where a browser keeps nothing, quietly nothing is kept.
const PLACE = "ideathon-marks", ROUNDS = 3, MARKS = 200;

function all() {
  try {
    const held = JSON.parse(localStorage.getItem(PLACE) ?? "[]");
    return Array.isArray(held) ? held.filter((one) => Number.isInteger(one?.round) && Array.isArray(one.marks)) : [];
  } catch {
    return [];
  }
}

/** The marks kept of a vote, as pairs of number and mark, by their numbers. */
export const kept = (round) => all().find((one) => one.round === round)?.marks ?? [];

/** One more mark is kept; the same again changes nothing. A receipt's own is not dropped for later ones. */
export function keep({ round, seq, mark }, own = false) {
  if (!Number.isInteger(round) || !Number.isInteger(seq) || !/^[0-9a-f]{16}$/.test(mark ?? "")) return;
  const held = all();
  const mine = held.find((one) => one.round === round) ?? { round, marks: [], own: [] };
  if (mine.marks.some(([number, other]) => number === seq && other === mark)) return;
  mine.marks.push([seq, mark]);
  mine.own = [...(mine.own ?? []), ...(own ? [seq] : [])].slice(-MARKS / 2);
  mine.marks.sort(([one], [other]) => one - other);
  while (mine.marks.length > MARKS) mine.marks.splice(mine.marks.findIndex(([number]) => !mine.own.includes(number)), 1);
  try {
    localStorage.setItem(PLACE, JSON.stringify([...held.filter((one) => one !== mine), mine].slice(-ROUNDS)));
  } catch { /* this browser keeps nothing */ }
}

/** The mark that stands on the page itself. */
function onPage() {
  const { dataset } = document.querySelector("[data-heads]") ?? {};
  if (dataset) keep({ round: Number(dataset.round), seq: Number(dataset.seq), mark: dataset.mark16 }, "own" in dataset);
}

document.addEventListener("page:swapped", onPage);
onPage();
