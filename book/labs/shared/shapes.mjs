// Keras' layers, as far as image networks are made of them: what each makes of a shape, and what it costs.
import { literal } from "./python.mjs";
import { outputSize } from "./sizes.mjs";

/** Something that a layer cannot do; the message is a sentence. */
export class LayerError extends Error {}

const spread = "|padding|data_format|dilation_rate|groups|activation|use_bias|kernel_initializer|bias_initializer|kernel_regularizer|bias_regularizer|activity_regularizer|kernel_constraint|bias_constraint|name|dtype|trainable";
const names = (text) => text.split("|");

// Of each layer: its arguments in Keras' order, the defaults that matter here, and what it does.
const POOLING = { order: names("pool_size|strides|padding|data_format"), defaults: { pool_size: 2, strides: null, padding: "valid" }, apply: pooled };
const SAME = { order: [], defaults: {}, apply: ({ shape }) => ({ shape }) };
const WHOLE_MAP = { order: names("data_format|keepdims"), defaults: { keepdims: false }, apply: wholeMap };
export const KINDS = {
  Rescaling: { order: names("scale|offset"), defaults: { scale: 1 }, apply: ({ shape }) => ({ shape }) },
  Conv2D: { order: names(`filters|kernel_size|strides${spread}`), defaults: { strides: 1, padding: "valid", dilation_rate: 1, groups: 1, use_bias: true }, apply: convolved },
  SeparableConv2D: {
    order: names("filters|kernel_size|strides|padding|data_format|dilation_rate|depth_multiplier|activation|use_bias"),
    defaults: { strides: 1, padding: "valid", dilation_rate: 1, depth_multiplier: 1, use_bias: true }, apply: separable,
  },
  BatchNormalization: { order: names("axis|momentum|epsilon|center|scale"), defaults: { center: true, scale: true }, apply: normalised },
  ReLU: { ...SAME, order: names("max_value|negative_slope|threshold") },
  Activation: { ...SAME, order: ["activation"] },
  MaxPooling2D: POOLING,
  AveragePooling2D: POOLING,
  Dropout: { ...SAME, order: names("rate|noise_shape|seed") },
  GlobalAveragePooling2D: WHOLE_MAP,
  GlobalMaxPooling2D: WHOLE_MAP,
  Flatten: { order: ["data_format"], defaults: {}, apply: ({ shape }) => ({ shape: [product(shape)] }) },
  Dense: { order: names("units|activation|use_bias"), defaults: { use_bias: true }, apply: dense },
  DepthwiseConv2D: {
    order: names("kernel_size|strides|padding|depth_multiplier|data_format|dilation_rate|activation|use_bias"),
    defaults: { strides: 1, padding: "valid", dilation_rate: 1, depth_multiplier: 1, use_bias: true }, apply: depthwise,
  },
  LayerNormalization: { order: names("axis|epsilon|center|scale"), defaults: { center: true, scale: true }, apply: layerNormalised },
  ZeroPadding2D: { order: names("padding|data_format"), defaults: { padding: 1 }, apply: padded },
  UpSampling2D: { order: names("size|data_format|interpolation"), defaults: { size: 2 }, apply: enlarged },
  Reshape: { order: ["target_shape"], defaults: {}, apply: reshaped },
  Permute: { order: ["dims"], defaults: {}, apply: permuted },
};
for (const name of ["LeakyReLU", "ELU", "Softmax", "SpatialDropout2D", "GaussianDropout", "GaussianNoise", "AlphaDropout", "Identity", "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness"])
  KINDS[name] = { ...SAME, order: ["_"] };

export const product = (numbers) => numbers.reduce((a, b) => a * b, 1);
/** A value that may be told for both axes at once, for each. */
export const pair = (value) => (Array.isArray(value) ? value : [value, value]);

// ---- what the layers do

/**
 * Follow a shape through the layers: for each { shape, parameters, trainable, work, sees }, where `work` counts the
 * multiplications with weights and `sees` is the receptive field; null once it is the whole image. From the first layer
 * that cannot work on, { error }.
 */
export function followed(input, layers) {
  let shape = input, sees = [1, 1], step = [1, 1], image = input.length === 3, failed = false;
  return layers.map((one) => {
    if (failed) return {};
    try {
      const { parameters = 0, fixed = 0, work = 0, window, ...made } = KINDS[one.kind].apply({ shape, named: { ...KINDS[one.kind].defaults, ...one.named }, kind: one.kind });
      if (window && image) {
        sees = sees.map((pixels, axis) => pixels + (window.span[axis] - 1) * step[axis]);
        step = step.map((pixels, axis) => pixels * window.strides[axis]);
      }
      image &&= made.shape.length === 3 && !made.whole;
      shape = made.shape;
      return { shape, parameters: parameters + fixed, trainable: parameters, work, sees: image ? sees : null };
    } catch (error) {
      if (!(error instanceof LayerError)) throw error;
      failed = true;
      return { error: error.message };
    }
  });
}

function whole(kind, name, value) {
  if (!Number.isInteger(value) || value < 1) throw new LayerError(`${kind} needs ${name} as a whole number of at least 1${value === undefined ? "" : `, got ${literal(value)}`}.`);
  return value;
}

const wholePair = (kind, name, value) => pair(value).map((one) => whole(kind, name, one));

function images(kind, shape) {
  if (shape.length !== 3) throw new LayerError(`${kind} reads maps, (height, width, channels), but gets (${shape.join(", ")}${shape.length === 1 ? "," : ""}): it belongs before Flatten or the global pooling.`);
}

// Height and width behind a window that moves.
function moved(kind, [height, width], size, strides, padding, dilation = [1, 1]) {
  if (!["valid", "same"].includes(padding)) throw new LayerError(`${kind} knows padding="valid" and padding="same", got ${literal(padding)}.`);
  if (Math.max(...strides) > 1 && Math.max(...dilation) > 1) throw new LayerError(`${kind} takes strides or a dilation_rate above 1, not both.`);
  const span = size.map((k, axis) => dilation[axis] * (k - 1) + 1);
  const sizes = [height, width].map((n, axis) => outputSize(n, span[axis], strides[axis], padding));
  if (Math.min(...sizes) < 1)
    throw new LayerError(`${kind} runs out of pixels: a window of ${span.join(" × ")} does not fit into ${height} × ${width}. Take padding="same", fewer poolings before it, or a larger image.`);
  return { sizes, window: { span, strides } };
}

function convolved({ shape, named, kind }) {
  images(kind, shape);
  const filters = whole(kind, "filters", named.filters), size = wholePair(kind, "kernel_size", named.kernel_size), groups = whole(kind, "groups", named.groups);
  if (shape[2] % groups || filters % groups) throw new LayerError(`${kind} with groups=${groups} needs channels and filters that can be divided by ${groups}, got ${shape[2]} and ${filters}.`);
  const { sizes, window } = moved(kind, shape, size, wholePair(kind, "strides", named.strides), named.padding, wholePair(kind, "dilation_rate", named.dilation_rate));
  const weights = (product(size) * shape[2] * filters) / groups;
  return { shape: [...sizes, filters], parameters: weights + (named.use_bias ? filters : 0), work: product(sizes) * weights, window };
}

function separable({ shape, named, kind }) {
  const filters = whole(kind, "filters", named.filters), { sizes, between, weights: spread, window } = perChannel({ shape, named, kind }), weights = spread + between * filters;
  return { shape: [...sizes, filters], parameters: weights + (named.use_bias ? filters : 0), work: product(sizes) * weights, window };
}

function depthwise({ shape, named, kind }) {
  const { sizes, between, weights, window } = perChannel({ shape, named, kind });
  return { shape: [...sizes, between], parameters: weights + (named.use_bias ? between : 0), work: product(sizes) * weights, window };
}

// Each channel with kernels of its own.
function perChannel({ shape, named, kind }) {
  images(kind, shape);
  const size = wholePair(kind, "kernel_size", named.kernel_size), strides = wholePair(kind, "strides", named.strides);
  if (strides[0] !== strides[1]) throw new LayerError(`${kind} takes the same stride along both axes, got ${literal(strides)}.`);
  const between = shape[2] * whole(kind, "depth_multiplier", named.depth_multiplier);
  return { ...moved(kind, shape, size, strides, named.padding, wholePair(kind, "dilation_rate", named.dilation_rate)), between, weights: product(size) * between };
}

function pooled({ shape, named, kind }) {
  images(kind, shape);
  const size = wholePair(kind, "pool_size", named.pool_size);
  const { sizes, window } = moved(kind, shape, size, named.strides === null ? size : wholePair(kind, "strides", named.strides), named.padding);
  return { shape: [...sizes, shape[2]], window };
}

function wholeMap({ shape, named, kind }) {
  images(kind, shape);
  return { shape: named.keepdims ? [1, 1, shape[2]] : [shape[2]], whole: true };
}

// Two numbers for each channel are learned, two are running means.
function normalised({ shape, named }) {
  const channels = shape[shape.length - 1];
  return { shape, parameters: channels * (+named.center + +named.scale), fixed: 2 * channels };
}

// Every image by itself, so nothing has to be kept but what is learned.
function layerNormalised({ shape, named }) {
  return { shape, parameters: shape[shape.length - 1] * (+named.center + +named.scale) };
}

/** Rows above and below, columns before and behind. */
export const border = (padding) => pair(padding).map(pair);

function padded({ shape, named, kind }) {
  images(kind, shape);
  const edges = border(named.padding);
  if (!edges.flat().every((n) => Number.isInteger(n) && n >= 0)) throw new LayerError(`${kind} needs padding as whole numbers, got ${literal(named.padding)}.`);
  return { shape: [shape[0] + edges[0][0] + edges[0][1], shape[1] + edges[1][0] + edges[1][1], shape[2]] };
}

function enlarged({ shape, named, kind }) {
  images(kind, shape);
  const [down, right] = wholePair(kind, "size", named.size);
  return { shape: [shape[0] * down, shape[1] * right, shape[2]] };
}

function reshaped({ shape, named, kind }) {
  const target = Array.isArray(named.target_shape) ? named.target_shape : [named.target_shape], rest = product(shape) / product(target.filter((n) => n !== -1));
  const made = target.map((n) => (n === -1 ? rest : n));
  if (product(made) !== product(shape) || !made.every((n) => Number.isInteger(n) && n > 0)) throw new LayerError(`${kind} cannot lay ${product(shape)} numbers out as ${literal(target)}.`);
  return { shape: made };
}

// Keras counts axes from 1, for the batch is axis 0. What lay side by side no longer does.
function permuted({ shape, named, kind }) {
  const dims = [named.dims].flat();
  if (dims.length !== shape.length || !shape.every((_, axis) => dims.includes(axis + 1))) throw new LayerError(`${kind} needs dims with each axis from 1 to ${shape.length} once, got ${literal(named.dims)}.`);
  return { shape: dims.map((axis) => shape[axis - 1]), whole: true };
}

function dense({ shape, named, kind }) {
  const units = whole(kind, "units", named.units), inputs = shape[shape.length - 1], weights = inputs * units;
  return { shape: [...shape.slice(0, -1), units], parameters: weights + (named.use_bias ? units : 0), work: product(shape.slice(0, -1)) * weights };
}

/** Write a number as people read it, and bytes. */
export const count = (number) => number.toLocaleString("en");
export const memory = (bytes) => (bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`);

/** Write a shape as Keras' summary does, without the batch. */
export const shapeText = (shape) => shape.map(count).join(" × ");
