// From ONNX' operations to Keras' layers, in the structure that graph.mjs makes of a .keras file.
import { BATCH, Unfit, folded, int, vector } from "./constants.mjs";
import { FileError } from "./files.mjs";
import { NUMBERWISE } from "./numberwise.mjs";
import { LINES, OPERATIONS, READS, TILED, WEIGHTS_FIRST } from "./operations.mjs";
import { Network, axes, merges, shape } from "./tensors.mjs";

const [DROPPED, COLOURS] = [["Identity", "Dropout", "Cast"], [1, 3]];
// What goes along places, so that axis 1 of what it reads must be its channels.
const ALONG_PLACES = /^(Conv|ConvTranspose|(Global)?(Max|Average|Lp)Pool|BatchNormalization|InstanceNormalization|Resize|Upsample|DepthToSpace|SpaceToDepth)$/;
const QUANTISED = /^(DynamicQuantize|Quantize|Dequantize)Linear$|^QLinear|Integer$/;

/**
 * Translate an opened file: { name, version, kind, layers, outputs, read }, as graph.mjs reads a .keras file; `read` is what the file
 * itself reads: { name, kind, order, batch, outputs }, where `order` brings the page's axes into the file's. Layers know the `tensor` of the file that they
 * make: { name, order }. Throws a FileError.
 */
export function translated(file) {
  const { name, inputs, nodes, opset } = file, net = new Network(), values = new Map(file.numbers);
  if (!inputs.length) throw new FileError(`${name} reads nothing: it holds no input, only numbers. Export the network with an example of what it reads.`);
  const reads = inputs.map((one) => begun(net, one, file, values)), uses = counted(file);
  for (const node of nodes) {
    const read = node.inputs.map((one) => (one === "" ? null : values.get(one) ?? missing(file, node, one)));
    const made = computed(net, node, read, { opset, batch: reads[0].batch });
    node.outputs.forEach((one, i) => values.set(one, bound(net, node, i ? null : made, made, uses.get(one))));
  }
  const outputs = file.outputs.map((one) => values.get(one) ?? missing(file, { op: "its output" }, one)).map((one) => ended(net, one, name));
  named(net.layers);
  return { name, version: file.producer, kind: "ONNX", layers: net.layers, outputs, read: { ...reads[0], outputs: file.outputs } };
}

function missing(file, { op, name }, what) {
  throw new FileError(`${file.name} is damaged: ${op}${name ? ` (${name})` : ""} reads ${what}, which is not there. Copy the file again, or export it again.`);
}

// ---- what is read, and what comes out

function begun(net, { name, kind, dims: [batch, ...rest] }, file, values) {
  if (!rest.length) throw new FileError(`${file.name} reads ${name} with the shape (${batch ?? "any"}). This page takes networks that read a batch, so that the first of two or more axes counts its examples: export it with such an example.`);
  const dims = [BATCH, ...rest], order = channelsFirst(file, name, rest) ? [...axes(dims).slice(1), 1] : axes(dims);
  const at = net.add("InputLayer", { batch_shape: [null, ...order.map((axis) => dims[axis])] }, [], { node: { name: name || "input" } });
  values.set(name, { at, dims, order, once: false });
  return { name, kind, batch, order: [0, ...axes(dims).map((axis) => order.indexOf(axis) + 1)] };
}

// A picture of PyTorch's. What reads it tells; where that is a line, its sizes do.
function channelsFirst({ nodes }, name, sizes) {
  if (sizes.length < 2) return false;
  const same = new Set([name]), ops = [];
  for (const { op, inputs, outputs } of nodes) {
    if (!inputs.some((one) => same.has(one))) continue;
    if (Object.hasOwn(NUMBERWISE, op) || [...DROPPED, "Pad"].includes(op)) same.add(outputs[0]);
    else ops.push(op);
  }
  if (ops.some((op) => ALONG_PLACES.test(op))) return true;
  return !ops.includes("Transpose") && sizes.length === 3 && COLOURS.includes(sizes[0]) && !COLOURS.includes(sizes[2]);
}

// How often a tensor is read; that somebody asks for its shape does not count.
function counted({ nodes, outputs }) {
  const uses = new Map(), reads = [...nodes.flatMap(({ op, inputs }) => (op === "Shape" ? [] : inputs)), ...outputs];
  for (const one of reads) uses.set(one, (uses.get(one) ?? 0) + 1);
  return uses;
}

function bound(net, node, made, first, uses) {
  if (!made) return { at: first.at ?? 0, dims: [], lost: true };
  if (!made.dims) return made;
  return { ...net.tell(node, made), once: made.once && uses === 1 };
}

function ended(net, value, name) {
  if (!value.dims) throw new FileError(`${name} answers with numbers that do not depend on what it reads. Export the network again.`);
  if (value.lost) return value.at;
  const read = net.plain(value), absent = axes(read.dims).filter((axis) => !read.order.includes(axis));
  if (read.lost) return read.at;
  try {
    return net.arranged(read, [...absent, ...read.order.filter((axis) => axis)]).at;
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    return read.at; // with axes of length 1 that the file does not have
  }
}

// Without the folder that all have in common, and each one once: the page tells layers apart by their names.
function named(layers) {
  const inside = layers.map(({ name }) => name.replace(/^\/|^node_|:\d+$/g, "")), folders = inside.filter((name) => name.includes("/")).map((name) => name.split("/")[0]), used = new Set();
  const common = folders.length > 1 && folders.every((one) => one === folders[0]) ? `${folders[0]}/` : "";
  layers.forEach((layer, i) => {
    const name = inside[i].startsWith(common) ? inside[i].slice(common.length) : inside[i];
    let own = name;
    for (let n = 1; used.has(own); n++) own = `${name}_${n}`;
    used.add(own);
    layer.name = own;
  });
}

// ---- one operation

function computed(net, node, inputs, told) {
  const { op } = node, tensors = inputs.filter((one) => one?.dims);
  // The arithmetic with a shape that is not known is no layer.
  if (tensors.length && (op === "Shape" ? tensors[0].lost : tensors.every((one) => one.hidden))) return { ...tensors[0], hidden: true };
  try {
    if (op === "Shape" && tensors.length) return vector(tensors[0].dims.slice(int(node.told, "start", 0), node.told.end));
    if (!tensors.length) return (inputs.every((one) => !one || one.X) && folded(node, inputs)) || net.unknown(node, inputs, sentence(op));
    if (Object.hasOwn(NUMBERWISE, op)) return numberwise(net, node, inputs);
    const read = inputs.map((one) => (one?.dims ? net.real(one) : one));
    if (read.some((one) => one?.lost)) return net.unknown(node, read);
    if (DROPPED.includes(op) && read[0]?.dims) return dropped(node, read[0]);
    if (!Object.hasOwn(OPERATIONS, op)) return net.unknown(node, read, sentence(op));
    const needed = READS[op] ?? 1;
    if (read.some((one) => one?.rows) && !LINES.includes(op)) throw new Unfit("it mixes the examples of a batch.");
    if (read.some((one) => one?.tiled) && !TILED.includes(op)) throw new Unfit("it reads numbers that were repeated.");
    if (read.slice(0, needed).filter(Boolean).length < needed) throw new Unfit(`it reads ${read.filter(Boolean).length} tensors instead of ${needed}.`);
    if (!read[0].dims && !WEIGHTS_FIRST.includes(op)) throw new Unfit("what it treats are numbers of the file, and nothing that the network reads.");
    const odd = read.find((one) => one && !one.dims && !one.X);
    if (odd) throw new Unfit(`it reads numbers of the kind ${odd.kind}; this page reads float32.`);
    return OPERATIONS[op](net, node, read, told);
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    return net.unknown(node, inputs, `${op} is not computed here: ${error.message}`);
  }
}

const sentence = (op) => `${op || "An operation without a name"} is an operation that this page does not know${QUANTISED.test(op) ? ": it works with whole numbers of 8 bits. Open the network as it was before it was quantised" : ""}.`;

function dropped(node, tensor) {
  // Keras and this page compute with floats alone; what is rounded is no longer the same.
  if (node.op === "Cast" && ![1, 10, 11].includes(node.told.to)) throw new Unfit("it makes whole numbers of what it reads.");
  return tensor;
}

// Functions of every number by itself; with weights, of every channel.
function numberwise(net, node, inputs) {
  const tensors = inputs.filter((one) => one?.dims), numbers = inputs.filter((one) => one && !one.dims), [first] = tensors, [given] = numbers, alone = tensors.length === 1 && numbers.length === 1;
  if (tensors.some((one) => one.lost)) return net.unknown(node, inputs);
  if (tensors.some((one) => one.tiled)) throw new Unfit("it reads numbers that were repeated.");
  if (alone && node.op === "Add" && biased(net, first, given)) return { ...first, fresh: true };
  if (numbers.every(({ X, shape }) => X?.length === 1 && shape.length <= first.dims.length)) {
    const made = net.function(node, NUMBERWISE[node.op](node.told), inputs.map((one) => (one?.dims ? one : one?.X[0])));
    if (made) return made;
  }
  const read = tensors.map((one) => net.real(one));
  if (read.some((one) => one.lost)) return net.unknown(node, inputs);
  if (alone && SCALED[node.op]) return perChannel(net, node, read[0], given, inputs[0] === given);
  if (!numbers.length && merges(node.op)) return net.merged(node, read);
  return net.unknown(node, inputs, tensors.length > 1 ? `${node.op} puts several tensors together in a way that no layer of this page does.` : `${node.op} takes more than one number from the file; this page knows it with one for all.`);
}

// The axis along which numbers for each channel lie; 0 if they are one for all.
function along({ dims }, { shape: given, X }) {
  const there = [...Array(Math.max(0, dims.length - given.length)).fill(1), ...given], [axis = 0, ...others] = there.flatMap((n, i) => (n === 1 ? [] : [i]));
  if (!X || given.length > dims.length || others.length || (there[axis] !== 1 && there[axis] !== dims[axis])) throw new Unfit(`it reads ${shape(dims)} and numbers of the shape ${shape(given)}; this page takes one number, or one for each channel.`);
  return axis;
}

// An addition of weights behind a layer is the layer's own bias.
function biased(net, tensor, numbers) {
  const layer = net.layers[tensor.at];
  if (!tensor.once || layer?.config.use_bias !== false || !numbers.X || numbers.shape.length > tensor.dims.length) return false;
  const axis = tensor.order.at(-1), n = tensor.dims[axis];
  if (numbers.X.length !== n || (n > 1 && along(tensor, numbers) !== axis)) return false;
  layer.config.use_bias = true;
  layer.weights.push({ shape: [n], type: "<f4", X: Float32Array.from(numbers.X) });
  layer.parameters += n;
  return true;
}

const SCALED = {
  Add: (c) => [1, c], Sub: (c, before) => (before ? [-1, c] : [1, -c]), Mul: (c) => [c, 0],
  Div(c, before) {
    if (before) throw new Unfit("it divides weights by what it reads.");
    return [1 / c, 0];
  },
};

function perChannel(net, node, tensor, numbers, before) {
  const axis = along(tensor, numbers), pairs = Array.from(numbers.X, (c) => SCALED[node.op](c, before)), read = axis ? net.last(tensor, axis) : tensor;
  return { ...net.scaled(node, read, ...[0, 1].map((i) => pairs.map((pair) => pair[i]))), rows: tensor.rows };
}
