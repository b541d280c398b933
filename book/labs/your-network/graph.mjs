// From Keras' config to layers in a row, each behind those that it reads, with the shapes and costs of what they make.
import { KINDS, LayerError, product } from "../shared/shapes.mjs";
import { FileError } from "./files.mjs";
import { merges, refused, together } from "./forward.mjs";

const MODELS = { Sequential: sequential, Functional: functional };
const FREE = 96; // pixels along an axis whose size a model leaves open, unless it is told

/**
 * Read an opened file: { name, version, kind, layers, outputs }. A layer is { name, kind, config, from, weights, parameters }, where `from` lists
 * places of other layers. Models inside of a model are taken apart, and their layers know `within` which. A layer that cannot be told in
 * Keras' words says in `wrong` why. Throws a FileError.
 */
export function read(file) {
  const layers = [], { class_name: kind, config } = file.model;
  if (!Object.hasOwn(MODELS, kind)) throw new FileError(`${file.name} holds a model of the class ${kind ?? "(none)"}, which is computed by a program that the file does not contain. Build it as keras.Sequential or keras.Model(inputs, outputs), then save it.`);
  const outputs = MODELS[kind](file, { kind, config, build: file.model.build_config }, "", null, layers);
  if (!layers.some((layer) => layer.kind === "InputLayer")) throw new FileError(`${file.name} holds a model that does not know the shape of its input. Call it once, or begin it with keras.Input(…), then save it.`);
  return { name: file.name, version: file.version, kind, layers, outputs };
}

// ---- models

// Both add a model's layers to a list and answer with the places of its outputs; `given` are the places that it reads.
function sequential(file, { config, build }, path, given, layers) {
  let last = given?.[0] ?? null;
  for (const part of named(config.layers, path)) {
    if (part.kind === "InputLayer") last ??= layers.push(input(part)) - 1;
    else {
      const shape = part.config.batch_shape ?? build?.input_shape;
      last ??= shape ? layers.push(input({ name: "input", config: { batch_shape: shape } })) - 1 : null;
      [last] = added(file, part, last === null ? [] : [last], layers);
    }
  }
  return [last];
}

function functional(file, { config }, path, given, layers) {
  const made = new Map(), inputs = ends(config.input_layers).map(([name]) => name);
  for (const part of named(config.layers, path)) {
    if (part.nodes.length > 1) throw new FileError(`In ${file.name} the layer ${part.name} is used ${part.nodes.length} times; this page takes layers that are used once.`);
    if (part.kind === "InputLayer") made.set(part.name, given ? [given[inputs.indexOf(part.name)]] : [layers.push(input(part)) - 1]);
    else made.set(part.name, added(file, part, histories(part.nodes[0]).map(([name, , at]) => made.get(name)?.[at] ?? fail(file, part, name)), layers));
  }
  return ends(config.output_layers).map(([name, , at]) => made.get(name)?.[at] ?? fail(file, { name: "its output" }, name));
}

function fail(file, part, name) {
  throw new FileError(`${file.name} is damaged: ${part.name} reads ${name}, which is not there.`);
}

function added(file, part, from, layers) {
  if (Object.hasOwn(MODELS, part.kind)) {
    const first = layers.length, outputs = MODELS[part.kind](file, part, part.path, from, layers);
    for (const layer of layers.slice(first)) layer.within = part.name;
    return outputs;
  }
  const weights = file.layer(part.path), parameters = weights.reduce((sum, { shape }) => sum + product(shape), 0);
  return [layers.push({ ...part, from, weights, parameters }) - 1];
}

const input = ({ name, config }) => ({ name, kind: "InputLayer", config, from: [], weights: [], parameters: 0 });

// Layers with the paths of their weights: Keras counts layers of a class.
function named(parts, path) {
  const counts = {};
  return parts.map(({ class_name: kind, module: home, config, name = config.name, inbound_nodes: nodes = [], build_config: build }) => {
    const base = snake(kind), nth = (counts[base] = (counts[base] ?? -1) + 1);
    // An operation, such as x + y, has the name of a layer and is none; so may a reader's own layer.
    const own = !/^keras(\.(src\.)?(layers|models)\b|$)/.test(home ?? "");
    return { name, kind: own ? `${kind} (${home ? `of ${home}` : "a layer of one's own"})` : kind, config, nodes, build, path: `${path}${path ? "/" : ""}layers/${base}${nth ? `_${nth}` : ""}` };
  });
}

const snake = (kind) => kind.replace(/\W+/g, "").replace(/(.)([A-Z][a-z]+)/g, "$1_$2").replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();

// One end comes as [name, node, number], several as a list of such.
const ends = (told) => (typeof told?.[0] === "string" ? [told] : Object.values(told ?? {}));

// What a layer reads, wherever among its arguments.
function histories(value) {
  if (value === null || typeof value !== "object") return [];
  return value.config?.keras_history ? [value.config.keras_history] : Object.values(value).flatMap(histories);
}

// ---- shapes

/**
 * Give layers the shapes of what they make, the multiplications that it takes and, where it cannot be computed, a sentence
 * that says why; behind such a layer there are no shapes. `free` is the size of axes that the model leaves open.
 */
export function shaped(layers, free = FREE) {
  const done = [];
  for (const layer of layers) done.push({ ...layer, ...followed(layer, layer.from.map((i) => done[i].shape), free) });
  return done;
}

function followed(layer, shapes, free) {
  const { kind, config, weights } = layer;
  if (kind === "InputLayer") return { shape: (config.batch_shape ?? []).slice(1).map((n) => n ?? free), work: 0 };
  if (layer.wrong) return { wrong: layer.wrong };
  if (!shapes.length || shapes.some((shape) => !shape)) return {};
  const wrong = refused(layer, shapes);
  if (wrong) return { wrong };
  try {
    if (merges(kind)) return { shape: together(layer, shapes), work: 0 };
    const { apply, defaults } = KINDS[kind], made = apply({ shape: shapes[0], named: { ...defaults, ...config }, kind });
    const { shape, work = 0, parameters = 0, fixed = 0 } = made, held = weights.reduce((sum, one) => sum + product(one.shape), 0);
    if (held !== parameters + fixed) return { wrong: `${kind} needs ${parameters + fixed} numbers, and the file holds ${held}: save the model again.` };
    return { shape, work, trained: config.trainable === false ? 0 : parameters };
  } catch (error) {
    if (!(error instanceof LayerError)) throw error;
    return { wrong: error.message };
  }
}
