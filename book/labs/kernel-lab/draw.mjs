// A map of numbers as a picture, with the place that is pointed at.
import { shaded } from "../shared/shades.mjs";

export function drawMap(canvas, { width, height, X }, limit, signed, mark) {
  const sharp = devicePixelRatio || 1, shown = Math.max(120, canvas.clientWidth);
  canvas.style.aspectRatio = `${width} / ${height}`;
  const [w, h] = [Math.round(shown * sharp), Math.round((shown * sharp * height) / width)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const c = canvas.getContext("2d");
  c.imageSmoothingEnabled = w < width; // enlarged pixels have sharp edges
  c.drawImage(painted(width, height, X, limit, signed), 0, 0, w, h);
  if (!mark) return;
  const side = w / width, [x, y, span] = [mark.column * side, mark.row * side, Math.max(mark.span * side, 5 * sharp)];
  for (const [line, colour] of [[4, "#fff"], [2, "#a83a1d"]]) {
    [c.lineWidth, c.strokeStyle] = [line * sharp, colour];
    c.strokeRect(x, y, span, span);
  }
}

// A map is painted once, however often it is shown.
const paintings = new WeakMap();

function painted(width, height, X, limit, signed) {
  const known = paintings.get(X);
  if (known?.limit === limit && known.signed === signed) return known.small;
  const small = Object.assign(document.createElement("canvas"), { width, height });
  small.getContext("2d").putImageData(shaded(width, height, X, limit, signed), 0, 0);
  paintings.set(X, { limit, signed, small });
  return small;
}
