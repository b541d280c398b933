// Photographs as a network gets them: cut to a square, and made small as Pillow's bilinear filter makes them small.
import { opened } from "./grey.mjs";

const LARGEST = 1024; // pixels of the longer side of a reader's photograph

/** Read a picture's colours, 0 to 255: { rows, columns, channels, X }. */
export function coloursOf(source, width, height) {
  const scale = Math.min(1, LARGEST / Math.max(width, height)), [columns, rows] = [width, height].map((n) => Math.max(1, Math.round(n * scale)));
  const context = Object.assign(document.createElement("canvas"), { width: columns, height: rows }).getContext("2d", { willReadFrequently: true });
  // What is transparent lies on white, as on the page.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, columns, rows);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, columns, rows);
  const { data } = context.getImageData(0, 0, columns, rows);
  return { rows, columns, channels: 3, X: Uint8Array.from({ length: 3 * rows * columns }, (_, i) => data[4 * Math.floor(i / 3) + (i % 3)]) };
}

/** Read a reader's file. Throws an Error with a sentence if it is no picture. */
export async function ofFile(file) {
  const bitmap = await opened(file);
  return coloursOf(bitmap, bitmap.width, bitmap.height);
}

/** Read a picture that an address holds. */
export async function ofAddress(address) {
  const picture = Object.assign(new Image(), { src: address });
  await picture.decode();
  return coloursOf(picture, picture.naturalWidth, picture.naturalHeight);
}

/** Make a picture a square of so many pixels, or so many rows and columns: squeezed, or the square in its middle, or padded with black. */
export function squared(image, way, rows, columns = rows) {
  return shrunk(way === "squeezed" ? image : framed(image, Math[way === "cropped" ? "min" : "max"](image.rows, image.columns)), rows, columns);
}

// The square in the middle; beyond the picture it is black.
function framed({ rows, columns, X }, side) {
  const framed = new Uint8Array(3 * side * side), top = Math.floor((rows - side) / 2), left = Math.floor((columns - side) / 2);
  const from = Math.max(0, left), to = Math.min(columns, left + side);
  for (let row = Math.max(0, top); row < Math.min(rows, top + side); row++)
    framed.set(X.subarray(3 * (row * columns + from), 3 * (row * columns + to)), 3 * ((row - top) * side + from - left));
  return { rows: side, columns: side, channels: 3, X: framed };
}

/** Resize as Pillow does: first along the rows, then along the columns, each time to whole numbers. */
export function shrunk({ rows, columns, X }, high, wide = high) {
  const across = weights(columns, wide), down = weights(rows, high), narrow = new Uint8Array(3 * rows * wide), small = new Uint8Array(3 * high * wide);
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < wide; j++) mix(X, 3 * row * columns, 3, across[j], narrow, 3 * (row * wide + j));
  for (let i = 0; i < high; i++)
    for (let j = 0; j < wide; j++) mix(narrow, 3 * j, 3 * wide, down[i], small, 3 * (i * wide + j));
  return { rows: high, columns: wide, channels: 3, X: small };
}

function mix(X, start, step, { first, shares }, Y, at) {
  for (let c = 0; c < 3; c++) {
    let sum = 0;
    for (let i = 0; i < shares.length; i++) sum += shares[i] * X[start + (first + i) * step + c];
    Y[at + c] = Math.max(0, Math.min(255, Math.floor(sum + 0.5)));
  }
}

// Where each new pixel looks, and how much each old one counts: a triangle, as wide as the picture is made smaller.
function weights(from, to) {
  const scale = from / to, reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const middle = (i + 0.5) * scale, first = Math.max(0, Math.floor(middle - reach + 0.5)), last = Math.min(from, Math.floor(middle + reach + 0.5));
    const shares = Array.from({ length: last - first }, (_, j) => Math.max(0, 1 - Math.abs((first + j - middle + 0.5) / reach))), sum = shares.reduce((a, b) => a + b);
    return { first, shares: shares.map((share) => share / sum) };
  });
}
