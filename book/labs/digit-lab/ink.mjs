// From what a reader draws, or a picture, to the 28 × 28 pixels that the network reads: 0 is paper, 255 is ink.
// Images are { width, height, X }, row by row.
import { SIDE } from "./network.mjs";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Places of the pad in each direction; a stroke is a list of [right, down]. */
export const PLACES = ALPHABET.length;
const FINE = 4 * SIDE; // pixels in which strokes are drawn
const PEN = 5.5; // places
const BOX = 20; // pixels of the larger side of a digit of MNIST
const MIDDLE = SIDE / 2; // the pixel on which its centre of mass lies
const FAINTEST = 40; // the least contrast of a picture in which ink is looked for

// ---- strokes

/** Write strokes in letters that an address need not spell out: two for a point, a full stop between strokes. */
export const written = (strokes) => strokes.map((stroke) => stroke.map(([x, y]) => ALPHABET[x] + ALPHABET[y]).join("")).join(".");

/** Read what `written` writes; what is none of it is left out. */
export function read(text) {
  const points = (stroke) => stroke.match(/../g)?.map((pair) => [...pair].map((letter) => ALPHABET.indexOf(letter))) ?? [];
  return text.split(".").map((stroke) => points(stroke).filter((point) => !point.includes(-1))).filter((stroke) => stroke.length);
}

/** Draw strokes with a round pen. */
export function drawn(strokes) {
  const X = new Float64Array(FINE * FINE), scale = FINE / PLACES, radius = (PEN * scale) / 2;
  for (const stroke of strokes) {
    const points = stroke.map(([x, y]) => [(x + 0.5) * scale, (y + 0.5) * scale]);
    points.forEach((end, i) => line(X, points[Math.max(i - 1, 0)], end, radius));
  }
  return { width: FINE, height: FINE, X };
}

function line(X, [x1, y1], [x2, y2], radius) {
  const within = (n) => Math.max(0, Math.min(FINE, n)), [dx, dy] = [x2 - x1, y2 - y1], long = dx * dx + dy * dy;
  const reach = radius + 1;
  for (let i = Math.floor(within(Math.min(y1, y2) - reach)); i < within(Math.max(y1, y2) + reach); i++)
    for (let j = Math.floor(within(Math.min(x1, x2) - reach)); j < within(Math.max(x1, x2) + reach); j++) {
      const [x, y] = [j + 0.5 - x1, i + 0.5 - y1];
      const along = long ? Math.max(0, Math.min(1, (x * dx + y * dy) / long)) : 0;
      const ink = Math.min(1, radius + 0.5 - Math.hypot(x - along * dx, y - along * dy));
      if (ink > 0) X[i * FINE + j] = Math.max(X[i * FINE + j], 255 * ink);
    }
}

// ---- as MNIST was made

/**
 * Scale what is inked into 20 × 20 pixels and lay it so that its centre of mass is in the middle of 28 × 28, as the makers of
 * MNIST did. Answers null if nothing is inked.
 */
export function normalised(image) {
  const box = inked(image);
  if (!box) return null;
  const scale = BOX / Math.max(box.width, box.height);
  const width = Math.max(1, Math.round(box.width * scale)), height = Math.max(1, Math.round(box.height * scale));
  const small = resized(image, box, width, height);
  let [ink, down, right] = [0, 0, 0];
  small.forEach((pixel, at) => {
    ink += pixel;
    down += pixel * Math.floor(at / width);
    right += pixel * (at % width);
  });
  const place = (mass, size) => Math.max(0, Math.min(SIDE - size, Math.round(MIDDLE - mass / ink)));
  const top = place(down, height), left = place(right, width), whole = new Float64Array(SIDE * SIDE);
  small.forEach((pixel, at) => { whole[(top + Math.floor(at / width)) * SIDE + left + (at % width)] = pixel; });
  return whole;
}

/** Scale the whole image to 28 × 28, wherever its ink is. */
export const shrunk = (image) => resized(image, { top: 0, left: 0, width: image.width, height: image.height }, SIDE, SIDE);

function inked({ width, height, X }) {
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++)
      if (X[i * width + j] > 0) [top, bottom, left, right] = [Math.min(top, i), i, Math.min(left, j), Math.max(right, j)];
  return bottom < 0 ? null : { top, left, width: right - left + 1, height: bottom - top + 1 };
}

// Each pixel becomes the mean of what it covers.
function resized({ width, X }, box, columns, rows) {
  const [down, across] = [covered(box.height, rows), covered(box.width, columns)], small = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (const [row, high] of down[i])
        for (const [column, wide] of across[j]) sum += high * wide * X[(box.top + row) * width + box.left + column];
      small[i * columns + j] = sum;
    }
  return small;
}

// The pixels of an axis that each of fewer, or more, covers: [which, share].
function covered(size, parts) {
  const each = size / parts;
  return Array.from({ length: parts }, (_, part) => {
    const from = part * each, to = from + each, pixels = [];
    for (let at = Math.floor(from + 1e-9); at < to - 1e-9; at++) pixels.push([at, (Math.min(to, at + 1) - Math.max(from, at)) / each]);
    return pixels;
  });
}

/** Turn an image of 28 × 28 about its middle, clockwise, in degrees. */
export function turned(image, degrees) {
  if (!degrees) return image;
  const middle = (SIDE - 1) / 2, cos = Math.cos((degrees * Math.PI) / 180), sin = Math.sin((degrees * Math.PI) / 180);
  const pixel = (i, j) => (i < 0 || j < 0 || i >= SIDE || j >= SIDE ? 0 : image[i * SIDE + j]);
  return Float64Array.from({ length: SIDE * SIDE }, (_, at) => {
    const y = Math.floor(at / SIDE) - middle, x = (at % SIDE) - middle;
    const [from, beside] = [middle + y * cos - x * sin, middle + y * sin + x * cos], [i, j] = [Math.floor(from), Math.floor(beside)];
    const [a, b] = [from - i, beside - j];
    return (1 - a) * ((1 - b) * pixel(i, j) + b * pixel(i, j + 1)) + a * ((1 - b) * pixel(i + 1, j) + b * pixel(i + 1, j + 1));
  });
}

/**
 * Find the ink of a grey picture, 0 black to 255 white: what differs from its border, be the paper light or dark. Throws an
 * Error with a sentence if nothing does.
 */
export function inkOf({ width, height, X }) {
  const border = X.filter((_, at) => at < width || at >= X.length - width || at % width === 0 || at % width === width - 1).sort();
  const paper = border[border.length >> 1], contrast = X.map((grey) => Math.abs(grey - paper)), most = contrast.reduce((a, b) => Math.max(a, b), 0);
  if (most < FAINTEST) throw new Error("There is no digit in this picture: nothing on it is darker or lighter than its border. Write larger, or with more ink.");
  // Paper has shades, too: what differs little is paper, what differs most of the way is ink.
  return { width, height, X: contrast.map((one) => 255 * Math.max(0, Math.min(1, (one / most - 0.35) / 0.35))) };
}
