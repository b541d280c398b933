// ONNX' tensors, as Keras' layers make them. PyTorch has channels first, this page last; so a tensor only remembers which of its
// axes lies where, and no layer is written to turn it before another layer needs the numbers in an order of their own. What
// turns them there and back vanishes that way.
//
// A tensor is { at, dims, order, once }: the place of its layer, its sizes with BATCH first, for each axis of the layer's numbers
// which axis of the tensor it is, or 0 for one of length 1 that the tensor does not have, and whether the layer is read once.
// Tensors of two other kinds have not been computed yet: { parents, f } is a function of other tensors, number by number, and
// { inner } is an `inner` tensor laid out in one line.
import { product } from "../shared/shapes.mjs";
import { BATCH, OPEN, Unfit } from "./constants.mjs";
import { permuted } from "./forward.mjs";
import { recognised } from "./numberwise.mjs";

const DEEPEST = 10; // functions of functions that are looked at as one
const MERGES = { Add: "Add", Sum: "Add", Sub: "Subtract", Mul: "Multiply", Max: "Maximum", Min: "Minimum", Mean: "Average" };
/** Whether a layer puts several tensors together as this operation does. */
export const merges = (op) => Object.hasOwn(MERGES, op);
const sizes = (dims, order) => order.map((axis) => (axis ? dims[axis] : 1));
// Axes that are longer than 1, for those of length 1 may lie anywhere.
const long = (dims, order) => order.filter((axis) => axis && dims[axis] !== 1);
const equal = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);
/** The axes of a tensor but the batch's, in their order. */
export const axes = (dims) => dims.slice(1).map((_, i) => i + 1);
/** The product of sizes; OPEN if one is. */
export const all = (dims) => (dims.includes(OPEN) ? OPEN : product(dims));

export class Network {
  layers = [];
  #helpers = new Map();

  /** Add a layer that reads layers at these places; answers with its own. `node` is the operation that it stands for. */
  add(kind, config, from, { weights = [], node, wrong } = {}) {
    const parameters = weights.reduce((sum, { shape }) => sum + product(shape), 0);
    return this.layers.push({ name: node?.name || node?.outputs[0] || kind, kind, config, from, weights, parameters, ...(wrong && { wrong }) }) - 1;
  }

  /** A tensor that a new layer makes. */
  made(node, kind, config, from, dims, order, weights = []) {
    return { at: this.add(kind, config, from, { weights, node }), dims, order, once: true, fresh: true };
  }

  /** What cannot be translated, with the sentence that says why; without one, it lies behind such a thing. */
  unknown(node, inputs, wrong) {
    const weights = inputs.filter((one) => one?.float && one.X).map(({ shape, X }) => ({ shape, type: "<f4", X }));
    const from = inputs.filter((one) => one?.dims && !one.hidden).map((one) => this.real(one)).map((one) => (one.inner ?? one).at);
    return { at: this.add(node.op, {}, from, { weights, node, wrong }), dims: [], lost: true };
  }

  // ---- functions

  /** A function of tensors and numbers, number by number, where all tensors are functions of one and the same. */
  function(node, f, inputs) {
    const tensors = inputs.filter((one) => one?.dims), [first] = tensors;
    if (tensors.every((one) => one.inner)) {
      const inner = tensors.every((one) => equal(one.inner.dims, first.inner.dims)) ? this.function({ ...node, inner: true }, f, inputs.map((one) => one?.inner ?? one)) : null;
      return inner && { ...first, inner, once: true };
    }
    const ends = tensors.map(end);
    if (!ends.every((one) => one.at !== undefined && one.at === ends[0].at && equal(one.order, ends[0].order) && equal(one.dims, ends[0].dims))) return null;
    const depth = 1 + Math.max(...tensors.map((one) => one.depth ?? 0)), made = { parents: inputs, f, depth, node, dims: first.dims, order: first.order, rows: first.rows, once: true };
    return depth > DEEPEST ? this.real(made) : made;
  }

  /** The tensor, computed by layers. */
  real(tensor) {
    if (tensor.inner) return { ...tensor, inner: this.real(tensor.inner) };
    if (!tensor.parents) return tensor;
    tensor.real ??= { ...this.#computed(tensor), rows: tensor.rows };
    return { ...tensor.real, once: tensor.once && tensor.real.once };
  }

  // The longest part of it that is one of Keras' layers, behind the rest.
  #computed(tensor) {
    const { node, parents } = tensor;
    for (const begin of ancestors(tensor)) {
      const layer = recognised((x) => value(tensor, begin, x));
      if (!layer) continue;
      const read = { ...this.real(begin), once: begin.once && tensor.once && alone(tensor, begin) };
      if (read.lost) return this.unknown(node, [read]);
      const { kind, config } = layer, made = kind === "Rescaling" ? this.scaled(node, read, config.scale, config.offset) : this.made(node, kind, config, [read.at], read.dims, read.order);
      return this.tell(node, { ...made, rows: tensor.rows });
    }
    const read = parents.filter((one) => one?.dims).map((one) => this.real(one));
    if (read.some((one) => one.lost)) return this.unknown(node, read);
    if (merges(node.op) && read.length === parents.length) return this.tell(node, this.merged(node, read));
    return this.unknown(node, read, `${node.op} changes each number in a way that no layer of this page does.`);
  }

  /** Remember which tensor of the file a layer makes, if that has the same axes, and how they lie there. */
  tell(node, { fresh, ...tensor }) {
    if (fresh && !tensor.rows && !node.inner) this.layers[tensor.at].tensor = { name: node.outputs[0], order: [0, ...axes(tensor.dims).filter((axis) => !tensor.order.includes(axis)), ...tensor.order.filter((axis) => axis)] };
    return tensor;
  }

  /** Numbers multiplied, and added to, by one number or by one for each channel. */
  scaled(node, tensor, scale, offset) {
    const [factors, added] = [scale, offset].map((one) => [one].flat()), last = this.layers[tensor.at];
    if (factors.every((x) => x === 1) && added.every((x) => x === 0)) return tensor;
    // What stood before it is done at once.
    const before = last.kind === "Rescaling" && tensor.once ? last.config : null, [b, c] = before ? [before.scale, before.offset].map((one) => [one].flat()) : [[1], [0]];
    const n = Math.max(factors.length, added.length, b.length, c.length), nth = (list, i) => list[i % list.length], one = (list) => (n === 1 ? list[0] : list);
    const config = {
      scale: one(Array.from({ length: n }, (_, i) => nth(b, i) * nth(factors, i))),
      offset: one(Array.from({ length: n }, (_, i) => nth(c, i) * nth(factors, i) + nth(added, i))),
    };
    if (!before) return this.made(node, "Rescaling", config, [tensor.at], tensor.dims, tensor.order);
    last.config = config;
    return { ...tensor, fresh: true };
  }

  /** Several tensors, number by number; axes of length 1 are repeated. */
  merged(node, inputs) {
    const tensors = inputs.map((one) => this.plain(one)), rank = tensors[0].dims.length;
    if (tensors.some(({ dims, rows }) => dims.length !== rank || rows !== tensors[0].rows)) throw new Unfit(`it reads ${tensors.map(({ dims }) => shape(dims)).join(" and ")}; as many axes each are what this page takes.`);
    const dims = tensors[0].dims.map((_, i) => tensors.map((one) => one.dims[i]).reduce((a, b) => (a === 1 || b === OPEN ? b : a)));
    const whole = tensors.find((one) => equal(long(one.dims, one.order).toSorted(), long(dims, axes(dims)))), order = whole?.order ?? axes(dims);
    return { ...this.made(node, MERGES[node.op], {}, tensors.map((one) => this.arranged(one, order).at), dims, order), rows: tensors[0].rows };
  }

  // ---- the order of axes

  /** The tensor itself, if it was laid out in one line only in thought. */
  plain(tensor) {
    const read = this.real(tensor);
    if (!read.inner) return read;
    const { inner } = read, line = this.#helper("Flatten", {}, this.arranged(inner, axes(inner.dims)));
    return { at: line, dims: read.dims, order: [1], once: read.once };
  }

  /** The tensor with its axes as they are wanted, for each of the layer's which of the tensor's it is, or 0. */
  arranged(tensor, wanted) {
    const read = this.plain(tensor), { dims, order, at } = read, there = long(dims, wanted), here = long(dims, order);
    const turned = { ...read, order: wanted };
    if (order.length === wanted.length && order.every((axis, i) => axis === wanted[i] || (sizes(dims, [axis])[0] === 1 && sizes(dims, [wanted[i]])[0] === 1))) return turned;
    if (equal(here, there)) return { ...turned, at: this.#laid(read, wanted) };
    // Those of length 1 fill the places that are left.
    const rest = order.map((_, i) => i).filter((i) => !there.includes(order[i])), same = order.length === wanted.length;
    const moved = same ? wanted.map((axis) => (there.includes(axis) ? order.indexOf(axis) : rest.shift())) : [...rest, ...there.map((axis) => order.indexOf(axis))];
    const made = { ...read, at: this.#helper("Permute", { dims: moved.map((i) => i + 1) }, read), order: moved.map((i) => order[i]) };
    return same ? { ...turned, at: made.at } : this.arranged(made, wanted);
  }

  // Only axes of length 1 come or go.
  #laid({ at, dims, once }, wanted) {
    const layer = this.layers[at], target = sizes(dims, wanted);
    if (target.length === 1 && once && /^Global/.test(layer.kind) && layer.config.keepdims) {
      layer.config.keepdims = false;
      return at;
    }
    if (target.length === 1) return this.#helper("Flatten", {}, { at });
    if (target.filter((n) => n === OPEN).length > 1) throw new Unfit("it lays out numbers whose shape the file leaves open.");
    return this.#helper("Reshape", { target_shape: target.map((n) => n ?? -1) }, { at });
  }

  // A layer that only moves numbers is written once.
  #helper(kind, config, { at }) {
    const key = JSON.stringify([kind, config, at]);
    if (!this.#helpers.has(key)) this.#helpers.set(key, this.add(kind, config, [at], { node: { name: kind.toLowerCase() } }));
    return this.#helpers.get(key);
  }

  /** The tensor with this axis last. */
  last(tensor, axis) {
    const read = this.plain(tensor), rest = axes(read.dims).filter((one) => one !== axis);
    if (read.dims.length > 2 && read.order.at(-1) === axis) return read;
    return this.arranged(read, [...rest.toSorted((a, b) => read.order.indexOf(a) - read.order.indexOf(b)), axis]);
  }

  /** The tensor as maps, (rows, columns, channels); one that has a single axis of places gets one row. */
  maps(tensor, channels = 1) {
    const read = this.plain(tensor), rest = axes(read.dims).filter((axis) => axis !== channels);
    if (![1, 2].includes(rest.length)) throw new Unfit(`it goes along ${rest.length} axes; this page knows one or two.`);
    return this.arranged(read, [...(rest.length === 1 ? [0] : []), ...rest, channels]);
  }

  /** The tensor with other sizes, read in the file's order. */
  reshaped(node, tensor, dims) {
    const read = this.real(tensor), [old, now] = [read, { dims }].map(({ dims }) => long(dims, axes(dims)));
    if (read.inner && dims.length === 2) return read;
    // Where only axes of length 1 come or go, no number moves.
    if (!read.inner && equal(old.map((axis) => read.dims[axis]), now.map((axis) => dims[axis]))) return { ...read, dims, order: read.order.map((axis) => now[old.indexOf(axis)] ?? 0) };
    if (dims.length === 2 && !read.inner) {
      // Which order is needed shows behind it: a Dense layer can take its weights in another one.
      const known = !read.dims.includes(OPEN);
      if (equal(long(read.dims, read.order), old)) return this.made(node, "Flatten", {}, [read.at], dims, [1]);
      if (known) return { inner: read, dims, once: read.once };
    }
    if (dims.filter((n) => n === OPEN).length > 1) throw new Unfit("it lays out numbers whose shape the file leaves open.");
    const base = read.inner ?? read, there = equal(long(base.dims, base.order), long(base.dims, axes(base.dims))) ? base : this.arranged(base, axes(base.dims));
    return this.made(node, ...(dims.length === 2 ? ["Flatten", {}] : ["Reshape", { target_shape: dims.slice(1).map((n) => n ?? -1) }]), [there.at], dims, axes(dims));
  }

  /** What a Dense layer reads, and its weights in the order of that: { read, kernel }. */
  lined(node, tensor, kernel) {
    const { inner, dims } = this.real(tensor), [rows, units] = kernel.shape;
    if (!inner) return { read: dims.length === 2 ? this.arranged(tensor, [1]) : this.last(tensor, dims.length - 1), kernel };
    const there = long(inner.dims, inner.order), here = there.toSorted((a, b) => a - b), shape = [...here.map((axis) => inner.dims[axis]), units];
    if (product(shape) !== rows * units) throw new Unfit(`it multiplies ${shape.slice(0, -1).join(" × ")} numbers with weights for ${rows}.`);
    const { X } = permuted({ shape, X: kernel.X }, [...there.map((axis) => here.indexOf(axis)), here.length]);
    return { read: { at: this.#helper("Flatten", {}, inner), dims, order: [1] }, kernel: { ...kernel, X } };
  }
}

// ---- functions of functions

const end = (tensor) => (tensor.parents ? end(tensor.parents.find((one) => one?.dims)) : tensor);

// All that a function is made of, the first ones first.
function ancestors(tensor) {
  const found = new Set(), visit = (one) => {
    if (!one?.dims || found.has(one)) return;
    one.parents?.forEach(visit);
    found.add(one);
  };
  tensor.parents.forEach(visit);
  return found;
}

const same = (one, begin) => one === begin || (one.at !== undefined && one.at === begin.at);

// Whether nobody else reads what lies between `begin` and a function of it; who does would be a function of `begin` as it was.
const alone = (tensor, begin) => tensor.parents.every((one) => !one?.dims || same(one, begin) || (one.once && alone(one, begin)));

// What a tensor is where `begin` is x; NaN if it is made of more than that.
function value(tensor, begin, x) {
  if (same(tensor, begin)) return x;
  return tensor.parents ? tensor.f(...tensor.parents.map((one) => (one?.dims ? value(one, begin, x) : one))) : NaN;
}

/** A shape as people write it. */
export const shape = (dims) => `(${dims.map((n) => (n === BATCH ? "batch" : n ?? "any")).join(", ")})`;
