// Leitner's boxes: a card that was known waits longer, one that was not begins anew.

/** Days after which a card of box 1, 2, … is due. */
export const DAYS = [1, 3, 7, 21, 60];

/** The number of a day on the reader's calendar. */
export function dayOf(date) {
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

/** Where a card goes that was known or not; `place` is its box and the day it is due, or nothing if it is new. */
export function moved(place, known, day) {
  const box = known ? Math.min((place?.box ?? 1) + 1, DAYS.length) : 1;
  return { box, due: day + DAYS[box - 1] };
}

/** The cards that are due, the longest overdue first, and behind them so many new ones. */
export function round(ids, places, day, fresh) {
  const due = ids.filter((id) => places[id]?.due <= day).sort((a, b) => places[a].due - places[b].due);
  return [...due, ...ids.filter((id) => !places[id]).slice(0, fresh)];
}

/** Count cards: due, new, and those that wait in each box. */
export function counted(ids, places, day) {
  const boxes = DAYS.map((_, i) => ids.filter((id) => places[id]?.box === i + 1).length);
  return { due: ids.filter((id) => places[id]?.due <= day).length, fresh: ids.filter((id) => !places[id]).length, boxes };
}
