// The pictures of the laboratory: what the network gets, its first kernels, and what a layer makes.
import { shaded } from "../shared/shades.mjs";

const GAP = 1; // pixel between two pictures
const WIDER = 2.2; // how many times as wide as high many pictures side by side are

/** Show a picture, red, green and blue from 0 to 255. */
export function drawImage(canvas, { rows, columns, X }) {
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext("2d"), image = context.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) image.data.set([X[3 * i], X[3 * i + 1], X[3 * i + 2], 255], 4 * i);
  context.putImageData(image, 0, 0);
}

/**
 * Show kernels, for each place and channel a number of every filter. On one channel purple is negative and orange positive;
 * on three they are colours, in which 0 is grey. All have one scale.
 */
export function drawFilters(canvas, { rows, columns, channels, n, X }, most) {
  const limit = largest(X), shown = Math.min(n, most);
  side(canvas, rows, columns, shown, (filter) => {
    const pixels = Float32Array.from({ length: rows * columns * channels }, (_, i) => X[i * n + filter]);
    if (channels === 1) return shaded(columns, rows, pixels, limit, true);
    const image = new ImageData(columns, rows);
    for (let i = 0; i < rows * columns; i++) image.data.set([...pixels.subarray(3 * i, 3 * i + 3)].map((x) => 127.5 * (1 + x / limit)).concat(255), 4 * i);
    return image;
  });
}

/** Show the maps of a layer; black is 0, or purple the most negative number and orange the most positive one. */
export function drawMaps(canvas, shape, X, most) {
  const [rows, columns, n] = shape.length === 3 ? shape : shape.length === 2 ? [...shape, 1] : [1, 1, shape[0]], limit = largest(X), signed = X.some((x) => x < 0);
  side(canvas, rows, columns, Math.min(n, most), (map) => shaded(columns, rows, Float32Array.from({ length: rows * columns }, (_, i) => X[i * n + map]), limit, signed));
}

const largest = (X) => X.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;

function side(canvas, rows, columns, n, picture) {
  const beside = Math.max(1, Math.min(n, Math.ceil(Math.sqrt((WIDER * n * (rows + GAP)) / (columns + GAP)))));
  [canvas.width, canvas.height] = [beside * (columns + GAP) - GAP, Math.ceil(n / beside) * (rows + GAP) - GAP];
  const context = canvas.getContext("2d");
  for (let i = 0; i < n; i++) context.putImageData(picture(i), (i % beside) * (columns + GAP), Math.floor(i / beside) * (rows + GAP));
  // Small ones are enlarged, large ones are not.
  canvas.style.maxWidth = `${Math.max(canvas.width * Math.max(1, Math.min(24, Math.floor(640 / canvas.width))), 160)}px`;
}
