// What the browser keeps of a reader's boxes. Where it may not, they last as long as the page.
import { DAYS } from "./boxes.mjs";

const NAME = "neural-networks-by-experiment/review";

/** Read what is kept; what cannot be read counts as nothing. */
export function load() {
  try {
    const { places, upTo, kinds } = JSON.parse(localStorage.getItem(NAME) ?? "{}");
    const whole = Object.entries(places ?? {}).filter(([, place]) => DAYS[place?.box - 1] && Number.isInteger(place.due));
    return { places: Object.fromEntries(whole), upTo: Number.isInteger(upTo) ? upTo : 0, kinds: Array.isArray(kinds) ? kinds : null };
  } catch {
    return { places: {}, upTo: 0, kinds: null };
  }
}

/** Keep it; says whether that could be done. */
export function save(kept) {
  try {
    localStorage.setItem(NAME, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}
