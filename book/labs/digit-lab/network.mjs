// The small network of the chapter on MNIST: three times convolution, pooling, normalisation and ReLU, then a dense layer.
// Numbers lie as Keras has them, channels last: images (n, rows, columns, channels), kernels (k, k, channels, filters).
import { random } from "../shared/random.mjs";

export const SIDE = 28, CLASSES = 10;
const BLOCKS = [[16, 5], [32, 3], [48, 3]]; // filters and kernel size
const EPSILON = 1e-3, MOMENTUM = 0.9, DROPPED = 0.2; // of BatchNormalization and Dropout, as in the chapter
const LARGEST_SHIFT = 0.08 * SIDE; // pixels, of RandomTranslation

/** The layers, without numbers: what each is, its `title`, and the rows (and columns) and channels of what it makes. */
export function plan() {
  const layers = [];
  let side = SIDE, channels = 1;
  for (const [filters, k] of BLOCKS) {
    layers.push({ kind: "conv", title: `Conv2D(${filters}, ${k})`, k, side, from: channels, channels: filters });
    side >>= 1;
    layers.push({ kind: "pool", title: "MaxPooling2D(2)", side, channels: filters });
    layers.push({ kind: "norm", title: "BatchNormalization()", side, channels: filters });
    layers.push({ kind: "relu", title: "ReLU()", side, channels: filters });
    channels = filters;
  }
  layers.push({ kind: "dense", title: `Dense(${CLASSES})`, side: 1, from: side * side * channels, channels: CLASSES });
  return layers;
}

/** Give the layers their weights, in the order of Keras' `get_weights()`. */
export function withWeights(weights) {
  const left = [...weights];
  return plan().map((layer) => {
    const names = { conv: ["W"], norm: ["gamma", "beta", "mean", "variance"], dense: ["W", "b"] }[layer.kind] ?? [];
    return { ...layer, ...Object.fromEntries(names.map((name) => [name, left.shift()])) };
  });
}

/** All weights of a network, in that order. */
export const weightsOf = (net) => net.flatMap((layer) => ["W", "b", "gamma", "beta", "mean", "variance"].filter((name) => layer[name]).map((name) => layer[name]));

/** Cut a row of numbers into the weights that `withWeights` takes. */
export function cut(numbers) {
  let at = 0;
  return plan().flatMap(sizes).map((size) => numbers.slice(at, (at += size)));
}

function sizes({ kind, k, from, channels }) {
  if (kind === "conv") return [k * k * from * channels];
  if (kind === "norm") return [channels, channels, channels, channels];
  return kind === "dense" ? [from * channels, channels] : [];
}

/** Draw weights as Keras draws them: kernels Glorot uniform, scales 1, offsets 0. */
export function untrained(seed) {
  const { uniform } = random(seed);
  const glorot = (size, into, outOf) => Float32Array.from({ length: size }, () => Math.sqrt(6 / (into + outOf)) * (2 * uniform() - 1));
  return withWeights(plan().flatMap((layer) => {
    const { kind, k, from, channels } = layer;
    if (kind === "conv") return [glorot(sizes(layer)[0], k * k * from, k * k * channels)];
    if (kind === "norm") return [1, 0, 0, 1].map((value) => new Float32Array(channels).fill(value));
    return kind === "dense" ? [glorot(from * channels, from, channels), new Float32Array(channels)] : [];
  }));
}

/** What training changes, layer by layer: in the order of the slopes of `gradients`. */
export const trainable = (net) => net.flatMap((layer) => ["W", "b", "gamma", "beta"].filter((name) => layer[name]).map((name) => layer[name]));

/** What every layer makes of n images, pixels from 0 to 255; the last one's are probabilities. */
export function forward(net, images, n, learning = null) {
  let X = rescaled(net, images);
  return net.map((layer) => {
    if (layer.kind === "dense" && learning) X = learning.input = dropped(X, learning.uniform);
    X = STEPS[layer.kind](layer, X, n, learning);
    return X;
  });
}

function rescaled(net, images) {
  const X = new net[0].W.constructor(images);
  for (let i = 0; i < X.length; i++) X[i] /= 255;
  return X;
}

/** The probabilities of one image. */
export const answer = (net, image) => forward(net, image, 1).at(-1);

const STEPS = {
  conv({ W, k, side, from, channels }, X, n) {
    const Y = new X.constructor(n * side * side * channels);
    visit(n, side, k, (input, weight, output) => {
      for (let c = 0; c < from; c++) {
        const value = X[input * from + c];
        if (value === 0) continue;
        for (let f = 0, w = (weight * from + c) * channels, y = output * channels; f < channels; f++) Y[y + f] += value * W[w + f];
      }
    });
    return Y;
  },

  pool({ side, channels }, X, n) {
    const Y = new X.constructor(n * side * side * channels);
    corners(n, side, channels, X.length / n, (four, y) => { Y[y] = X[largest(X, four)]; });
    return Y;
  },

  // In learning by the mean and variance of the batch, which are also averaged for later; else by those averages.
  norm(layer, X, n, learning) {
    const { gamma, beta, channels } = layer;
    const { mean, variance } = learning ? moments(X, channels) : layer;
    const deviation = variance.map((v) => Math.sqrt(v + EPSILON));
    if (learning) {
      learning.deviations.set(layer, deviation);
      learning.normalised.set(layer, X.map((x, i) => (x - mean[i % channels]) / deviation[i % channels]));
      for (let c = 0; c < channels; c++) {
        layer.mean[c] += (1 - MOMENTUM) * (mean[c] - layer.mean[c]);
        layer.variance[c] += (1 - MOMENTUM) * (variance[c] - layer.variance[c]);
      }
    }
    return X.map((x, i) => (gamma[i % channels] * (x - mean[i % channels])) / deviation[i % channels] + beta[i % channels]);
  },

  relu: (_, X) => X.map((x) => (x > 0 ? x : 0)),

  dense({ W, b, from, channels }, X, n) {
    const Y = new X.constructor(n * channels);
    for (let i = 0; i < n; i++) {
      const row = Y.subarray(i * channels, (i + 1) * channels);
      row.set(b);
      for (let j = 0; j < from; j++) {
        const value = X[i * from + j];
        if (value !== 0) for (let k = 0; k < channels; k++) row[k] += value * W[j * channels + k];
      }
      softmax(row);
    }
    return Y;
  },
};

// Which pixel meets which weight for which output, with zeros beyond the border.
function visit(n, side, k, meet) {
  const reach = k >> 1;
  for (let image = 0; image < n; image++)
    for (let i = 0; i < side; i++)
      for (let j = 0; j < side; j++) {
        const output = (image * side + i) * side + j;
        for (let a = Math.max(0, reach - i); a < Math.min(k, side + reach - i); a++)
          for (let b = Math.max(0, reach - j); b < Math.min(k, side + reach - j); b++)
            meet(output + (a - reach) * side + b - reach, a * k + b, output);
      }
}

// The four numbers that a pooling of 2 × 2 looks at, for each that it makes; an odd last row or column is left out.
function corners(n, side, channels, size, look) {
  const wide = Math.sqrt(size / channels);
  for (let image = 0, y = 0; image < n; image++)
    for (let i = 0; i < side; i++)
      for (let j = 0; j < side; j++)
        for (let c = 0; c < channels; c++, y++) {
          const at = image * size + (2 * i * wide + 2 * j) * channels + c, below = at + wide * channels;
          look([at, at + channels, below, below + channels], y);
        }
}

function largest(X, [a, b, c, d]) {
  const above = X[b] > X[a] ? b : a, below = X[d] > X[c] ? d : c;
  return X[below] > X[above] ? below : above;
}

function moments(X, channels) {
  const mean = new Float64Array(channels), variance = new Float64Array(channels), places = X.length / channels;
  for (let i = 0; i < X.length; i++) mean[i % channels] += X[i] / places;
  for (let i = 0; i < X.length; i++) variance[i % channels] += (X[i] - mean[i % channels]) ** 2 / places;
  return { mean, variance };
}

function softmax(row) {
  const most = row.reduce((a, b) => Math.max(a, b));
  let total = 0;
  for (let k = 0; k < row.length; k++) total += row[k] = Math.exp(row[k] - most);
  for (let k = 0; k < row.length; k++) row[k] /= total;
}

const dropped = (X, uniform) => (uniform ? X.map((x) => (uniform() < DROPPED ? 0 : x / (1 - DROPPED))) : X);

// ---- learning

/**
 * The loss on some digits and its slope along every trainable number, in the order of `trainable`. It also moves the averages
 * of the normalisations. `uniform` draws what Dropout leaves out; without it, nothing is left out.
 */
export function gradients(net, images, y, uniform = null) {
  const n = y.length, learning = { uniform, deviations: new Map(), normalised: new Map(), input: null };
  const made = forward(net, images, n, learning), proba = made.at(-1), slopes = [];
  let loss = 0;
  // Of cross-entropy and softmax together the slope is simple: probability minus truth.
  let error = proba.map((p) => p / n);
  y.forEach((digit, i) => {
    loss -= Math.log(Math.max(proba[i * CLASSES + digit], 1e-30)) / n;
    error[i * CLASSES + digit] -= 1 / n;
  });
  for (let depth = net.length - 1; depth >= 0; depth--) {
    const X = depth ? made[depth - 1] : rescaled(net, images);
    const [below, ...own] = BACK[net[depth].kind](net[depth], error, X, made[depth], n, learning, depth > 0);
    slopes.unshift(...own);
    error = below;
  }
  return { loss, slopes };
}

// From the slope along what a layer makes to that along what comes in, and along its own numbers.
const BACK = {
  conv({ W, k, side, from, channels }, error, X, _, n, __, further) {
    const dW = new W.constructor(W.length), below = further ? new X.constructor(X.length) : null;
    // The pooling behind it sends back to one number in four: the others need no work.
    const live = new Uint8Array(channels);
    let last = -1, alive = 0;
    visit(n, side, k, (input, weight, output) => {
      const y = output * channels;
      if (output !== last) {
        [last, alive] = [output, 0];
        for (let f = 0; f < channels; f++) if (error[y + f] !== 0) live[alive++] = f;
      }
      for (let c = 0; c < from && alive; c++) {
        const value = X[input * from + c], w = (weight * from + c) * channels;
        if (value !== 0) for (let i = 0; i < alive; i++) dW[w + live[i]] += value * error[y + live[i]];
        if (!further) continue;
        let sum = 0;
        for (let i = 0; i < alive; i++) sum += error[y + live[i]] * W[w + live[i]];
        below[input * from + c] += sum;
      }
    });
    return [below, dW];
  },

  pool({ side, channels }, error, X, _, n) {
    const below = new X.constructor(X.length);
    corners(n, side, channels, X.length / n, (four, y) => { below[largest(X, four)] += error[y]; });
    return [below];
  },

  norm(layer, error, X, _, __, { normalised, deviations }) {
    const { gamma, channels } = layer, places = X.length / channels, [z, deviation] = [normalised.get(layer), deviations.get(layer)];
    const dGamma = new gamma.constructor(channels), dBeta = new gamma.constructor(channels);
    error.forEach((e, i) => {
      dBeta[i % channels] += e;
      dGamma[i % channels] += e * z[i];
    });
    // The batch's mean and variance depend on every number of it.
    const below = error.map((e, i) => {
      const c = i % channels;
      return (gamma[c] / deviation[c]) * (e - (dBeta[c] + z[i] * dGamma[c]) / places);
    });
    return [below, dGamma, dBeta];
  },

  relu: (_, error, X, Y) => [error.map((e, i) => (Y[i] > 0 ? e : 0))],

  dense({ W, from, channels }, error, X, _, n, { input, uniform }) {
    const dW = new W.constructor(W.length), db = new W.constructor(channels), below = new X.constructor(X.length);
    for (let i = 0; i < n; i++) {
      const e = error.subarray(i * channels, (i + 1) * channels);
      for (let k = 0; k < channels; k++) db[k] += e[k];
      for (let j = 0, at = i * from; j < from; j++, at++) {
        let sum = 0;
        for (let k = 0; k < channels; k++) {
          dW[j * channels + k] += input[at] * e[k];
          sum += e[k] * W[j * channels + k];
        }
        // What was left out passes nothing back; the rest was enlarged.
        below[at] = !uniform ? sum : input[at] === 0 ? 0 : sum / (1 - DROPPED);
      }
    }
    return [below, dW, db];
  },
};

/** Return a function that moves numbers one step against their slopes, as Keras' AdamW does. */
export function adamW(all, decay) {
  const [first, second] = [0, 1].map(() => all.map((values) => new Float64Array(values.length)));
  let steps = 0;
  return (slopes, rate) => {
    steps++;
    const adapted = (rate * Math.sqrt(1 - 0.999 ** steps)) / (1 - 0.9 ** steps);
    all.forEach((values, at) => {
      const g = slopes[at], m = first[at], v = second[at];
      for (let i = 0; i < values.length; i++) {
        m[i] += 0.1 * (g[i] - m[i]);
        v[i] += 0.001 * (g[i] * g[i] - v[i]);
        values[i] -= values[i] * decay * rate + (adapted * m[i]) / (Math.sqrt(v[i]) + 1e-7);
      }
    });
  };
}

/** The chapter's rate after some steps: it rises for an epoch, then falls along a cosine to zero. */
export function oneCycle(step, batches, epochs, peak = 4e-3) {
  if (step < batches) return peak * (0.1 + (0.9 * step) / batches);
  return (peak * (1 + Math.cos((Math.PI * (step - batches)) / ((epochs - 1) * batches)))) / 2;
}

/** Shift an image by any part of a pixel; beyond the border lies paper. */
export function translated(image, down, right) {
  const moved = new Float32Array(image.length), [top, left] = [Math.floor(down), Math.floor(right)];
  const shares = [[0, 0, (1 - down + top) * (1 - right + left)], [0, 1, (1 - down + top) * (right - left)], [1, 0, (down - top) * (1 - right + left)], [1, 1, (down - top) * (right - left)]];
  for (const [below, beside, share] of shares) {
    if (!share) continue;
    for (let i = 0; i < SIDE; i++)
      for (let j = 0; j < SIDE; j++) {
        const [row, column] = [i + top + below, j + left + beside];
        if (row >= 0 && row < SIDE && column >= 0 && column < SIDE) moved[row * SIDE + column] += share * image[i * SIDE + j];
      }
  }
  return moved;
}

/**
 * A training, batch by batch: images of 28 × 28 pixels one after another, and their digits. `options`: epochs, batch, shifts
 * (whether each image is shifted at random, as in the chapter), seed. Each call of `step()` returns the loss of a batch.
 */
export function training({ images, y }, { epochs, batch, shifts, seed }) {
  const net = untrained(seed), step = adamW(trainable(net), 0.01), draws = random(seed), pixels = SIDE * SIDE;
  const batches = Math.ceil(y.length / batch);
  let taken = 0, order = null;
  return {
    net,
    batches,
    step() {
      const at = taken % batches;
      if (at === 0) order = draws.order(y.length);
      const some = [...order.subarray(at * batch, (at + 1) * batch)], X = new Float32Array(some.length * pixels);
      some.forEach((from, to) => {
        const image = images.subarray(from * pixels, (from + 1) * pixels);
        X.set(shifts ? translated(image, shift(), shift()) : image, to * pixels);
      });
      const { loss, slopes } = gradients(net, X, Uint8Array.from(some, (from) => y[from]), draws.uniform);
      step(slopes, oneCycle(taken++, batches, epochs));
      return loss;
    },
  };

  function shift() {
    return LARGEST_SHIFT * (2 * draws.uniform() - 1);
  }
}

/** The share of digits that a network answers right. */
export function accuracy(net, images, y) {
  const pixels = SIDE * SIDE;
  let right = 0;
  y.forEach((digit, i) => {
    const proba = answer(net, images.subarray(i * pixels, (i + 1) * pixels));
    if (proba.indexOf(proba.reduce((a, b) => Math.max(a, b))) === digit) right++;
  });
  return right / y.length;
}
