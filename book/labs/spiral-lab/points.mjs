// The spiral of course_utils.data, and the reader's own points.
import { random } from "../shared/random.mjs";

const CUTS = [-1.1, -0.6, 0.6, 1.1];
export const LEAST = 10;
export const MOST = 5000;

/** Draw the points that `course_utils.data.spiral(n, seed)` draws: coordinates one after another, and their classes. */
export function spiral(n, seed) {
  const { normal } = random(seed);
  const X = Float64Array.from({ length: 2 * n }, normal);
  const y = Uint8Array.from({ length: n }, (_, i) => band(X[2 * i], X[2 * i + 1]));
  return { X, y, names: ["0", "1", "2", "3", "4"] };
}

function band(x1, x2) {
  const phase = 3 * Math.atan2(x2, x1) + 2 * Math.hypot(x1, x2);
  return CUTS.filter((cut) => Math.sin(phase) + Math.cos(phase) >= cut).length;
}

/**
 * Read points from lines of "x1, x2, class"; a first line without numbers is a heading.
 * Throws an Error with a sentence that says which line is wrong and what belongs there.
 */
export function parsed(text) {
  const X = [], labels = [];
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  lines.forEach((line, i) => {
    if (!line) return;
    const cells = line.split(/\s*[,;\t]\s*/);
    const [x1, x2] = cells.slice(0, 2).map(Number);
    if (cells.length !== 3)
      throw new Error(`Line ${i + 1} has ${cells.length} value${cells.length === 1 ? "" : "s"}; a point needs three: x1, x2, class.`);
    if (!Number.isFinite(x1) || !Number.isFinite(x2) || !cells[0] || !cells[1]) {
      if (!labels.length && i === lines.findIndex((one) => one)) return;
      throw new Error(`Line ${i + 1} begins with “${cells.slice(0, 2).join(", ")}”; a point begins with two numbers.`);
    }
    X.push(x1, x2);
    labels.push(cells[2]);
  });
  if (labels.length > MOST) throw new Error(`There are ${labels.length} points; this page takes ${MOST} at most.`);
  const names = [...new Set(labels)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  if (names.length > 8) throw new Error(`There are ${names.length} classes; this page has colours for 8. Is the class the third value?`);
  return { X: Float64Array.from(X), y: Uint8Array.from(labels, (label) => names.indexOf(label)), names };
}

/** Write points as the lines that `parsed` reads, to three digits. */
export function written({ X, y, names }) {
  return Array.from(y, (label, i) => `${+X[2 * i].toPrecision(3)},${+X[2 * i + 1].toPrecision(3)},${names[label]}`).join("\n");
}

/** Set one point in five aside, in an order that depends on nothing but their number. */
export function divided({ X, y, names }) {
  const order = random(0).order(y.length), cut = Math.round(0.8 * y.length);
  const some = (indices) => ({
    X: Float64Array.from([...indices].flatMap((i) => [X[2 * i], X[2 * i + 1]])),
    y: Uint8Array.from(indices, (i) => y[i]),
    names,
  });
  return [some(order.subarray(0, cut)), some(order.subarray(cut))];
}

/** Put two sets of points together; the first `solid` of them are those of the first. */
export function joined(one, other) {
  return { X: Float64Array.from([...one.X, ...other.X]), y: Uint8Array.from([...one.y, ...other.y]), names: one.names, solid: one.y.length };
}
