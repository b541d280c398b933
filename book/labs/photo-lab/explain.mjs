// Maps of where a network looks, as course_utils.inside makes them. They are for the answer "dog", with a sign: what speaks
// for a dog speaks against a cat.
import { rerun, run, slopes } from "../shared/layers.mjs";

export const CELLS = 8; // along each side, in which maps are compared and squares are covered

/** The number that goes into the sigmoid. */
export const logit = (net, image) => run(net, image).at(-1).X[0];

/** How strongly the logit reacts to each pixel: its largest slope among the three colours. */
export function saliency(net, image, made = run(net, image)) {
  const [slope] = slopes(net, made), X = new Float32Array(image.rows * image.columns);
  X.forEach((_, i) => { X[i] = Math.max(...[0, 1, 2].map((c) => Math.abs(slope[3 * i + c]))); });
  return { rows: image.rows, columns: image.columns, X };
}

/** Grad-CAM of a layer's maps, before what is negative is dropped. */
export function gradCam(net, image, name, made = run(net, image)) {
  const at = net.findIndex((layer) => layer.name === name), { rows, columns, channels, X: maps } = made[at];
  const slope = slopes(net, made, at)[at], weights = new Float64Array(channels);
  slope.forEach((s, i) => { weights[i % channels] += s / (rows * columns); });
  const X = new Float32Array(rows * columns);
  maps.forEach((x, i) => { X[Math.floor(i / channels)] += weights[i % channels] * x; });
  return { rows, columns, X };
}

/**
 * By how much the logit falls when a cell is covered: a function that answers for one cell after another. What lies outside
 * of the cell is the same each time, so it is computed once.
 */
export function occluder(net, image) {
  const made = run(net, image);
  return (cell) => made.at(-1).X[0] - rerun(net, made, covered(image, [cell]), partOf(cell, image)).at(-1).X[0];
}

function partOf(cell, { rows, columns }) {
  const [top, bottom] = edges(Math.floor(cell / CELLS), rows), [left, right] = edges(cell % CELLS, columns);
  return { top, bottom, left, right };
}

/** Paint cells of an image, those in `which`, with its mean colour. */
export function covered({ rows, columns, X }, which) {
  const mean = [0, 1, 2].map((c) => X.reduce((sum, x, i) => sum + (i % 3 === c ? x : 0), 0) / (rows * columns)), painted = Float32Array.from(X);
  for (const cell of which) {
    const { top, bottom, left, right } = partOf(cell, { rows, columns });
    for (let i = top; i < bottom; i++) for (let j = left; j < right; j++) painted.set(mean, 3 * (i * columns + j));
  }
  return { rows, columns, channels: 3, X: painted };
}

const edges = (cell, length) => [cell, cell + 1].map((edge) => Math.round((edge * length) / CELLS));

/** Means of a map over cells, row by row; where it is coarser than they are, it is stretched. */
export function inCells({ rows, columns, X }) {
  const shares = (n) => Array.from({ length: CELLS }, (_, cell) => Array.from({ length: n }, (_, i) => {
    const [from, to] = [(cell * n) / CELLS, ((cell + 1) * n) / CELLS];
    return Math.max(0, Math.min(to, i + 1) - Math.max(from, i)) / (to - from);
  }));
  const down = shares(rows), across = shares(columns);
  return Float64Array.from({ length: CELLS * CELLS }, (_, at) => {
    const [y, x] = [down[Math.floor(at / CELLS)], across[at % CELLS]];
    return y.reduce((sum, a, i) => (a ? sum + a * x.reduce((part, b, j) => part + b * X[i * columns + j], 0) : sum), 0);
  });
}

/** The cells with the largest numbers, the largest first; of equal ones those that come first. */
export const highest = (cells, n) => [...cells.keys()].sort((a, b) => cells[b] - cells[a] || a - b).slice(0, n);

/** Rank correlation (Spearman's) of two rows of numbers; equal numbers share their ranks. NaN if one of them is constant. */
export function rankCorrelation(first, second) {
  const [a, b] = [ranks(first), ranks(second)], middle = (a.length - 1) / 2;
  let both = 0, one = 0, other = 0;
  a.forEach((rank, i) => {
    both += (rank - middle) * (b[i] - middle);
    one += (rank - middle) ** 2;
    other += (b[i] - middle) ** 2;
  });
  return both / Math.sqrt(one * other);
}

function ranks(values) {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]), found = new Float64Array(values.length);
  for (let from = 0, to; from < order.length; from = to) {
    for (to = from; to < order.length && values[order[to]] === values[order[from]]; to++);
    for (let i = from; i < to; i++) found[order[i]] = (from + to - 1) / 2;
  }
  return found;
}
