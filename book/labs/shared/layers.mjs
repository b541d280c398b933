// Networks for images, layer by layer, on typed arrays: what Keras computes from them, and its slopes.
//
// A network is a list of layers, each behind those that it reads: { kind, name, from, … }, where `from` lists their places
// and the first is the image itself. What a layer makes are maps { rows, columns, channels, X }, channels last; kernels
// (k, k, channels, filters) lie as Keras has them. A dense layer is a convolution of 1 × 1.
import { multiply, packed, turned } from "./matrix.mjs";
import { outputSize } from "./sizes.mjs";

/** What every layer makes of an image. */
export function run(net, image) {
  const made = [];
  for (const layer of net) made.push(layer.kind === "image" ? exact(image) : KINDS[layer.kind].make(layer, null, ...layer.from.map((i) => made[i])));
  return made;
}

/**
 * The same when a part of the image has changed since what was `made`: only that is computed anew which depends on it. A part
 * is { top, bottom, left, right }, the last row and column not among them.
 */
export function rerun(net, made, image, part) {
  const again = [], parts = [];
  net.forEach((layer, at) => {
    if (layer.kind === "image") [again[at], parts[at]] = [exact(image), part];
    else {
      const maps = layer.from.map((i) => again[i]);
      parts[at] = reached(layer, maps, layer.from.map((i) => parts[i]));
      again[at] = KINDS[layer.kind].make(layer, { ...parts[at], X: made[at].X.slice() }, ...maps);
    }
  });
  return again;
}

// Numbers between whole ones must find room.
const exact = (image) => ({ ...image, X: Float32Array.from(image.X) });

// Which part of what a layer makes depends on the parts of its maps that have changed.
function reached(layer, [maps], parts) {
  const ends = (name) => parts.map((each) => each[name]), [least, most] = [Math.min, Math.max];
  const part = { top: least(...ends("top")), bottom: most(...ends("bottom")), left: least(...ends("left")), right: most(...ends("right")) };
  if (layer.kind === "average") return { top: 0, bottom: 1, left: 0, right: 1 };
  if (layer.kind === "gate") return { top: 0, bottom: maps.rows, left: 0, right: maps.columns };
  if (layer.kind !== "conv" && layer.kind !== "pool") return part;
  const { k, stride } = layer, place = places(layer, maps);
  const first = (edge, outside) => Math.max(0, Math.ceil((edge + outside - k + 1) / stride)), last = (edge, outside, n) => Math.min(n, Math.floor((edge - 1 + outside) / stride) + 1);
  return {
    top: first(part.top, place.above), bottom: last(part.bottom, place.above, place.rows),
    left: first(part.left, place.before), right: last(part.right, place.before, place.columns),
  };
}

/**
 * The slope of the last layer's number along what the layers made, by their places, down to the one at `lowest`; of others,
 * on which it does not depend or which lie below, there is none.
 */
export function slopes(net, made, lowest = 0) {
  const found = made.map(() => null);
  found[net.length - 1] = new Float32Array(made.at(-1).X.length).fill(1);
  for (let at = net.length - 1; at > lowest; at--) {
    if (!found[at]) continue;
    const { kind, from } = net[at], parts = KINDS[kind].back(net[at], found[at], made[at], ...from.map((i) => made[i]));
    from.forEach((i, which) => {
      if (i >= lowest) found[i] = found[i] ? found[i].map((slope, j) => slope + parts[which][j]) : parts[which];
    });
  }
  return found;
}

const like = ({ rows, columns }, channels, X = new Float32Array(rows * columns * channels)) => ({ rows, columns, channels, X });
const whole = ({ rows, columns }, X) => ({ top: 0, bottom: rows, left: 0, right: columns, X });

// Number by number; of a part all its rows.
function each(maps, part, change) {
  const { top, bottom, X } = part ?? whole(maps, new Float32Array(maps.X.length)), row = maps.columns * maps.channels;
  for (let i = top * row; i < bottom * row; i++) X[i] = change(maps.X[i], i);
  return like(maps, maps.channels, X);
}

// What each kind of layer makes of its maps, anew or only a part of it; and how the slope along that turns into slopes along them.
const KINDS = {
  scale: {
    make: ({ scale, offset }, part, maps) => each(maps, part, (x, i) => x * scale + offset[i % offset.length]),
    back: ({ scale }, slope) => [slope.map((s) => s * scale)],
  },

  conv: {
    make(layer, part, maps) {
      const { k, stride, filters, bias } = layer, place = places(layer, maps), size = k * k * maps.channels;
      const { top, bottom, left, right, X } = part ?? whole(place, new Float32Array(place.rows * place.columns * filters));
      layer.packed ??= packed(layer.kernel, size, filters);
      for (let row = top; row < bottom; row++) {
        const first = row * place.columns + left, last = row * place.columns + right;
        X.fill(0, first * filters, last * filters);
        if (bias) for (let i = first; i < last; i++) X.set(bias, i * filters);
        const seen = k === 1 && stride === 1 ? maps.X.subarray(first * size, last * size) : windows(layer, maps, place, row, left, right);
        multiply(seen, right - left, size, layer.packed, filters, X, first * filters);
      }
      return like(place, filters, X);
    },
    back(layer, slope, made, maps) {
      const { k, filters } = layer, place = places(layer, maps), size = k * k * maps.channels, below = new Float32Array(maps.X.length);
      layer.turned ??= packed(turned(layer.kernel, size, filters), filters, size);
      for (let row = 0; row < place.rows; row++) {
        const shares = new Float32Array(place.columns * size);
        multiply(slope.subarray(row * place.columns * filters, (row + 1) * place.columns * filters), place.columns, filters, layer.turned, size, shares, 0);
        visit(layer, maps, place, row, 0, place.columns, (from, to, length) => { for (let i = 0; i < length; i++) below[from + i] += shares[to + i]; });
      }
      return [below];
    },
  },

  pool: {
    make(layer, part, maps) {
      const place = places(layer, maps), changed = part ?? whole(place, new Float32Array(place.rows * place.columns * maps.channels));
      largest(layer, maps, place, changed, (from, to) => { changed.X[to] = maps.X[from]; });
      return like(place, maps.channels, changed.X);
    },
    back(layer, slope, made, maps) {
      const below = new Float32Array(maps.X.length), place = places(layer, maps);
      largest(layer, maps, place, whole(place), (from, to) => { below[from] += slope[to]; });
      return [below];
    },
  },

  // With the running averages, as in prediction.
  norm: {
    make: (layer, part, maps) => each(maps, part, (x, i) => (x - layer.mean[i % maps.channels]) * factors(layer)[i % maps.channels] + layer.beta[i % maps.channels]),
    back: (layer, slope, { channels }) => [slope.map((s, i) => s * factors(layer)[i % channels])],
  },

  relu: {
    make: (_, part, maps) => each(maps, part, (x) => (x > 0 ? x : 0)),
    back: (_, slope, made) => [slope.map((s, i) => (made.X[i] > 0 ? s : 0))],
  },

  sigmoid: {
    make: (_, part, maps) => each(maps, part, sigmoid),
    back: (_, slope, made) => [slope.map((s, i) => s * made.X[i] * (1 - made.X[i]))],
  },

  average: {
    make(_, part, { rows, columns, channels, X }) {
      const Y = new Float64Array(channels);
      for (let i = 0; i < X.length; i++) Y[i % channels] += X[i] / (rows * columns);
      return { rows: 1, columns: 1, channels, X: Float32Array.from(Y) };
    },
    back: (_, slope, made, { rows, columns, channels, X }) => [X.map((_, i) => slope[i % channels] / (rows * columns))],
  },

  // A number for each map, with which it is multiplied.
  gate: {
    make: (_, part, maps, gates) => each(maps, part, (x, i) => x * gates.X[i % maps.channels]),
    back(_, slope, made, maps, gates) {
      const along = new Float32Array(gates.X.length);
      slope.forEach((s, i) => { along[i % maps.channels] += s * maps.X[i]; });
      return [slope.map((s, i) => s * gates.X[i % maps.channels]), along];
    },
  },

  beside: {
    make(_, part, ...parts) {
      const channels = parts.reduce((sum, part) => sum + part.channels, 0), Y = like(parts[0], channels);
      let first = 0;
      for (const part of parts) {
        for (let from = 0, to = first; from < part.X.length; from += part.channels, to += channels) Y.X.set(part.X.subarray(from, from + part.channels), to);
        first += part.channels;
      }
      return Y;
    },
    back(_, slope, { channels }, ...parts) {
      let first = 0;
      return parts.map((part) => {
        const start = first, own = part.channels;
        first += own;
        return part.X.map((_, i) => slope[Math.floor(i / own) * channels + start + (i % own)]);
      });
    },
  },
};

export const sigmoid = (x) => 1 / (1 + Math.exp(-x));

function factors(layer) {
  return (layer.factors ??= layer.gamma.map((gamma, c) => gamma / Math.sqrt(layer.variance[c] + layer.epsilon)));
}

// ---- where windows lie

// How many places a window visits, and how far the first lies outside.
function places({ k, stride, padding }, { rows, columns }) {
  const along = (n) => outputSize(n, k, stride, padding);
  const outside = (n) => (padding === "same" ? Math.max((along(n) - 1) * stride + k - n, 0) >> 1 : 0);
  return { rows: along(rows), columns: along(columns), above: outside(rows), before: outside(columns) };
}

// The pieces of windows of a row that lie inside: where each begins in the maps and among the windows, and its length.
function visit({ k, stride }, { rows, columns, channels }, place, row, first, last, meet) {
  for (let column = first; column < last; column++) {
    const left = column * stride - place.before, skipped = Math.max(0, -left), length = (Math.min(columns - left, k) - skipped) * channels;
    for (let a = 0; a < k; a++) {
      const y = row * stride - place.above + a;
      if (y >= 0 && y < rows) meet((y * columns + left + skipped) * channels, (((column - first) * k + a) * k + skipped) * channels, length);
    }
  }
}

// Windows of a row, one after another, with zeros beyond the border.
function windows(layer, maps, place, row, first, last) {
  const found = new Float32Array((last - first) * layer.k * layer.k * maps.channels);
  visit(layer, maps, place, row, first, last, (from, to, length) => { for (let i = 0; i < length; i++) found[to + i] = maps.X[from + i]; });
  return found;
}

// The largest number of every window of a pooling, by its place in the maps.
function largest({ k, stride }, { rows, columns, channels, X }, place, part, meet) {
  for (let row = part.top; row < part.bottom; row++)
    for (let column = part.left; column < part.right; column++) {
      const top = Math.max(row * stride - place.above, 0), bottom = Math.min(row * stride - place.above + k, rows);
      const left = Math.max(column * stride - place.before, 0), right = Math.min(column * stride - place.before + k, columns);
      for (let c = 0; c < channels; c++) {
        let best = (top * columns + left) * channels + c;
        for (let y = top; y < bottom; y++)
          for (let x = left; x < right; x++) {
            const at = (y * columns + x) * channels + c;
            if (X[at] > X[best]) best = at;
          }
        meet(best, (row * place.columns + column) * channels + c);
      }
    }
}
