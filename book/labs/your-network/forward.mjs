// What Keras' layers compute in prediction, one picture at a time. Numbers lie as Keras has them, channels last, as
// { shape, X }, without the axis of the batch.
import { multiply, packed } from "../shared/matrix.mjs";
import { LayerError, border, pair, product } from "../shared/shapes.mjs";
import { outputSize } from "../shared/sizes.mjs";

/** What every layer makes of the input; nothing behind a layer that this page cannot compute. */
export function run(layers, input) {
  const made = [];
  layers.forEach((layer, at) => {
    if (layer.kind === "InputLayer") made[at] = { shape: layer.shape, X: Float32Array.from(input) };
    else if (layer.shape) made[at] = computed(layer, ...layer.from.map((i) => made[i]));
  });
  return made;
}

/** What one layer makes of its inputs. */
export const computed = (layer, ...inputs) => activated(layer, { shape: layer.shape, X: KINDS[layer.kind](layer, ...inputs) });

/** Why a layer cannot be computed here, although its shape is known; null if it can. */
export function refused({ kind, config, from, weights }, shapes) {
  if (!Object.hasOwn(KINDS, kind)) return `${kind} is a layer that this page does not know.`;
  const { activation } = config, last = [-1, shapes[0].length];
  if (activation && typeof activation !== "string") return `${kind} has the activation ${activation.config ?? activation.class_name}, which is no one of Keras'.`;
  if (activation && !Object.hasOwn(ACTIVATIONS, activation)) return `${kind} has the activation ${activation}, which this page does not know.`;
  if (config.data_format === "channels_first") return `${kind} has its channels first; this page takes them last.`;
  if (kind === "UpSampling2D" && config.interpolation !== "nearest") return `UpSampling2D with interpolation="${config.interpolation}" is not known here, "nearest" is.`;
  if (/Normalization|^Softmax/.test(kind) && ![config.axis ?? -1].flat().every((axis, _, all) => all.length === 1 && last.includes(axis))) return `${kind} goes along another axis than the last, which this page does not do.`;
  if (from.length > 1 && !MERGES[kind] && kind !== "Concatenate") return `${kind} reads several layers, which this page does not know.`;
  const odd = weights.find(({ X }) => !X);
  return odd ? `${kind} holds numbers of the kind ${odd.type}; this page reads float32.` : null;
}

function activated({ config }, { shape, X }) {
  const { activation } = config;
  return { shape, X: !activation || activation === "linear" ? X : ACTIVATIONS[activation](X, shape.at(-1)) };
}

// ---- activations, as Keras defines them

const each = (change) => (X) => X.map(change);
export const sigmoid = (x) => 1 / (1 + Math.exp(-x));
export const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
export const elu = (alpha) => (x) => (x > 0 ? x : alpha * Math.expm1(x));
export const leaky = (slope) => (x) => (x > 0 ? x : slope * x);
const clipped = (x, most) => Math.max(0, Math.min(most, x));
const [SELU_SCALE, SELU_ALPHA] = [1.0507009873554805, 1.6732632423543772];

const ACTIVATIONS = {
  linear: (X) => X,
  relu: each((x) => Math.max(x, 0)),
  relu6: each((x) => clipped(x, 6)),
  leaky_relu: each(leaky(0.2)),
  elu: each(elu(1)),
  selu: each((x) => SELU_SCALE * elu(SELU_ALPHA)(x)),
  gelu: each((x) => (x / 2) * (1 + erf(x / Math.SQRT2))),
  sigmoid: each(sigmoid),
  hard_sigmoid: each((x) => clipped(x + 3, 6) / 6),
  tanh: each(Math.tanh),
  softplus: each(softplus),
  softsign: each((x) => x / (1 + Math.abs(x))),
  silu: each((x) => x * sigmoid(x)),
  hard_silu: each((x) => (x * clipped(x + 3, 6)) / 6),
  mish: each((x) => x * Math.tanh(softplus(x))),
  exponential: each(Math.exp),
  softmax: (X, n) => logShares(X, n).map(Math.exp),
  log_softmax: logShares,
};
Object.assign(ACTIVATIONS, { swish: ACTIVATIONS.silu, hard_swish: ACTIVATIONS.hard_silu });

// The logarithm of softmax, of every n numbers.
function logShares(X, n) {
  const Y = new Float32Array(X.length);
  for (let from = 0; from < X.length; from += n) {
    const row = X.subarray(from, from + n), most = row.reduce((a, b) => Math.max(a, b)), sum = row.reduce((a, x) => a + Math.exp(x - most), 0);
    row.forEach((x, i) => { Y[from + i] = x - most - Math.log(sum); });
  }
  return Y;
}

/** The error function: its series for small numbers, a continued fraction for large ones. */
export function erf(x) {
  const size = Math.abs(x);
  if (size > 5) return Math.sign(x);
  if (size > 2.5) {
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / 2 / (size + fraction);
    return Math.sign(x) * (1 - Math.exp(-size * size) / Math.sqrt(Math.PI) / (size + fraction));
  }
  let term = x, sum = x;
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

// ---- layers

const same = (_, { X }) => X;
const alone = (change) => ({ config }, { X }) => X.map(change(config));

const KINDS = {
  InputLayer: same, Flatten: same, Reshape: same, Activation: same, Identity: same,
  // These work in training only.
  Dropout: same, SpatialDropout2D: same, GaussianDropout: same, GaussianNoise: same, AlphaDropout: same,
  RandomFlip: same, RandomRotation: same, RandomZoom: same, RandomTranslation: same, RandomContrast: same, RandomBrightness: same,

  ReLU: alone(({ max_value: most, negative_slope: slope, threshold }) => (x) => Math.min(x >= threshold ? x : slope * (x - threshold), most ?? Infinity)),
  LeakyReLU: alone(({ negative_slope: slope }) => leaky(slope)),
  ELU: alone(({ alpha }) => elu(alpha)),
  Softmax: (_, { shape, X }) => ACTIVATIONS.softmax(X, shape.at(-1)),

  Rescaling({ config }, { X }) {
    const [scale, offset] = [config.scale, config.offset].map(numbers);
    return X.map((x, i) => x * scale[i % scale.length] + offset[i % offset.length]);
  },

  Dense({ weights: [kernel, bias], shape }, { X }) {
    const units = shape.at(-1), from = kernel.shape[0], rows = X.length / from, Y = begun(rows * units, bias?.X);
    multiply(X, rows, from, packed(kernel.X, from, units), units, Y, 0);
    return Y;
  },

  Conv2D({ config, weights: [kernel, bias], shape: [rows, columns, filters] }, maps) {
    const groups = config.groups ?? 1, parts = filters / groups, channels = maps.shape[2] / groups, window = windowOf(config, config.kernel_size, maps.shape);
    const size = product(config.kernel_size) * channels, Y = begun(rows * columns * filters, bias?.X);
    for (let group = 0; group < groups; group++) {
      const matrix = packed(columnsOf(kernel.X, filters, group * parts, parts), size, parts);
      for (let row = 0; row < rows; row++) {
        const sums = new Float32Array(columns * parts);
        multiply(windows(maps, window, row, columns, group * channels, channels), columns, size, matrix, parts, sums, 0);
        for (let i = 0; i < sums.length; i++) Y[(row * columns + Math.floor(i / parts)) * filters + group * parts + (i % parts)] += sums[i];
      }
    }
    return Y;
  },

  DepthwiseConv2D({ config, weights: [kernel, bias], shape }, maps) {
    return perChannel(config, kernel.X, shape, maps, begun(product(shape), bias?.X));
  },

  SeparableConv2D({ config, weights: [depthwise, pointwise, bias], shape: [rows, columns, filters] }, maps) {
    const between = pointwise.shape[2], X = perChannel(config, depthwise.X, [rows, columns, between], maps, new Float32Array(rows * columns * between));
    const Y = begun(rows * columns * filters, bias?.X);
    multiply(X, rows * columns, between, packed(pointwise.X, between, filters), filters, Y, 0);
    return Y;
  },

  MaxPooling2D: (layer, maps) => pooled(layer, maps, -Infinity, Math.max, (most) => most),
  AveragePooling2D: (layer, maps) => pooled(layer, maps, 0, (sum, x) => sum + x, (sum, n) => sum / n),
  GlobalAveragePooling2D: (_, { shape, X }) => perMap(shape[2], X, 0, (sum, x) => sum + x).map((sum) => sum / (shape[0] * shape[1])),
  GlobalMaxPooling2D: (_, { shape, X }) => perMap(shape[2], X, -Infinity, Math.max),

  // With the running averages.
  BatchNormalization({ config, weights }, { shape, X }) {
    const arrays = weights.map((one) => one.X), gamma = config.scale ? arrays.shift() : null, beta = config.center ? arrays.shift() : null;
    const [mean, variance] = arrays, n = shape.at(-1);
    const factor = Array.from(variance, (v, c) => (gamma ? gamma[c] : 1) / Math.sqrt(v + config.epsilon));
    return X.map((x, i) => (x - mean[i % n]) * factor[i % n] + (beta ? beta[i % n] : 0));
  },

  LayerNormalization({ config, weights }, { shape, X }) {
    const arrays = weights.map((one) => one.X), gamma = config.scale ? arrays.shift() : null, [beta] = arrays, n = shape.at(-1), Y = new Float32Array(X.length);
    for (let from = 0; from < X.length; from += n) {
      const row = X.subarray(from, from + n), mean = row.reduce((a, b) => a + b, 0) / n, variance = row.reduce((a, x) => a + (x - mean) ** 2, 0) / n;
      row.forEach((x, i) => { Y[from + i] = ((x - mean) / Math.sqrt(variance + config.epsilon)) * (gamma ? gamma[i] : 1) + (beta ? beta[i] : 0); });
    }
    return Y;
  },

  ZeroPadding2D({ config, shape }, { shape: [rows, columns, channels], X }) {
    const [[top], [left]] = border(config.padding), Y = new Float32Array(product(shape));
    for (let row = 0; row < rows; row++) Y.set(X.subarray(row * columns * channels, (row + 1) * columns * channels), ((row + top) * shape[1] + left) * channels);
    return Y;
  },

  Permute: ({ config }, maps) => permuted(maps, config.dims.map((axis) => axis - 1)).X,

  UpSampling2D({ config, shape: [rows, columns, channels] }, { shape, X }) {
    const [down, right] = pair(config.size), Y = new Float32Array(rows * columns * channels);
    for (let i = 0; i < rows * columns; i++) {
      const from = (Math.floor(Math.floor(i / columns) / down) * shape[1] + Math.floor((i % columns) / right)) * channels;
      Y.set(X.subarray(from, from + channels), i * channels);
    }
    return Y;
  },

  Concatenate({ config, shape }, ...parts) {
    const inner = product(shape.slice(axisOf(config, shape) + 1)), along = parts.map((part) => part.shape[axisOf(config, shape)] * inner);
    const whole = along.reduce((a, b) => a + b), Y = new Float32Array(product(shape));
    let start = 0;
    parts.forEach(({ X }, which) => {
      for (let from = 0, to = start; from < X.length; from += along[which], to += whole) Y.set(X.subarray(from, from + along[which]), to);
      start += along[which];
    });
    return Y;
  },
};

// Several layers, number by number; an axis of length 1 is repeated.
const MERGES = {
  Add: (a, b) => a + b, Subtract: (a, b) => a - b, Multiply: (a, b) => a * b, Maximum: Math.max, Minimum: Math.min,
  Average: (a, b) => a + b,
};
for (const [kind, join] of Object.entries(MERGES))
  KINDS[kind] = ({ shape }, ...parts) => {
    const Y = parts.map((part) => repeated(part, shape)).reduce((sum, X) => sum.map((a, i) => join(a, X[i])));
    return kind === "Average" ? Y.map((sum) => sum / parts.length) : Y;
  };

/** The shape of several layers' numbers put together; throws a LayerError if they do not fit. */
export function together({ kind, config }, shapes) {
  const text = shapes.map((shape) => `(${shape.join(", ")})`).join(" and "), axis = axisOf(config, shapes[0]);
  if (shapes.some((shape) => shape.length !== shapes[0].length)) throw new LayerError(`${kind} gets ${text}: as many axes each are what this page takes.`);
  return shapes[0].map((_, at) => {
    const sizes = shapes.map((shape) => shape[at]);
    if (kind === "Concatenate" && at === axis) return sizes.reduce((a, b) => a + b);
    const most = Math.max(...sizes);
    if (!sizes.every((size) => size === most || (size === 1 && kind !== "Concatenate"))) throw new LayerError(`${kind} cannot put ${text} together.`);
    return most;
  });
}

/** Which layers read several others. */
export const merges = (kind) => kind === "Concatenate" || Object.hasOwn(MERGES, kind);

/** Numbers with their axes in another order. */
export function permuted({ shape, X }, order) {
  const made = order.map((axis) => shape[axis]), steps = order.map((axis) => product(shape.slice(axis + 1))), sizes = made.map((_, at) => product(made.slice(at + 1)));
  return { shape: made, X: X.map((_, i) => X[sizes.reduce((from, size, at) => from + (Math.floor(i / size) % made[at]) * steps[at], 0)]) };
}

// Keras counts the batch as an axis.
const axisOf = ({ axis = -1 }, shape) => (axis < 0 ? axis + shape.length : axis - 1);

/** Numbers with axes of length 1 repeated, so that they have the shape that is wanted. */
export function repeated({ shape, X }, wanted) {
  if (product(shape) === product(wanted)) return X;
  const steps = shape.map((n, at) => (n === 1 ? 0 : product(shape.slice(at + 1)))), sizes = wanted.map((_, at) => product(wanted.slice(at + 1)));
  return new X.constructor(product(wanted)).fill(0).map((_, i) => X[sizes.reduce((from, size, at) => from + (Math.floor(i / size) % wanted[at]) * steps[at], 0)]);
}

// A number, numbers, or how Keras writes an array.
const numbers = (value) => [value?.config?.value ?? value].flat(Infinity);

function begun(n, bias) {
  const Y = new Float32Array(n);
  if (bias) for (let i = 0; i < n; i += bias.length) Y.set(bias, i);
  return Y;
}

function columnsOf(W, columns, first, n) {
  if (n === columns) return W;
  return Float32Array.from({ length: (W.length / columns) * n }, (_, i) => W[Math.floor(i / n) * columns + first + (i % n)]);
}

function perMap(channels, X, from, join) {
  const Y = new Float64Array(channels).fill(from);
  X.forEach((x, i) => { Y[i % channels] = join(Y[i % channels], x); });
  return Float32Array.from(Y);
}

// ---- windows

// How a window moves along both axes: its size, its steps, the distance of what it reads, and how far the first lies outside.
function windowOf({ strides, padding, dilation_rate: dilation = 1 }, size, [rows, columns]) {
  const [step, apart] = [pair(strides), pair(dilation)];
  const before = [rows, columns].map((n, axis) => {
    const span = apart[axis] * (size[axis] - 1) + 1;
    return padding === "same" ? Math.max((outputSize(n, span, step[axis], padding) - 1) * step[axis] + span - n, 0) >> 1 : 0;
  });
  return { size, step, apart, before };
}

// Meets every pixel that a window reads: its place in the window and among the pixels.
function visit({ size, step, apart, before }, [rows, columns], row, column, meet) {
  for (let a = 0; a < size[0]; a++) {
    const y = row * step[0] - before[0] + a * apart[0];
    if (y < 0 || y >= rows) continue;
    for (let b = 0; b < size[1]; b++) {
      const x = column * step[1] - before[1] + b * apart[1];
      if (x >= 0 && x < columns) meet(a * size[1] + b, y * columns + x);
    }
  }
}

// The windows of a row, one after another, of some of the channels, with zeros beyond the border.
function windows({ shape, X }, window, row, columns, first, channels) {
  const size = product(window.size) * channels, found = new Float32Array(columns * size);
  for (let column = 0; column < columns; column++)
    visit(window, shape, row, column, (place, pixel) => {
      const to = column * size + place * channels, from = pixel * shape[2] + first;
      for (let c = 0; c < channels; c++) found[to + c] = X[from + c];
    });
  return found;
}

// Every channel with its own kernels, whose sums are added to Y.
function perChannel(config, kernel, [rows, columns, between], maps, Y) {
  const channels = maps.shape[2], several = between / channels, window = windowOf(config, config.kernel_size, maps.shape);
  for (let at = 0; at < rows * columns; at++)
    visit(window, maps.shape, Math.floor(at / columns), at % columns, (place, pixel) => {
      for (let i = 0; i < between; i++) Y[at * between + i] += kernel[place * between + i] * maps.X[pixel * channels + Math.floor(i / several)];
    });
  return Y;
}

function pooled({ config, shape: [rows, columns, channels] }, maps, begin, join, end) {
  const Y = new Float32Array(rows * columns * channels), window = windowOf({ ...config, strides: config.strides ?? config.pool_size }, pair(config.pool_size), maps.shape), found = new Float64Array(channels);
  for (let at = 0; at < rows * columns; at++) {
    let n = 0;
    found.fill(begin);
    visit(window, maps.shape, Math.floor(at / columns), at % columns, (_, pixel) => {
      n++;
      for (let c = 0; c < channels; c++) found[c] = join(found[c], maps.X[pixel * channels + c]);
    });
    for (let c = 0; c < channels; c++) Y[at * channels + c] = end(found[c], n);
  }
  return Y;
}
