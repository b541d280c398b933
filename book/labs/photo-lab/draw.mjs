// The pictures of the laboratory: a photograph with what is covered, and a map laid over it.
import { signed } from "../shared/shades.mjs";
import { CELLS } from "./explain.mjs";

/** Show an image; `at` is the cell that is pointed at, if any. */
export function drawImage(canvas, { rows, columns, X }, at = null) {
  const c = put(canvas, rows, columns, (i) => [X[3 * i], X[3 * i + 1], X[3 * i + 2]]);
  if (at === null) return;
  const [height, width] = [rows / CELLS, columns / CELLS];
  c.strokeStyle = "#fff";
  c.strokeRect((at % CELLS) * width + 0.5, Math.floor(at / CELLS) * height + 0.5, width - 1, height - 1);
}

/** Lay a map over the grey image, as course_utils.plot.heatmap does: orange above zero, purple below, clear at zero. */
export function drawHeat(canvas, { rows, columns, X }, heat) {
  const sizes = heat.X.map(Math.abs).sort(), limit = sizes[Math.floor(0.99 * (sizes.length - 1))] || sizes.at(-1) || 1;
  put(canvas, rows, columns, (i) => {
    const at = Math.floor((Math.floor(i / columns) * heat.rows) / rows) * heat.columns + Math.floor(((i % columns) * heat.columns) / columns);
    // Paler than the photograph, so that both ends of the scale stand out from it.
    const grey = 102 + 0.6 * (0.299 * X[3 * i] + 0.587 * X[3 * i + 1] + 0.114 * X[3 * i + 2]), share = Math.max(-1, Math.min(1, heat.X[at] / limit)), alpha = Math.sqrt(Math.abs(share));
    return signed(share).map((colour) => alpha * colour + (1 - alpha) * grey);
  });
}

function put(canvas, rows, columns, colour) {
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext("2d"), image = context.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) image.data.set([...colour(i), 255], 4 * i);
  context.putImageData(image, 0, 0);
  return context;
}
