// Networks for images, layer by layer, on typed arrays: what Keras computes from them, and its slopes.
//
// A network is a list of layers, each behind those that it reads: { kind, name, from, … }, where `from` lists their places
// and the first is the image itself. What a layer makes are maps { rows, columns, channels, X }, channels last; kernels
// (k, k, channels, filters) lie as Keras has them. A dense layer is a convolution of 1 × 1.
import { outputSize } from "./sizes.mjs";

const TOGETHER = 4; // filters whose sums are formed at once

/** What every layer makes of an image. */
export function run(net, image) {
  const made = [];
  for (const layer of net) made.push(layer.kind === "image" ? image : KINDS[layer.kind].make(layer, ...layer.from.map((i) => made[i])));
  return made;
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
const each = (maps, change) => like(maps, maps.channels, maps.X.map(change));

// What each kind of layer makes of its maps, and how the slope along that turns into slopes along them.
const KINDS = {
  scale: {
    make: ({ scale, offset }, maps) => each(maps, (x, i) => x * scale + offset[i % offset.length]),
    back: ({ scale }, slope) => [slope.map((s) => s * scale)],
  },

  conv: {
    make(layer, maps) {
      const { k, stride, filters, bias } = layer, place = places(layer, maps), Y = new Float32Array(place.rows * place.columns * filters);
      layer.packed ??= packed(layer.kernel, k * k * maps.channels, filters);
      if (bias) for (let i = 0; i < Y.length; i += filters) Y.set(bias, i);
      if (k === 1 && stride === 1) multiply(maps.X, place.rows * place.columns, maps.channels, layer.packed, filters, Y, 0);
      else
        for (let row = 0; row < place.rows; row++)
          multiply(windows(layer, maps, place, row), place.columns, k * k * maps.channels, layer.packed, filters, Y, row * place.columns * filters);
      return like(place, filters, Y);
    },
    back(layer, slope, made, maps) {
      const { k, filters } = layer, place = places(layer, maps), size = k * k * maps.channels, below = new Float32Array(maps.X.length);
      layer.turned ??= packed(turned(layer.kernel, size, filters), filters, size);
      for (let row = 0; row < place.rows; row++) {
        const shares = new Float32Array(place.columns * size);
        multiply(slope.subarray(row * place.columns * filters, (row + 1) * place.columns * filters), place.columns, filters, layer.turned, size, shares, 0);
        visit(layer, maps, place, row, (from, to, length) => { for (let i = 0; i < length; i++) below[from + i] += shares[to + i]; });
      }
      return [below];
    },
  },

  pool: {
    make(layer, maps) {
      const place = places(layer, maps), Y = like(place, maps.channels);
      largest(layer, maps, place, (from, to) => { Y.X[to] = maps.X[from]; });
      return Y;
    },
    back(layer, slope, made, maps) {
      const below = new Float32Array(maps.X.length);
      largest(layer, maps, places(layer, maps), (from, to) => { below[from] += slope[to]; });
      return [below];
    },
  },

  // With the running averages, as in prediction.
  norm: {
    make: (layer, maps) => each(maps, (x, i) => (x - layer.mean[i % maps.channels]) * factors(layer)[i % maps.channels] + layer.beta[i % maps.channels]),
    back: (layer, slope, { channels }) => [slope.map((s, i) => s * factors(layer)[i % channels])],
  },

  relu: {
    make: (_, maps) => each(maps, (x) => (x > 0 ? x : 0)),
    back: (_, slope, made) => [slope.map((s, i) => (made.X[i] > 0 ? s : 0))],
  },

  sigmoid: {
    make: (_, maps) => each(maps, sigmoid),
    back: (_, slope, made) => [slope.map((s, i) => s * made.X[i] * (1 - made.X[i]))],
  },

  average: {
    make(_, { rows, columns, channels, X }) {
      const Y = new Float64Array(channels);
      for (let i = 0; i < X.length; i++) Y[i % channels] += X[i] / (rows * columns);
      return { rows: 1, columns: 1, channels, X: Float32Array.from(Y) };
    },
    back: (_, slope, made, { rows, columns, channels, X }) => [X.map((_, i) => slope[i % channels] / (rows * columns))],
  },

  // A number for each map, with which it is multiplied.
  gate: {
    make: (_, maps, gates) => each(maps, (x, i) => x * gates.X[i % maps.channels]),
    back(_, slope, made, maps, gates) {
      const along = new Float32Array(gates.X.length);
      slope.forEach((s, i) => { along[i % maps.channels] += s * maps.X[i]; });
      return [slope.map((s, i) => s * gates.X[i % maps.channels]), along];
    },
  },

  beside: {
    make(_, ...parts) {
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

// The pieces of a row of windows that lie inside: where each begins in the maps and among the windows, and its length.
function visit({ k, stride }, { rows, columns, channels }, place, row, meet) {
  for (let column = 0; column < place.columns; column++) {
    const left = column * stride - place.before, skipped = Math.max(0, -left), length = (Math.min(columns - left, k) - skipped) * channels;
    for (let a = 0; a < k; a++) {
      const y = row * stride - place.above + a;
      if (y >= 0 && y < rows) meet((y * columns + left + skipped) * channels, ((column * k + a) * k + skipped) * channels, length);
    }
  }
}

// A row of windows, one after another, with zeros beyond the border.
function windows(layer, maps, place, row) {
  const found = new Float32Array(place.columns * layer.k * layer.k * maps.channels);
  visit(layer, maps, place, row, (from, to, length) => { for (let i = 0; i < length; i++) found[to + i] = maps.X[from + i]; });
  return found;
}

// The largest number of every window of a pooling, by its place in the maps.
function largest({ k, stride }, { rows, columns, channels, X }, place, meet) {
  for (let row = 0, to = 0; row < place.rows; row++)
    for (let column = 0; column < place.columns; column++) {
      const top = Math.max(row * stride - place.above, 0), bottom = Math.min(row * stride - place.above + k, rows);
      const left = Math.max(column * stride - place.before, 0), right = Math.min(column * stride - place.before + k, columns);
      for (let c = 0; c < channels; c++, to++) {
        let best = (top * columns + left) * channels + c;
        for (let y = top; y < bottom; y++)
          for (let x = left; x < right; x++) {
            const at = (y * columns + x) * channels + c;
            if (X[at] > X[best]) best = at;
          }
        meet(best, to);
      }
    }
}

// ---- products of matrices

function turned(W, rows, columns) {
  return W.map((_, i) => W[(i % rows) * columns + Math.floor(i / rows)]);
}

// The columns of a matrix in groups, so that those of a group lie side by side; the last group is filled up with zeros.
function packed(W, rows, columns) {
  const found = new Float32Array(Math.ceil(columns / TOGETHER) * rows * TOGETHER);
  for (let j = 0; j < columns; j++)
    for (let i = 0; i < rows; i++) found[(Math.floor(j / TOGETHER) * rows + i) * TOGETHER + (j % TOGETHER)] = W[i * columns + j];
  return found;
}

// Add the product of n rows with a packed matrix to Y, from `at` on. Two rows and four columns are done at once: numbers that
// have been read are used several times, which is three times as fast as one after another.
function multiply(A, n, size, W, columns, Y, at) {
  for (let j = 0; j < columns; j += TOGETHER) {
    const wide = Math.min(TOGETHER, columns - j);
    for (let i = 0; i < n; i += 2) {
      const first = i * size, second = i + 1 < n ? first + size : first;
      let a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
      for (let s = 0, w = j * size; s < size; s++, w += TOGETHER) {
        const a = A[first + s], b = A[second + s], w0 = W[w], w1 = W[w + 1], w2 = W[w + 2], w3 = W[w + 3];
        a0 += a * w0; a1 += a * w1; a2 += a * w2; a3 += a * w3;
        b0 += b * w0; b1 += b * w1; b2 += b * w2; b3 += b * w3;
      }
      add(Y, at + i * columns + j, wide, a0, a1, a2, a3);
      if (i + 1 < n) add(Y, at + (i + 1) * columns + j, wide, b0, b1, b2, b3);
    }
  }
}

function add(Y, at, wide, s0, s1, s2, s3) {
  Y[at] += s0;
  if (wide > 1) Y[at + 1] += s1;
  if (wide > 2) Y[at + 2] += s2;
  if (wide > 3) Y[at + 3] += s3;
}
