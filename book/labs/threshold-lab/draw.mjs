// Four pictures of scores: where they lie, ROC, precision and recall, and calibration. Two parts each, a line solid and a line dashed.
import { svg } from "../shared/dom.mjs";

const WIDTH = 330, HEIGHT = 260, LEFT = 44, RIGHT = 10, TOP = 10, BOTTOM = 36, BINS = 40;
const across = (share) => LEFT + share * (WIDTH - LEFT - RIGHT), up = (share) => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
const TICKS = [0, 0.25, 0.5, 0.75, 1];

export const panel = (name) => svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: `panel ${name}` });

/** Where a pointer is in a panel, as shares of its width and height. */
export function place(picture, { clientX, clientY }) {
  const box = picture.getBoundingClientRect(), scale = WIDTH / box.width;
  return [((clientX - box.left) * scale - LEFT) / (WIDTH - LEFT - RIGHT), (HEIGHT - BOTTOM - (clientY - box.top) * scale) / (HEIGHT - TOP - BOTTOM)];
}

function frame(x, y, [low, high] = [0, 1], levels = TICKS) {
  const digits = high - low > 20 ? 0 : 2;
  return [
    ...levels.flatMap((tick) => [
      svg("line", { x1: across(0), x2: across(1), y1: up(tick), y2: up(tick), class: "grid" }),
      svg("text", { x: LEFT - 5, y: up(tick) + 4, "text-anchor": "end" }, tick.toFixed(2)),
    ]),
    ...[0, 0.5, 1].map((tick) => svg("text", { x: across(tick), y: HEIGHT - BOTTOM + 15, "text-anchor": ["start", "middle", "end"][2 * tick] }, (low + tick * (high - low)).toFixed(digits))),
    svg("text", { x: across(0.5), y: HEIGHT - 4, "text-anchor": "middle" }, x),
    ...(y ? [svg("text", { x: -up(0.5), y: 9, transform: "rotate(-90)", "text-anchor": "middle" }, y)] : []),
  ];
}

const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${across(x).toFixed(1)} ${up(y).toFixed(1)}`).join("");
const lines = (pair) => pair.map((points, i) => svg("path", { d: path(points), class: `curve ${i ? "judged" : "chosen"}` })).reverse();
const marks = (pair) => pair.map(([x, y], i) => svg("circle", { cx: across(x), cy: up(y), r: i ? 4 : 6, class: `mark ${i ? "judged" : "chosen"}` }));

/** Scores of a part: positives above the middle, negatives below, numbers on a logarithmic scale; and the threshold. */
export function drawScores(picture, { label, score }, part, [low, high], share, names) {
  const bins = [new Int32Array(BINS), new Int32Array(BINS)];
  for (const i of part) bins[label[i]][Math.min(BINS - 1, Math.floor(((score[i] - low) / (high - low || 1)) * BINS))]++;
  const most = Math.log1p(Math.max(...bins[0], ...bins[1])), tall = (n) => (0.48 * Math.log1p(n)) / most, wide = (WIDTH - LEFT - RIGHT) / BINS;
  const bars = bins.flatMap((numbers, k) => Array.from(numbers, (n, i) => svg("rect", {
    x: across(i / BINS) + 0.5, width: wide - 1, y: k ? up(0.5 + tall(n)) : up(0.5), height: up(0) - up(tall(n)), class: k ? "bar positive" : "bar negative",
  })));
  picture.replaceChildren(...frame("score", null, [low, high], []), ...bars,
    svg("line", { x1: across(0), x2: across(1), y1: up(0.5), y2: up(0.5), class: "axis" }),
    ...[[names[1], 0.9], [names[0], 0.04]].map(([name, y]) => svg("text", { x: -up(y), y: 14, transform: "rotate(-90)", "text-anchor": y > 0.5 ? "end" : "start", class: "name" }, name)),
    svg("line", { x1: across(share), x2: across(share), y1: up(1), y2: up(0), class: "threshold" }),
    svg("circle", { cx: across(share), cy: up(1) + 4, r: 6, class: "handle" }));
}

/** `pair` and `at`: the curve and the point of each part, as [false alarms, recall]. */
export function drawRoc(picture, pair, at) {
  picture.replaceChildren(...frame("share of negatives called positive", "recall"), svg("path", { d: path([[0, 0], [1, 1]]), class: "nothing" }), ...lines(pair), ...marks(at));
}

/** `pair` and `at`: the curve and the point of each part, as [recall, precision]; `positives` is the precision of guessing. */
export function drawPrecision(picture, pair, at, positives) {
  picture.replaceChildren(...frame("recall", "precision"), svg("path", { d: path([[0, positives], [1, positives]]), class: "nothing" }), ...lines(pair), ...marks(at));
}

/** `pair`: for each part [claimed, delivered, number] of each bin. */
export function drawCalibration(picture, pair) {
  const dots = pair.flatMap((bins, i) => bins.map(([x, y]) => svg("circle", { cx: across(x), cy: up(y), r: i ? 2.5 : 4, class: `mark ${i ? "judged" : "chosen"}` })));
  picture.replaceChildren(...frame("claimed probability", "share of positives"), svg("path", { d: path([[0, 0], [1, 1]]), class: "nothing" }), ...lines(pair), ...dots);
}
