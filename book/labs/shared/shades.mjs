// Numbers as shades: grey from black to white, or purple for negative, orange for positive.
const SIGNED = [[45, 0, 75], [128, 115, 172], [247, 247, 247], [224, 130, 20], [127, 59, 8]];
const GREY = Array.from({ length: 256 }, (_, grey) => [grey, grey, grey, 255]);
const BOTH = Array.from({ length: 257 }, (_, step) => {
  const at = (step / 256) * (SIGNED.length - 1), i = Math.min(Math.floor(at), SIGNED.length - 2);
  return [...SIGNED[i].map((from, channel) => from + (SIGNED[i + 1][channel] - from) * (at - i)), 255];
});

/** Paint a map of numbers, from 0 to `limit`, or from -`limit` to `limit` if they are signed. */
export function shaded(width, height, X, limit, signed) {
  const image = new ImageData(width, height), shades = signed ? BOTH : GREY, lowest = signed ? -limit : 0;
  for (let i = 0; i < X.length; i++) {
    const share = Math.max(0, Math.min(1, (X[i] - lowest) / (limit - lowest)));
    image.data.set(shades[Math.round(share * (shades.length - 1))], 4 * i);
  }
  return image;
}

/** The colour of a signed share, from -1 to 1: purple below zero, orange above. */
export const signed = (share) => BOTH[Math.round((0.5 + share / 2) * (BOTH.length - 1))].slice(0, 3);
