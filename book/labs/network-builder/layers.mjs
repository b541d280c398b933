// Stacks of Keras' layers, read from a program or from what `model.to_json()` gives, and written as a program again.
import { argumentsAt, literal } from "../shared/python.mjs";
import { KINDS, LayerError, pair } from "../shared/shapes.mjs";

const ALIASES = {
  MaxPool2D: "MaxPooling2D", AvgPool2D: "AveragePooling2D", Convolution2D: "Conv2D", SeparableConvolution2D: "SeparableConv2D",
  GlobalAvgPool2D: "GlobalAveragePooling2D", GlobalMaxPool2D: "GlobalMaxPooling2D",
};

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
const short = (value) => (Array.isArray(value) && value.length === 2 && value[0] === value[1] ? value[0] : value);

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
