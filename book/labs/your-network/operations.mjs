// What ONNX' operations are among Keras' layers. Each gets the network that grows, its node, and what it reads; and adds layers.
import { count, product } from "../shared/shapes.mjs";
import { BATCH, OPEN, Unfit, axesOf, int, ints } from "./constants.mjs";
import { permuted } from "./forward.mjs";
import { all, axes, shape } from "./tensors.mjs";
import { bordered, flat, pooled, windowed } from "./windows.mjs";

/** How many tensors they need to read, if more than one. */
export const READS = { Conv: 2, MatMul: 2, Gemm: 2, BatchNormalization: 5, LayerNormalization: 2, Reshape: 2, Tile: 2 };
/** Which may have weights where others have what the network computes; which can treat maps as lines of channels; and what is repeated. */
export const WEIGHTS_FIRST = ["MatMul", "Gemm", "Concat"], LINES = ["MatMul", "Reshape", "Softmax", "LogSoftmax"], TILED = ["Transpose", "Reshape"];

const weight = ({ shape, X }) => ({ shape, type: "<f4", X: Float32Array.from(X) });
const known = (what, value) => {
  if (value?.dims || !value?.X) throw new Unfit(`it takes ${what} from what the network computes; this page takes them from the file.`);
  return value;
};

export const OPERATIONS = {
  Conv(net, node, [x, w, bias]) {
    const { shape: given } = known("weights", w), rank = x.dims.length - 2, { told } = node, groups = int(told, "group", 1), [filters] = given;
    if (given.length !== rank + 2 || given[1] * groups !== (x.dims[1] ?? given[1] * groups) || filters % groups) throw new Unfit(`its weights have the shape ${shape(given)}, for what it reads, ${shape(x.dims)}.`);
    if (told.kernel_shape && String(told.kernel_shape) !== String(given.slice(2))) throw new Unfit(`it is told kernel_shape=${told.kernel_shape}, but its weights have the shape ${shape(given)}.`);
    const window = windowed(net, net.maps(x), told, given.slice(2)), { strides, dilation_rate } = window, channels = given[1] * groups;
    const apart = groups === channels && groups > 1 && strides[0] === strides[1], size = flat(given.slice(2), 1), kernel = permuted({ shape: [filters, given[1], ...size], X: w.X }, [2, 3, 1, 0]);
    const config = { kernel_size: size, strides, dilation_rate, padding: window.padding, use_bias: !!bias, ...(apart ? { depth_multiplier: filters / groups } : { filters, groups }) };
    const weights = [weight({ shape: apart ? [...size, channels, filters / groups] : kernel.shape, X: kernel.X }), ...(bias ? [weight(known("a bias", bias))] : [])];
    return net.made(node, apart ? "DepthwiseConv2D" : "Conv2D", config, [window.at], [BATCH, filters, ...window.sizes], window.order, weights);
  },

  MaxPool: (net, node, [x]) => pooled(net, node, x, "MaxPooling2D"),
  AveragePool: (net, node, [x]) => pooled(net, node, x, "AveragePooling2D"),
  GlobalMaxPool: (net, node, [x]) => whole(net, node, x, 1, true, "GlobalMaxPooling2D"),
  GlobalAveragePool: (net, node, [x]) => whole(net, node, x, 1, true, "GlobalAveragePooling2D"),
  ReduceMax: (net, node, [x, along]) => reduced(net, node, x, along, "GlobalMaxPooling2D"),
  ReduceMean: (net, node, [x, along]) => reduced(net, node, x, along, "GlobalAveragePooling2D"),

  MatMul(net, node, [x, w]) {
    if (!x.dims) throw new Unfit("it multiplies weights with what it reads, not what it reads with weights.");
    return dense(net, node, x, known("weights", w));
  },
  Gemm(net, node, [x, w, bias]) {
    const { alpha = 1, beta = 1 } = node.told, turned = int(node.told, "transB", 0), { shape: given, X } = known("weights", w);
    if (!x.dims || x.dims.length !== 2 || int(node.told, "transA", 0)) throw new Unfit("it multiplies something else than what it reads with weights.");
    if (given.length !== 2) throw new Unfit(`its weights have the shape ${shape(given)}.`);
    const kernel = turned ? permuted({ shape: given, X }, [1, 0]) : { shape: given, X }, units = kernel.shape[1], times = (numbers, by) => (by === 1 ? numbers : numbers.map((one) => one * by));
    if (bias && ![1, units].includes(known("a bias", bias).X.length)) throw new Unfit(`its bias has ${count(bias.X.length)} numbers, for ${count(units)} units.`);
    const added = bias && { shape: [units], X: times(bias.X.length === units ? bias.X : new Float32Array(units).fill(bias.X[0]), beta) };
    return dense(net, node, x, { shape: kernel.shape, X: times(kernel.X, alpha) }, added);
  },

  BatchNormalization(net, node, [x, ...numbers]) {
    const read = net.last(x, 1), n = x.dims[1];
    if (int(node.told, "training_mode", 0)) throw new Unfit("it is still in training, and works with each batch's own mean.");
    if (numbers.slice(0, 4).some((one) => known("its numbers", one).X.length !== (n ?? one.X.length))) throw new Unfit(`its numbers are not ${n}, one for each channel.`);
    return net.made(node, "BatchNormalization", { epsilon: node.told.epsilon ?? 1e-5, scale: true, center: true }, [read.at], read.dims, read.order, numbers.slice(0, 4).map(weight));
  },
  LayerNormalization(net, node, [x, scale, center]) {
    const last = x.dims.length - 1, [axis] = axesOf([int(node.told, "axis", -1)], last + 1), read = net.last(x, last);
    if (axis !== last) throw new Unfit("it goes along several axes; this page knows the last one.");
    return net.made(node, "LayerNormalization", { epsilon: node.told.epsilon ?? 1e-5, scale: true, center: !!center }, [read.at], read.dims, read.order, [scale, center].filter(Boolean).map((one) => weight(known("its numbers", one))));
  },

  Softmax: (net, node, [x], { opset }) => shares(net, node, x, opset, "Softmax", {}),
  LogSoftmax: (net, node, [x], { opset }) => shares(net, node, x, opset, "Activation", { activation: "log_softmax" }),

  Flatten(net, node, [x]) {
    if (axesOf([int(node.told, "axis", 1)], x.dims.length)[0] !== 1) throw new Unfit("it mixes the examples of a batch.");
    return net.reshaped(node, x, [BATCH, all(x.dims.slice(1))]);
  },
  Reshape: (net, node, [x, target], { batch }) => reshaped(net, node, x, known("a shape", target).X, batch),
  Squeeze(net, node, [x, given]) {
    const dropped = axesOf(ints(node.told, "axes", given?.X ?? axes(x.dims).filter((axis) => x.dims[axis] === 1)), x.dims.length);
    if (dropped.some((axis) => x.dims[axis] !== 1)) throw new Unfit(`it drops the axes ${dropped.join(", ")} of ${shape(x.dims)}, which are not all of length 1.`);
    return net.reshaped(node, x, x.dims.filter((_, axis) => !dropped.includes(axis)));
  },
  Unsqueeze(net, node, [x, given]) {
    const told = ints(node.told, "axes", given?.X ?? []), rank = x.dims.length + told.length, added = axesOf(told, rank), rest = [...x.dims];
    if (added.includes(0)) throw new Unfit("it puts an axis before that of the batch.");
    return net.reshaped(node, x, Array.from({ length: rank }, (_, i) => (added.includes(i) ? 1 : rest.shift())));
  },
  Transpose(net, node, [x]) {
    const rank = x.dims.length, read = net.plain(x), perm = axesOf(ints(node.told, "perm", axes([...x.dims, 1]).map((axis) => rank - axis), rank), rank);
    if (perm[0] !== 0) throw new Unfit("it moves the axis of the batch.");
    return { ...read, dims: perm.map((axis) => read.dims[axis]), order: read.order.map((axis) => (axis ? perm.indexOf(axis) : 0)), tiled: read.tiled && perm.indexOf(read.tiled) };
  },

  Concat(net, node, values) {
    const [first] = values, [axis] = axesOf([int(node.told, "axis")], first.dims?.length ?? 0);
    if (!values.every((one) => one?.dims)) throw new Unfit("it puts weights beside what it reads.");
    if (axis === 0) throw new Unfit("it mixes the examples of a batch.");
    const read = values.map((one) => net.plain(one)), own = read.find(({ order }) => order.includes(axis) && axes(first.dims).every((one) => order.includes(one)) && !order.includes(0)), order = own?.order ?? axes(first.dims);
    if (read.some(({ dims }) => dims.length !== first.dims.length)) throw new Unfit(`it reads ${read.map(({ dims }) => shape(dims)).join(" and ")}.`);
    const dims = first.dims.map((n, i) => (i === axis ? read.reduce((sum, one) => (sum === OPEN || one.dims[i] === OPEN ? OPEN : sum + one.dims[i]), 0) : n));
    return net.made(node, "Concatenate", { axis: order.indexOf(axis) + 1 }, read.map((one) => net.arranged(one, order).at), dims, order);
  },

  Pad(net, node, [x, given, value, some]) {
    const { told } = node, rank = x.dims.length, pads = ints(told, "pads", given ? [...known("its sizes", given).X] : []), along = axesOf(some ? known("its axes", some).X : [0, ...axes(x.dims)], rank);
    if (pads.length !== 2 * along.length || pads.some((n) => n < 0)) throw new Unfit(`it is told pads=${pads.join(", ")}; this page adds borders, and takes nothing away.`);
    if ((told.mode ?? "constant") !== "constant" || (value ? known("a number", value).X[0] : told.value ?? 0) !== 0) throw new Unfit("it fills the border with something else than 0.");
    const edges = Array.from({ length: rank }, () => [0, 0]);
    along.forEach((axis, i) => { edges[axis] = [pads[i], pads[i + along.length]]; });
    const free = axes(x.dims).filter((axis) => edges[axis].every((n) => n === 0)), places = axes(x.dims).filter((axis) => !free.includes(axis));
    if (!places.length && edges[0].every((n) => n === 0)) return x;
    const channels = free.includes(x.order?.at(-1)) ? x.order.at(-1) : free[0];
    if (edges[0].some(Boolean) || !channels) throw new Unfit("it adds a border to the batch, or to channels; this page does it to places.");
    return bordered(net, net.maps(x, channels), channels, (axis) => edges[axis], node);
  },

  // TensorFlow repeats pixels along an axis of their own, which Reshape lets vanish.
  Tile(net, node, [x, times]) {
    const { X } = known("a number of times", times), read = net.plain(x), [axis, ...others] = axes(x.dims).filter((axis) => X[axis] !== 1);
    if (X[0] !== 1 || others.length || (axis && (x.dims[axis] !== 1 || !(X[axis] > 0)))) throw new Unfit(`it repeats ${shape(x.dims)} ${[...X].join(", ")} times; this page repeats one axis of length 1.`);
    return { ...read, dims: x.dims.map((n, i) => n * X[i] || n), order: read.order.map((one) => (one === axis ? 0 : one)), tiled: axis };
  },

  Resize: (net, node, [x, , scales, sizes]) => enlarged(net, node, x, sizes ? known("sizes", sizes).X.map((n, i) => (i ? n / x.dims[i] : 1)) : known("scales", scales).X),
  Upsample: (net, node, [x, scales]) => enlarged(net, node, x, scales ? known("scales", scales).X : node.told.scales ?? []),
};

function dense(net, node, x, { shape: given, X }, bias) {
  if (given.length !== 2 || given[0] !== (x.dims.at(-1) ?? given[0])) throw new Unfit(`its weights have the shape ${shape(given)}, for what it reads, ${shape(x.dims)}.`);
  const units = given[1], { read, kernel } = net.lined(node, x, { shape: given, X });
  const config = { units, use_bias: !!bias }, dims = [...read.dims.slice(0, -1), units];
  return { ...net.made(node, "Dense", config, [read.at], dims, read.order, [weight(kernel), ...(bias ? [weight(bias)] : [])]), rows: x.rows };
}

function shares(net, node, x, opset, kind, config) {
  const last = x.dims.length - 1, [axis] = axesOf([int(node.told, "axis", opset < 13 ? 1 : -1)], last + 1);
  if (axis === 0 || (opset < 13 && axis !== last && x.dims.slice(axis + 1).some((n) => n !== 1))) throw new Unfit("it makes shares of several axes at once.");
  if (x.rows && axis !== last) throw new Unfit("it mixes the examples of a batch.");
  const read = net.last(x, x.rows ? last : axis);
  return { ...net.made(node, kind, config, [read.at], read.dims, read.order), rows: x.rows };
}

// One number for each map.
function whole(net, node, x, channels, keep, kind) {
  const read = net.maps(x, channels), dims = x.dims.flatMap((n, axis) => (axis === 0 || axis === channels ? [n] : keep ? [1] : []));
  return net.made(node, kind, { keepdims: true }, [read.at], dims, [0, 0, keep ? channels : 1]);
}

function reduced(net, node, x, given, kind) {
  const rank = x.dims.length, along = axesOf(ints(node.told, "axes", given ? known("its axes", given).X : [0, ...axes(x.dims)]), rank), rest = axes(x.dims).filter((axis) => !along.includes(axis));
  if (along.includes(0) || rest.length !== 1) throw new Unfit(`it goes along the axes ${along.join(", ")} of ${shape(x.dims)}; this page does it along all places of maps.`);
  return whole(net, node, x, rest[0], int(node.told, "keepdims", 1) !== 0, kind);
}

// Behind Tile: each place, and its repetitions, become one axis.
function repeated(net, node, { tiled, ...x }, target) {
  const times = x.dims[tiled], axis = tiled - 1, without = (list) => list.filter((_, i) => i !== tiled), dims = without(x.dims).map((n, i) => (i === axis && n !== OPEN ? n * times : n));
  const base = { ...x, dims: without(x.dims), order: x.order.map((one) => (one > tiled ? one - 1 : one)) }, channels = base.order.at(-1);
  if (axis < 1 || channels === axis || dims.length !== target.length || !target.every((n, i) => !i || typeof n !== "number" || n === -1 || n === dims[i])) throw new Unfit("it reads numbers that were repeated, and does not put them side by side.");
  const read = net.maps(base, channels), size = read.order.slice(0, 2).map((one) => (one === axis ? times : 1)), last = net.layers[read.at];
  if (last.kind !== "UpSampling2D" || !read.once) return net.made(node, "UpSampling2D", { size, interpolation: "nearest" }, [read.at], dims, read.order);
  last.config.size = last.config.size.map((n, i) => n * size[i]);
  return { ...read, dims, fresh: true };
}

function enlarged(net, node, x, scales) {
  const { mode = "nearest", coordinate_transformation_mode: way = node.op === "Upsample" ? "asymmetric" : "half_pixel", nearest_mode: round = node.op === "Upsample" ? "floor" : "round_prefer_floor" } = node.told;
  const rank = x.dims.length, size = [...scales.slice(2)], read = net.maps(x);
  if (mode !== "nearest") throw new Unfit(`it enlarges by "${mode}"; this page repeats pixels, which is "nearest".`);
  if (scales.length !== rank || scales[0] !== 1 || scales[1] !== 1 || !size.every((n) => Number.isInteger(n) && n > 0)) throw new Unfit(`it changes the size by ${[...scales].join(", ")}; this page takes whole numbers along the places.`);
  if (!size.every((n) => repeats(n, way, round))) throw new Unfit(`it takes other pixels than those that lie nearest (${way}, ${round}).`);
  return net.made(node, "UpSampling2D", { size: flat(size, 1), interpolation: "nearest" }, [read.at], x.dims.map((n, i) => (n === OPEN || i < 2 ? n : n * scales[i])), read.order);
}

// Whether each pixel is repeated n times: where it comes from, and how that is rounded, is told in words.
function repeats(n, way, round) {
  const ROUND = { floor: Math.floor, ceil: Math.ceil, round_prefer_ceil: (x) => Math.floor(x + 0.5), round_prefer_floor: (x) => Math.ceil(x - 0.5) };
  const FROM = { asymmetric: (i) => i / n, half_pixel: (i) => (i + 0.5) / n - 0.5, pytorch_half_pixel: (i) => (i + 0.5) / n - 0.5, tf_half_pixel_for_nn: (i) => (i + 0.5) / n };
  return FROM[way] && ROUND[round] && Array.from({ length: 4 * n }, (_, i) => i).every((i) => Math.max(0, ROUND[round](FROM[way](i))) === Math.floor(i / n));
}

// ---- shapes

function reshaped(net, node, x, told, batch) {
  const { dims } = x, rest = dims.slice(1), target = told.map((n, i) => (n === 0 && !node.told.allowzero ? dims[i] ?? n : n)), [first, ...others] = target, size = all(rest);
  const unknown = (n) => n === -1 || n === OPEN || n === BATCH, same = [BATCH, 1, batch, -1, OPEN].includes(first);
  // A batch of maps as lines of channels, which a Dense layer treats one by one, and back.
  if (x.rows) {
    if (target.length === dims.length && same && others.every((n, i) => unknown(n) || n === rest[i])) return { ...x, rows: undefined };
    throw new Unfit("it mixes the examples of a batch.");
  }
  if (x.tiled) return repeated(net, node, x, target);
  const sure = others.filter((n) => !unknown(n)), left = others.length - sure.length, filled = left === 1 && size !== OPEN ? size / product(sure) : OPEN;
  if (left <= 1 && (left || size === OPEN || product(sure) === size) && same && (filled === OPEN || Number.isInteger(filled))) {
    if (first !== -1 && first !== OPEN) return net.reshaped(node, x, [BATCH, ...others.map((n) => (unknown(n) ? filled : n))]);
    if (!left && product(sure) === size) return net.reshaped(node, x, [BATCH, ...others]);
  }
  if (target.length === 2 && unknown(first) && rest.length > 1 && [rest.at(-1), -1].includes(others[0]) && others[0] !== -1) return { ...net.last(x, rest.length), rows: true };
  throw new Unfit(`it makes ${shape(target.map((n) => (n === -1 ? OPEN : n)))} of ${shape(dims)}, which mixes the examples of a batch, or depends on what is computed.`);
}
