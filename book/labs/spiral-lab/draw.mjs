// The two pictures: the plane with points and answers, and the accuracy from epoch to epoch.
import { svg } from "../shared/dom.mjs";

export const GRID = 72; // knots of the map along each axis

// Viridis from dark to almost the end, as course_utils.plot colours classes.
const VIRIDIS = [[68, 1, 84], [70, 50, 127], [54, 92, 141], [39, 127, 142], [31, 161, 135], [74, 194, 109], [159, 218, 58], [223, 227, 24]];
export function colours(n) {
  return Array.from({ length: n }, (_, k) => {
    const at = n > 1 ? (k / (n - 1)) * (VIRIDIS.length - 1) : 0, i = Math.min(Math.floor(at), VIRIDIS.length - 2);
    return VIRIDIS[i].map((c, channel) => Math.round(c + (VIRIDIS[i + 1][channel] - c) * (at - i)));
  });
}

/** The square of the plane that holds all points of the spiral, which lie around zero; own points may lie anywhere. */
export function frame(X) {
  const edge = 1.04 * X.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return [[-edge, edge], [-edge, edge]];
}

/** The part that holds the reader's own points: it stays where it is as long as they stay near the middle. */
export function frameOfOwn(X) {
  if (X.every((x) => Math.abs(x) <= 3)) return [[-3, 3], [-3, 3]];
  return [0, 1].map((axis) => {
    const values = X.filter((_, i) => i % 2 === axis);
    const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    const margin = 0.06 * (high - low || 1);
    return [low - margin, high + margin];
  });
}

/** Places of the map's knots, row by row from the top, as the network reads points. */
export function knots([[left, right], [low, high]]) {
  const at = (i, from, to) => from + ((i + 0.5) / GRID) * (to - from);
  const X = new Float64Array(2 * GRID * GRID);
  for (let row = 0; row < GRID; row++)
    for (let column = 0; column < GRID; column++) {
      X[2 * (row * GRID + column)] = at(column, left, right);
      X[2 * (row * GRID + column) + 1] = at(row, high, low);
    }
  return X;
}

const MARKS = [
  (c, r) => c.arc(0, 0, r, 0, 7),
  (c, r) => c.rect(-0.85 * r, -0.85 * r, 1.7 * r, 1.7 * r),
  (c, r) => polygon(c, [[0, -1.2 * r], [1.1 * r, 0.85 * r], [-1.1 * r, 0.85 * r]]),
  (c, r) => polygon(c, [[0, -1.25 * r], [1.25 * r, 0], [0, 1.25 * r], [-1.25 * r, 0]]),
  (c, r) => polygon(c, [[0, 1.2 * r], [1.1 * r, -0.85 * r], [-1.1 * r, -0.85 * r]]),
];
const polygon = (c, corners) => { corners.forEach(([x, y], i) => (i ? c.lineTo(x, y) : c.moveTo(x, y))); c.closePath(); };

/**
 * Draw the plane: the answers as colours, paler where the network is less sure, and the points over them; those behind
 * the first `solid` are held out, and hollow.
 * `cross` is the place of a keyboard's cross-hair, or null.
 */
export function drawPlane(canvas, { X, y, names, solid = y.length }, edges, map, cross) {
  const size = Math.max(160, Math.round(canvas.clientWidth)), sharp = devicePixelRatio || 1;
  if (canvas.width !== size * sharp) [canvas.width, canvas.height] = [size * sharp, size * sharp];
  const c = canvas.getContext("2d"), palette = colours(names.length);
  c.setTransform(sharp, 0, 0, sharp, 0, 0);
  const paper = getComputedStyle(canvas).getPropertyValue("--pst-color-background").trim() || "#fff";
  c.fillStyle = paper;
  c.fillRect(0, 0, size, size);
  if (map) c.drawImage(shaded(map, palette, c.fillStyle), 0, 0, size, size);
  const place = (x, [low, high]) => ((x - low) / (high - low)) * size;
  for (let i = 0; i < y.length; i++) {
    c.save();
    c.translate(place(X[2 * i], edges[0]), size - place(X[2 * i + 1], edges[1]));
    c.beginPath();
    MARKS[y[i] % MARKS.length](c, size < 300 ? 2.4 : 3);
    c.fillStyle = i < solid ? `rgb(${palette[y[i]]})` : "#fff";
    [c.strokeStyle, c.lineWidth] = i < solid ? ["#fff", 0.6] : [`rgb(${palette[y[i]]})`, 1.6];
    c.fill();
    c.stroke();
    c.restore();
  }
  if (!cross) return;
  const [x, up] = [place(cross[0], edges[0]), size - place(cross[1], edges[1])];
  for (const [width, colour] of [[4, "#fff"], [1.5, "#000"]]) {
    [c.lineWidth, c.strokeStyle] = [width, colour];
    c.beginPath();
    for (const [a, b, d, e] of [[-10, 0, 10, 0], [0, -10, 0, 10]]) { c.moveTo(x + a, up + b); c.lineTo(x + d, up + e); }
    c.stroke();
  }
}

function shaded(map, palette, paper) {
  const classes = palette.length, small = Object.assign(document.createElement("canvas"), { width: GRID, height: GRID });
  const image = new ImageData(GRID, GRID), ground = paper.match(/\w\w/g).map((two) => parseInt(two, 16));
  for (let i = 0; i < GRID * GRID; i++) {
    let best = 0;
    for (let k = 1; k < classes; k++) if (map[i * classes + k] > map[i * classes + best]) best = k;
    const sure = (map[i * classes + best] - 1 / classes) / (1 - 1 / classes);
    for (let channel = 0; channel < 3; channel++)
      image.data[4 * i + channel] = ground[channel] + (palette[best][channel] - ground[channel]) * (0.08 + 0.6 * sure);
    image.data[4 * i + 3] = 255;
  }
  small.getContext("2d").putImageData(image, 0, 0);
  return small;
}

const WIDTH = 360, HEIGHT = 300, LEFT = 30, RIGHT = 8, TOP = 8, BOTTOM = 34;

/**
 * Draw the accuracy of several seeds over the epochs: a line for the median and a band from the lowest to the highest.
 * `history` has for each epoch [epoch, training of each seed, held-out of each seed]; `lines` are accuracies by name.
 */
export function drawChart(picture, history, epochs, lines, chance) {
  const x = (epoch) => LEFT + (epoch / epochs) * (WIDTH - LEFT - RIGHT), y = (share) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  const path = (points) => points.map(([e, a], i) => `${i ? "L" : "M"}${x(e).toFixed(1)} ${y(a).toFixed(1)}`).join("");
  const band = (column) => {
    const low = history.map((row) => [row[0], Math.min(...row[column])]), high = history.map((row) => [row[0], Math.max(...row[column])]);
    return `${path(high)}L${path(low.reverse()).slice(1)}Z`;
  };
  const parts = [];
  for (const share of [0, 0.2, 0.4, 0.6, 0.8, 1]) {
    parts.push(svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(share), y2: y(share), class: "grid" }));
    parts.push(svg("text", { x: LEFT - 6, y: y(share) + 4, "text-anchor": "end" }, share.toFixed(1)));
  }
  for (const part of [0, 0.5, 1]) {
    const anchor = ["start", "middle", "end"][2 * part];
    parts.push(svg("text", { x: x(part * epochs), y: HEIGHT - BOTTOM + 16, "text-anchor": anchor }, String(Math.round(part * epochs))));
  }
  parts.push(svg("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 4, "text-anchor": "middle" }, "epoch"));
  const simple = [...Object.entries(lines), ["most frequent class", chance]].sort((a, b) => b[1] - a[1]);
  for (const [, share] of simple) parts.push(svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(share), y2: y(share), class: "baseline" }));
  if (history.length) {
    parts.push(svg("path", { d: band(1), class: "band training" }), svg("path", { d: band(2), class: "band held-out" }));
    const medians = (column) => history.map((row) => [row[0], median(row[column])]);
    parts.push(svg("path", { d: path(medians(1)), class: "curve training" }), svg("path", { d: path(medians(2)), class: "curve held-out" }));
  }
  // Names of baselines stand below their lines, as curves end above them, and keep apart, though the lines may not.
  let last = -Infinity;
  for (const [name, share] of simple) {
    const at = Math.max(y(share) + 12, last + 13);
    last = at;
    parts.push(svg("text", { x: WIDTH - RIGHT - 2, y: at, "text-anchor": "end", class: "name" }, `${name} ${share.toFixed(2)}`));
  }
  // Below what guessing reaches there is room for what the curves are.
  for (const [i, name] of history.length ? ["held-out", "training"].entries() : []) {
    const from = LEFT + 12 + i * 120;
    parts.push(svg("path", { d: `M${from} ${y(0.07)}h26`, class: `curve ${name}` }));
    parts.push(svg("text", { x: from + 32, y: y(0.07) + 4 }, name));
  }
  picture.replaceChildren(...parts);
}

export const chart = () => svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "chart" });

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
