// What a network reads: a picture, if its input has the shape of one, or a few numbers.

const FEWEST = 16, MOST = 32; // pixels that make a picture, and numbers that somebody would type

/** The picture that numbers of a shape are, row by row: { rows, columns, channels }; null if they are none. */
export function pictureOf(shape) {
  const [rows, columns, channels = 1] = shape, side = Math.sqrt(rows);
  if (shape.length === 1) return rows >= FEWEST && Number.isInteger(side) ? { rows: side, columns: side, channels: 1 } : null;
  return shape.length <= 3 && [1, 3].includes(channels) && Math.min(rows, columns) > 1 ? { rows, columns, channels } : null;
}

/** Whether numbers of a shape are few enough to be typed. */
export const typed = (shape) => !pictureOf(shape) && shape.reduce((a, b) => a * b, 1) <= MOST;

const SCALES = { 255: (x) => x, 1: (x) => x / 255, "-1": (x) => x / 127.5 - 1 };

/** A picture, red, green and blue from 0 to 255, as the numbers that a network gets. */
export function numbersOf({ X }, { channels }, scale, inverted) {
  const change = (x) => SCALES[scale](inverted ? 255 - x : x);
  return Float32Array.from(channels === 3 ? X : greys(X), change);
}

/** Grey as Pillow makes it. */
export const greys = (X) => Uint8Array.from({ length: X.length / 3 }, (_, i) => (19595 * X[3 * i] + 38470 * X[3 * i + 1] + 7471 * X[3 * i + 2] + 0x8000) >> 16);

/** Read numbers that somebody typed; null if they are not so many. */
export function read(text, n) {
  const numbers = text.trim() ? text.trim().split(/[\s,;]+/).map(Number) : Array(n).fill(0);
  return numbers.length === n && numbers.every(Number.isFinite) ? Float32Array.from(numbers) : null;
}
