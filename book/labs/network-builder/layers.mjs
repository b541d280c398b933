// Keras' layers, as far as a stack of them makes an image network: what each makes of a shape, and what it costs.
import { outputSize } from "../shared/sizes.mjs";
import { argumentsAt, literal } from "./python.mjs";

/** Something that a layer cannot do; the message is a sentence. */
export class LayerError extends Error {}

const spread = "|padding|data_format|dilation_rate|groups|activation|use_bias|kernel_initializer|bias_initializer|kernel_regularizer|bias_regularizer|activity_regularizer|kernel_constraint|bias_constraint|name|dtype|trainable";
const names = (text) => text.split("|");
const common = ["name", "dtype", "trainable", "input_shape"];

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
};
for (const name of ["LeakyReLU", "ELU", "Softmax", "SpatialDropout2D", "GaussianNoise", "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness"])
  KINDS[name] = { ...SAME, order: ["_"] };
const ALIASES = {
  MaxPool2D: "MaxPooling2D", AvgPool2D: "AveragePooling2D", Convolution2D: "Conv2D", SeparableConvolution2D: "SeparableConv2D",
  GlobalAvgPool2D: "GlobalAveragePooling2D", GlobalMaxPool2D: "GlobalMaxPooling2D",
};

const product = (numbers) => numbers.reduce((a, b) => a * b, 1);
const count = (number) => number.toLocaleString("en");

// ---- reading and writing

/** Read one call, such as `layers.Conv2D(32, 3)`: { kind, named }. Throws a LayerError. */
export function layer(text) {
  const call = /^\s*(?:\w+\.)*(\w+)\s*\(/.exec(text);
  if (!call) throw new LayerError(`“${text.trim()}” is no call of a layer, such as Conv2D(32, 3).`);
  let read;
  try {
    read = argumentsAt(text, call[0].length);
  } catch (error) {
    throw new LayerError(`“${text.trim()}” cannot be read: ${error.message}.`);
  }
  if (text.slice(read.end).replace(/#.*/g, "").trim().replace(/^,$/, "")) throw new LayerError(`Behind “${text.slice(0, read.end).trim()}” there is more: write one layer to a line.`);
  return known(call[1], read);
}

function known(name, { positional, named }) {
  const kind = ALIASES[name] ?? name;
  if (!Object.hasOwn(KINDS, kind)) throw new LayerError(`${name} is a layer that this page does not know; it knows ${Object.keys(KINDS).slice(0, 13).join(", ")}.`);
  const { order } = KINDS[kind];
  if (positional.length > Math.max(order.length, order[0] === "_" ? 9 : 0)) throw new LayerError(`${kind} takes ${order.length} values at most, got ${positional.length}.`);
  const told = Object.fromEntries(positional.map((value, i) => [order[0] === "_" ? `_${i}` : order[i], value]));
  return { kind, named: { ...told, ...named } };
}

/** Write a layer as one call; Keras' first two arguments go without their names. */
export function written({ kind, named }) {
  const { order } = KINDS[kind], without = order[0] === "_" ? Object.keys(named).filter((name) => /^_\d/.test(name)) : order.slice(0, 2).filter((name, i) => name in named && order.slice(0, i).every((before) => before in named));
  const args = [...without.map((name) => literal(named[name])), ...Object.keys(named).filter((name) => !without.includes(name)).map((name) => `${name}=${literal(named[name])}`)];
  return `${kind}(${args.join(", ")})`;
}

/** Read a program, or what `model.to_json()` gives: { input, layers }; `input` is null if it names none. */
export function pasted(text) {
  return text.trim().startsWith("{") ? fromJson(text) : fromProgram(text);
}

function fromProgram(text) {
  const found = [];
  let input = null;
  // A comment or a string is no program, and a call inside a call is an argument.
  const call = /#[^\n]*|"[^"\n]*"|'[^'\n]*'|\b((?:\w+\.)*)([A-Z]\w*)\s*\(/g;
  for (let match; (match = call.exec(text)); ) {
    const [, , name] = match;
    if (!name || name === "Sequential" || name === "Model") continue;
    let read;
    try {
      read = argumentsAt(text, call.lastIndex);
    } catch (error) {
      throw new LayerError(`${name}(…) cannot be read: ${error.message}.`);
    }
    if (name === "Input" || name === "InputLayer") input = shapeOf(read.named.shape ?? read.named.input_shape ?? read.positional[0]);
    else if (Object.hasOwn(KINDS, ALIASES[name] ?? name)) {
      const { input_shape: first, ...named } = read.named;
      if (first) input = shapeOf(first);
      found.push(known(name, { ...read, named }));
    } else if (/layers\.$/.test(match[1])) known(name, read);
    call.lastIndex = read.end;
  }
  if (!found.length) throw new LayerError("There is no layer in this text: paste a Sequential model, or what model.to_json() gives.");
  if (/^\s*(?:for|while|if|def)\b/m.test(text)) throw new LayerError("This page reads layers but runs no program: for a model that loops or functions build, paste what model.to_json() gives.");
  return { input, layers: found };
}

function fromJson(text) {
  let model;
  try {
    model = JSON.parse(text);
  } catch (error) {
    throw new LayerError(`This begins like what model.to_json() gives, but is none: ${error.message}.`);
  }
  const parts = model.config?.layers;
  if (!Array.isArray(parts)) throw new LayerError("This JSON describes no Keras model: it has no layers.");
  const inputs = parts.map((part) => JSON.stringify(part.inbound_nodes ?? []).match(/"keras_history": ?\["([^"]+)"/g)?.length ?? 0);
  if (inputs.some((n) => n > 1)) throw new LayerError("In this model a layer reads several others, or is used several times; this page takes stacks, in which each reads the one before.");
  let input = null;
  const layers = [];
  for (const { class_name: name, config } of parts) {
    const shape = config.batch_shape ?? config.batch_input_shape;
    if (shape) input = shapeOf(shape.slice(1));
    if (name === "InputLayer") continue;
    if (!Object.hasOwn(KINDS, name)) known(name, { positional: [], named: {} });
    const { order, defaults } = KINDS[name];
    // What is as it always is need not be told; the objects of initializers and their like change no shape.
    const told = order.filter((key) => key in config && config[key] !== null && typeof config[key] !== "object" && JSON.stringify(config[key]) !== JSON.stringify(defaults[key]));
    const pairs = order.filter((key) => Array.isArray(config[key]) && JSON.stringify(config[key]) !== JSON.stringify(pair(defaults[key] ?? null)));
    const keep = order.filter((key) => (told.includes(key) || pairs.includes(key)) && !DULL[key]?.includes(config[key]) && !["momentum", "epsilon", "axis", "data_format", "seed"].includes(key));
    layers.push({ kind: name, named: Object.fromEntries(keep.map((key) => [key, short(config[key])])) });
  }
  return { input, layers };
}

const DULL = { activation: ["linear"], offset: [0], keepdims: [false], negative_slope: [0], threshold: [0] };
const pair = (value) => (Array.isArray(value) ? value : [value, value]);
const short = (value) => (Array.isArray(value) && value[0] === value[1] ? value[0] : value);

function shapeOf(value) {
  const shape = Array.isArray(value) ? value : [value];
  if (![1, 3].includes(shape.length) || !shape.every((n) => Number.isInteger(n) && n > 0))
    throw new LayerError(`The input ${literal(value ?? null)} is no shape that this page can follow: write whole numbers, (height, width, channels).`);
  return shape;
}

/** Write the whole program. */
export function program({ input, layers }) {
  const calls = layers.map((one) => {
    const line = `        layers.${written(one)},`;
    const inside = written(one).slice(one.kind.length + 1, -1);
    return line.length < 80 ? line : `        layers.${one.kind}(\n            ${inside.replaceAll(/, (?=\w+=)/g, ",\n            ")},\n        ),`;
  });
  return ["import keras", "from keras import layers", "", "model = keras.Sequential(", "    [", `        keras.Input(${literal(input)}),`, ...calls, "    ]", ")", "model.summary()"].join("\n");
}

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
  images(kind, shape);
  const filters = whole(kind, "filters", named.filters), size = wholePair(kind, "kernel_size", named.kernel_size), strides = wholePair(kind, "strides", named.strides);
  if (strides[0] !== strides[1]) throw new LayerError(`${kind} takes the same stride along both axes, got ${literal(strides)}.`);
  const { sizes, window } = moved(kind, shape, size, strides, named.padding, wholePair(kind, "dilation_rate", named.dilation_rate));
  const between = shape[2] * whole(kind, "depth_multiplier", named.depth_multiplier), weights = product(size) * between + between * filters;
  return { shape: [...sizes, filters], parameters: weights + (named.use_bias ? filters : 0), work: product(sizes) * weights, window };
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

function dense({ shape, named, kind }) {
  const units = whole(kind, "units", named.units), inputs = shape[shape.length - 1], weights = inputs * units;
  return { shape: [...shape.slice(0, -1), units], parameters: weights + (named.use_bias ? units : 0), work: product(shape.slice(0, -1)) * weights };
}

/** Write a shape as Keras' summary does, without the batch. */
export const shapeText = (shape) => shape.map(count).join(" × ");
