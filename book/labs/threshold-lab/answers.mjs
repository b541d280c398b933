// Answers, scores and what was true: how they are read, written and halved.
import { random } from "../shared/random.mjs";

export const LEAST = 20;
export const MOST = 100_000;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Read what the book stores: for each answer one digit below 32, or two; the last bit is the label, the rest thousandths. */
export function unpacked(text) {
  const values = [...text.matchAll(/[A-Za-f]|../g)].map(([digits]) => {
    const [first, second] = [...digits].map((digit) => DIGITS.indexOf(digit));
    return second === undefined ? first : 64 * (first - 32) + second;
  });
  return { label: Uint8Array.from(values, (value) => value & 1), score: Float64Array.from(values, (value) => (value >> 1) / 1000) };
}

/**
 * Read lines of "label, score"; a first line without a number is a heading. Of two labels the second by name, or the
 * larger, is the positive one. Throws an Error with a sentence that says which line is wrong and what belongs there.
 */
export function parsed(text) {
  const labels = [], score = [];
  const lines = text.split(/\r?\n/).map((line) => line.trim()), first = lines.findIndex((line) => line);
  lines.forEach((line, i) => {
    if (!line) return;
    const cells = line.split(/\s*[,;\t]\s*/);
    if (cells.length !== 2 || !cells[0])
      throw new Error(`Line ${i + 1} has ${cells.filter(Boolean).length} value${cells.filter(Boolean).length === 1 ? "" : "s"}; an answer needs two: label, score.`);
    if (!cells[1] || !Number.isFinite(Number(cells[1]))) {
      if (i === first) return;
      throw new Error(`Line ${i + 1} has “${cells[1].slice(0, 20)}” for a score; a score is a number, such as 0.93.`);
    }
    labels.push(cells[0]);
    score.push(Number(cells[1]));
  });
  const names = [...new Set(labels)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  if (labels.length < LEAST) throw new Error(`There ${labels.length === 1 ? "is 1 answer" : `are ${labels.length} answers`}; two halves need ${LEAST} at least.`);
  if (labels.length > MOST) throw new Error(`There are ${labels.length} answers; this page takes ${MOST} at most.`);
  if (names.length !== 2)
    throw new Error(`There ${names.length === 1 ? "is one label" : `are ${names.length} different labels`}; a threshold tells two apart. Is the label the first value of a line?`);
  return { title: "my own", negative: names[0], positive: names[1], label: Uint8Array.from(labels, (one) => names.indexOf(one)), score: Float64Array.from(score) };
}

/** Write answers as the lines that `parsed` and NumPy read. */
export const written = ({ label, score }) => `label,score\n${Array.from(label, (one, i) => `${one},${score[i]}`).join("\n")}\n`;

/** Two halves, as places: as the answers come, or with a seed as `np.random.default_rng(seed).random(n).argsort()` has them. */
export function halves(n, seed) {
  const order = seed ? random(seed).order(n) : Uint32Array.from({ length: n }, (_, i) => i), middle = n >> 1;
  return [order.subarray(0, middle), order.subarray(middle)];
}
