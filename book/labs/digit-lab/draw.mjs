// The pictures of the laboratory: an image, the maps of a layer, and the table of shifts.
import { shaded } from "../shared/shades.mjs";

/** Show an image, ink white on black. */
export function drawImage(canvas, { width, height, X }) {
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d").putImageData(shaded(width, height, X, 255, false), 0, 0);
}

const BESIDE = { 28: 8, 14: 16, 7: 16, 3: 24 }; // maps of a row, by their size

/** Show the maps of a layer side by side; black is 0, or the most negative number is purple and the most positive orange. */
export function drawMaps(canvas, { side, channels }, X) {
  const beside = BESIDE[side], signed = X.some((x) => x < 0), limit = X.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;
  [canvas.width, canvas.height] = [beside * (side + 1) - 1, Math.ceil(channels / beside) * (side + 1) - 1];
  const c = canvas.getContext("2d");
  for (let channel = 0; channel < channels; channel++) {
    const map = X.filter((_, i) => i % channels === channel);
    c.putImageData(shaded(side, side, map, limit, signed), (channel % beside) * (side + 1), Math.floor(channel / beside) * (side + 1));
  }
}

/** Show the answer to each shift, darker where it is surer; `here` is the shift that is shown elsewhere. */
export function drawShifts(canvas, answers, span, kept, here) {
  const sharp = devicePixelRatio || 1, size = Math.round(Math.max(canvas.clientWidth, 200) * sharp), cell = size / span;
  [canvas.width, canvas.height] = [size, size];
  const c = canvas.getContext("2d"), style = getComputedStyle(canvas), colour = (name) => style.getPropertyValue(`--${name}`);
  [c.textAlign, c.textBaseline] = ["center", "middle"];
  answers.forEach((answer, at) => {
    if (!answer) return;
    const [x, y] = [(at % span) * cell, Math.floor(at / span) * cell], same = answer.digit === kept;
    c.globalAlpha = 0.12 + 0.33 * answer.probability;
    c.fillStyle = colour(same ? "same" : "other");
    c.fillRect(x + 1, y + 1, cell - 2, cell - 2);
    c.globalAlpha = 1;
    c.fillStyle = colour("text");
    c.font = `${same ? 400 : 700} ${Math.round(0.6 * cell)}px ${style.fontFamily}`;
    c.fillText(answer.digit, x + cell / 2, y + cell / 2 + 1);
  });
  if (!here) return;
  [c.lineWidth, c.strokeStyle] = [2 * sharp, colour("text")];
  c.strokeRect(here.column * cell + 1, here.row * cell + 1, cell - 2, cell - 2);
}
