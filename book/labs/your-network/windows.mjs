// Operations with a window that moves along maps, and the border around these. ONNX tells how many numbers are added on each
// side; Keras knows "valid" and "same", and a layer that adds zeros.
import { outputSize } from "../shared/sizes.mjs";
import { BATCH, OPEN, Unfit, ints } from "./constants.mjs";
import { shape } from "./tensors.mjs";

/** One axis of places is a picture of one row. */
export const flat = (sizes, one) => (sizes.length === 1 ? [one, ...sizes] : sizes);

/** What a window reads, how it moves, and how many places it visits: borders that are not Keras' own become a layer. */
export function windowed(net, read, told, kernel, { ceil = false, zeros = true } = {}) {
  const n = kernel.length, [strides, dilations] = ["strides", "dilations"].map((name) => ints(told, name, Array(n).fill(1), n)), pads = ints(told, "pads", Array(2 * n).fill(0), 2 * n), way = told.auto_pad ?? "NOTSET";
  if ([...strides, ...dilations, ...kernel].some((one) => one < 1) || pads.some((one) => one < 0)) throw new Unfit(`it is told kernel_shape=${kernel}, strides=${strides}, dilations=${dilations}, pads=${pads}.`);
  const along = kernel.map((k, i) => {
    const size = read.dims[i + 2], span = dilations[i] * (k - 1) + 1, step = strides[i], before = pads[i], behind = pads[i + n];
    const border = (places) => (size === OPEN ? OPEN : Math.max((places - 1) * step + span - size, 0)), keras = step === 1 ? span - 1 : size === OPEN ? OPEN : border(Math.ceil(size / step));
    if (way === "SAME_UPPER" || way === "SAME_LOWER") return { size, span, step, keras, edges: keras === OPEN ? null : way === "SAME_UPPER" ? [keras >> 1, keras - (keras >> 1)] : [keras - (keras >> 1), keras >> 1] };
    if (way === "VALID" || !ceil || size === OPEN) return { size, span, step, keras, edges: way === "VALID" ? [0, 0] : [before, behind], open: ceil && step > 1 };
    // A last window that begins inside counts, even if it ends beyond the border.
    let places = Math.ceil((size + before + behind - span) / step) + 1;
    if ((places - 1) * step >= size + before) places--;
    return { size, span, step, keras, edges: [before, Math.max(behind, (places - 1) * step + span - size - before)] };
  });
  if (along.some(({ edges, open }) => (!edges && way !== "SAME_UPPER") || open)) throw new Unfit("its border depends on the size of the picture, which the file leaves open.");
  const shifted = { strides: flat(strides, 1), dilation_rate: flat(dilations, 1) };
  const same = along.every(({ keras, edges }) => !edges || (keras !== OPEN && edges[0] === keras >> 1 && edges[1] === keras - (keras >> 1))), none = along.every(({ edges }) => edges?.every((one) => one === 0));
  const sizes = along.map(({ size, span, step, edges }) => (size === OPEN ? OPEN : same ? Math.ceil(size / step) : outputSize(size + edges[0] + edges[1], span, step)));
  along.forEach(({ size, span }, i) => { if (sizes[i] === 0) throw new Unfit(`a window of ${span} does not fit into ${size} places.`); });
  if (none || (same && zeros !== "counted")) return { at: read.at, order: read.order, padding: none ? "valid" : "same", sizes, ...shifted };
  if (!zeros) throw new Unfit("it has a border on which Keras' pooling does not lie.");
  return { ...bordered(net, read, 1, (axis) => along[axis - 2]?.edges ?? [0, 0]), padding: "valid", sizes, ...shifted };
}

/** Zeros around maps. */
export function bordered(net, read, channels, edges, node) {
  const padding = read.order.slice(0, 2).map((axis) => (axis && axis !== channels ? edges(axis) : [0, 0])), dims = read.dims.map((n, axis) => (axis && n !== OPEN ? n + edges(axis)[0] + edges(axis)[1] : n));
  return net.made(node ?? { name: "zero_padding" }, "ZeroPadding2D", { padding }, [read.at], dims, read.order);
}

/** A pooling. */
export function pooled(net, node, x, kind) {
  const { told } = node, kernel = ints(told, "kernel_shape"), read = net.maps(x), most = kind === "MaxPooling2D";
  if (!kernel || kernel.length !== x.dims.length - 2) throw new Unfit(`it is told kernel_shape=${kernel ?? "nothing"} for what it reads, ${shape(x.dims)}.`);
  if (ints(told, "dilations", []).some((one) => one !== 1)) throw new Unfit("its window has gaps, which Keras' pooling does not have.");
  // Zeros beside numbers that are none below zero are no largest ones. In an average they count, or do not, as it is told.
  const zeros = most ? positive(net.layers, read.at) : told.count_include_pad ? "counted" : false, ceil = !!told.ceil_mode;
  if (ceil && zeros === "counted") throw new Unfit("it counts a part of its border only.");
  const { at, order, padding, sizes, strides } = windowed(net, read, { ...told, dilations: undefined }, kernel, { ceil, zeros });
  return net.made(node, kind, { pool_size: flat(kernel, 1), strides, padding }, [at], [BATCH, x.dims[1], ...sizes], order);
}

function positive(layers, at) {
  const { kind, config, from } = layers[at];
  if (kind === "ReLU") return config.negative_slope === 0;
  if (kind === "Softmax" || (kind === "Activation" && /^(sigmoid|hard_sigmoid|softplus|exponential)$/.test(config.activation))) return true;
  return /^(Max|Average|Global|ZeroPadding|UpSampling|Concatenate|Add$|Multiply|Permute|Reshape|Flatten)/.test(kind) && from.every((one) => positive(layers, one));
}
