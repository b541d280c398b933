// A multi-layer perceptron that learns: forward, backward, and the optimizers' steps as Keras defines them.
// Weights are written row by row, a row for each number that comes in, as Keras and NumPy have them.
import { random } from "../shared/random.mjs";

// What a unit makes of its sum, and its slope in terms of what it made.
export const ACTIVATIONS = {
  relu: [(z) => (z > 0 ? z : 0), (a) => (a > 0 ? 1 : 0)],
  tanh: [Math.tanh, (a) => 1 - a * a],
  sigmoid: [(z) => 1 / (1 + Math.exp(-z)), (a) => a * (1 - a)],
  linear: [(z) => z, () => 1],
};

/** Build a network with weights drawn as Keras draws them (Glorot uniform), and biases of zero. */
export function network(sizes, activation, seed) {
  const { uniform } = random(seed);
  const layers = sizes.slice(1).map((units, i) => {
    const limit = Math.sqrt(6 / (sizes[i] + units));
    return {
      inputs: sizes[i],
      units,
      W: Float64Array.from({ length: sizes[i] * units }, () => limit * (2 * uniform() - 1)),
      b: new Float64Array(units),
    };
  });
  return { layers, activation };
}

/** Count weights and biases. */
export const parameters = (sizes) => sizes.slice(1).reduce((sum, units, i) => sum + (sizes[i] + 1) * units, 0);

/** What every layer makes of n points; the last one's are probabilities. */
export function forward({ layers, activation }, X, n) {
  const [unfold] = ACTIVATIONS[activation];
  const made = [X];
  layers.forEach(({ inputs, units, W, b }, depth) => {
    const from = made[depth], to = new Float64Array(n * units);
    for (let i = 0; i < n; i++) {
      const row = i * units;
      for (let k = 0; k < units; k++) to[row + k] = b[k];
      for (let j = 0; j < inputs; j++) {
        const value = from[i * inputs + j];
        if (value === 0) continue; // half of what ReLU lets through
        for (let k = 0, at = j * units; k < units; k++) to[row + k] += value * W[at + k];
      }
    }
    if (depth < layers.length - 1) for (let i = 0; i < to.length; i++) to[i] = unfold(to[i]);
    else softmax(to, n, units);
    made.push(to);
  });
  return made;
}

function softmax(scores, n, classes) {
  for (let i = 0; i < n; i++) {
    const row = scores.subarray(i * classes, (i + 1) * classes);
    const largest = row.reduce((a, b) => Math.max(a, b));
    let total = 0;
    for (let k = 0; k < classes; k++) total += row[k] = Math.exp(row[k] - largest);
    for (let k = 0; k < classes; k++) row[k] /= total;
  }
}

/** Cross-entropy and accuracy of probabilities. */
export function scores(proba, y) {
  const classes = proba.length / y.length;
  let loss = 0, right = 0;
  for (let i = 0; i < y.length; i++) {
    const row = proba.subarray(i * classes, (i + 1) * classes);
    loss -= Math.log(Math.max(row[y[i]], 1e-300));
    let best = 0;
    for (let k = 1; k < classes; k++) if (row[k] > row[best]) best = k;
    if (best === y[i]) right++;
  }
  return { loss: loss / y.length, accuracy: right / y.length };
}

/**
 * The loss on some points, with `l2` times the sum of all squared weights, and its slope along every parameter.
 * The slopes are in the order W, b of each layer.
 */
export function gradients(net, X, y, l2 = 0) {
  const { layers, activation } = net, n = y.length;
  const [, slope] = ACTIVATIONS[activation];
  const made = forward(net, X, n), proba = made[layers.length];
  let { loss } = scores(proba, y);
  const slopes = [];
  // Of cross-entropy and softmax together the slope is simple: probability minus truth.
  const classes = layers[layers.length - 1].units;
  let error = Float64Array.from(proba, (p) => p / n);
  for (let i = 0; i < n; i++) error[i * classes + y[i]] -= 1 / n;
  for (let depth = layers.length - 1; depth >= 0; depth--) {
    const { inputs, units, W } = layers[depth], from = made[depth];
    const dW = new Float64Array(W.length), db = new Float64Array(units);
    const below = depth ? new Float64Array(n * inputs) : null;
    for (let i = 0; i < n; i++) {
      const row = i * units;
      for (let k = 0; k < units; k++) db[k] += error[row + k];
      for (let j = 0; j < inputs; j++) {
        const at = j * units, value = from[i * inputs + j], steep = depth ? slope(value) : 0;
        if (value !== 0) for (let k = 0; k < units; k++) dW[at + k] += value * error[row + k];
        if (steep === 0) continue;
        let sum = 0;
        for (let k = 0; k < units; k++) sum += error[row + k] * W[at + k];
        below[i * inputs + j] = sum * steep;
      }
    }
    if (l2) for (let k = 0; k < W.length; k++) (loss += l2 * W[k] * W[k]), (dW[k] += 2 * l2 * W[k]);
    slopes.unshift(dW, db);
    error = below;
  }
  return { loss, slopes };
}

/** Return a function that moves a network's parameters one step against their slopes: "sgd", "momentum" or "adam". */
export function optimizer(name, net) {
  const all = net.layers.flatMap(({ W, b }) => [W, b]);
  const [first, second] = [0, 1].map(() => all.map((values) => new Float64Array(values.length)));
  let steps = 0;
  return (slopes, rate) => {
    steps++;
    const adapted = (rate * Math.sqrt(1 - 0.999 ** steps)) / (1 - 0.9 ** steps);
    all.forEach((values, at) => {
      const g = slopes[at], m = first[at], v = second[at];
      for (let i = 0; i < values.length; i++) {
        if (name === "adam") {
          m[i] += 0.1 * (g[i] - m[i]);
          v[i] += 0.001 * (g[i] * g[i] - v[i]);
          values[i] -= (adapted * m[i]) / (Math.sqrt(v[i]) + 1e-7);
        } else if (name === "momentum") {
          m[i] = 0.9 * m[i] - rate * g[i];
          values[i] += m[i];
        } else values[i] -= rate * g[i];
      }
    });
  };
}

/**
 * A training, epoch by epoch. `options`: sizes, activation, optimizer, rate, falling (half a cosine down to zero over
 * `epochs`), l2, batch, seed. Each call of `epoch()` shows every point once, in a new order, and returns the mean loss.
 */
export function training({ X, y }, options) {
  const { sizes, batch, rate, falling, l2, seed } = options;
  const inputs = sizes[0], n = y.length;
  const net = network(sizes, options.activation, seed), step = optimizer(options.optimizer, net);
  const shuffler = random(seed), steps = Math.ceil(n / batch), last = options.epochs * steps;
  let taken = 0;
  return {
    net,
    epoch() {
      const order = shuffler.order(n);
      let total = 0;
      for (let start = 0; start < n; start += batch) {
        const some = order.subarray(start, start + batch);
        const Xb = new Float64Array(some.length * inputs), yb = new Uint8Array(some.length);
        some.forEach((from, to) => {
          for (let j = 0; j < inputs; j++) Xb[to * inputs + j] = X[from * inputs + j];
          yb[to] = y[from];
        });
        const { loss, slopes } = gradients(net, Xb, yb, l2);
        step(slopes, falling ? (rate * (1 + Math.cos(Math.PI * Math.min(1, taken / last)))) / 2 : rate);
        taken++;
        total += loss;
      }
      return total / steps;
    },
  };
}
