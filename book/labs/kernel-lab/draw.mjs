// A map of numbers as a picture: grey from black to white, or purple for negative, orange for positive.
const SIGNED = [[45, 0, 75], [128, 115, 172], [247, 247, 247], [224, 130, 20], [127, 59, 8]];

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
  const image = new ImageData(width, height), shades = signed ? SHADES.signed : SHADES.grey, lowest = signed ? -limit : 0;
  for (let i = 0; i < X.length; i++) {
    const share = Math.max(0, Math.min(1, (X[i] - lowest) / (limit - lowest)));
    image.data.set(shades[Math.round(share * (shades.length - 1))], 4 * i);
  }
  const small = Object.assign(document.createElement("canvas"), { width, height });
  small.getContext("2d").putImageData(image, 0, 0);
  paintings.set(X, { limit, signed, small });
  return small;
}

const SHADES = {
  grey: Array.from({ length: 256 }, (_, grey) => [grey, grey, grey, 255]),
  signed: Array.from({ length: 257 }, (_, step) => {
    const at = (step / 256) * (SIGNED.length - 1), i = Math.min(Math.floor(at), SIGNED.length - 2);
    return [...SIGNED[i].map((from, channel) => from + (SIGNED[i + 1][channel] - from) * (at - i)), 255];
  }),
};
