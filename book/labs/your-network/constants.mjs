// Numbers that are known before anything is computed: weights, and the arithmetic with shapes that exporters write around a
// Reshape. A shape may hold BATCH, and OPEN where the size of an axis is left open.
import { product } from "../shared/shapes.mjs";
import { permuted, repeated } from "./forward.mjs";
import { NUMBERWISE } from "./numberwise.mjs";
import { kindOf } from "./onnx.mjs";

export const BATCH = "batch", OPEN = null;

/** Something that an operation is told, or reads, and that this page cannot do; the message is a sentence. */
export class Unfit extends Error {}

/** Whole numbers that an operation is told: `n` of them, or as many as there are. */
export function ints(told, name, otherwise, n) {
  const value = told[name] ?? otherwise;
  if (value === undefined || (Array.isArray(value) && value.every(Number.isInteger) && (n === undefined || value.length === n))) return value;
  throw new Unfit(`it is told ${name}=${JSON.stringify(value)}, which is not what it needs.`);
}

export const int = (told, name, otherwise) => ints({ [name]: [told[name] ?? otherwise] }, name, [], 1)[0];

/** Axes counted from the front, of so many. */
export function axesOf(axes, rank) {
  const found = axes.map((axis) => (axis < 0 ? axis + rank : axis));
  if (found.some((axis, i) => !(axis >= 0 && axis < rank) || found.indexOf(axis) !== i)) throw new Unfit(`it goes along the axes ${axes.join(", ")} of ${rank}.`);
  return found;
}

const like = ({ kind, float }, shape, X) => ({ shape, kind, float, X: float ? Float32Array.from(X) : Array.from(X) });
const whole = (shape, X) => ({ shape, kind: "int64", float: false, X });
const floats = (shape, X) => ({ shape, kind: "float32", float: true, X: Float32Array.from(X) });
export const vector = (X) => whole([X.length], X);

/** What an operation makes of numbers that are known; undefined if this page does not know. */
export function folded({ op, told }, inputs) {
  if (Object.hasOwn(NUMBERWISE, op)) return inputs.length ? together(op, NUMBERWISE[op](told), inputs.filter(Boolean)) : undefined;
  return Object.hasOwn(FOLDED, op) && inputs.length >= FOLDED[op].length - 1 ? FOLDED[op](told, ...inputs) : undefined;
}

// What is told, then what is read; what may be missing has a default.
const FOLDED = {
  Constant({ value, value_float: number, value_floats: numbers, value_int: n, value_ints: several }) {
    if (number !== undefined || numbers) return floats(numbers ? [numbers.length] : [], numbers ?? [number]);
    if (n !== undefined || several) return several ? vector(several) : whole([], [n]);
    return value;
  },
  Identity: (_, value) => value,
  Cast({ to }, value) {
    const kind = kindOf(to);
    return kind ? like(kind, value.shape, kind.float ? value.X : value.X.map((x) => (typeof x === "number" ? Math.trunc(x) : x))) : undefined;
  },
  ConstantOfShape({ value = floats([1], [0]) }, { X: shape }) {
    return shape.every(Number.isInteger) && product(shape) < 1e6 ? like(value, shape, Array(product(shape)).fill(value.X[0])) : undefined;
  },
  Transpose(told, value) {
    const rank = value.shape.length, { shape, X } = permuted(value, axesOf(ints(told, "perm", value.shape.map((_, i) => rank - 1 - i), rank), rank));
    return like(value, shape, X);
  },
  Unsqueeze(told, value, { X } = {}) {
    const axes = ints(told, "axes", X ?? []), rest = [...value.shape], rank = rest.length + axes.length, added = axesOf(axes, rank);
    return { ...value, shape: Array.from({ length: rank }, (_, i) => (added.includes(i) ? 1 : rest.shift())) };
  },
  Squeeze(told, value, { X } = {}) {
    const dropped = axesOf(ints(told, "axes", X ?? value.shape.flatMap((n, i) => (n === 1 ? [i] : []))), value.shape.length);
    return { ...value, shape: value.shape.filter((n, i) => n !== 1 || !dropped.includes(i)) };
  },
  Reshape(_, value, { X }) {
    const some = X.map((n, i) => (n === 0 ? value.shape[i] : n)), shape = some.map((n) => (n === -1 ? -product(value.shape) / product(some) : n));
    return product(shape) === value.X.length ? { ...value, shape } : undefined;
  },
  Gather(told, value, { shape, X }) {
    const [at] = axesOf([int(told, "axis", 0)], value.shape.length), places = X.map((i) => (i < 0 ? i + value.shape[at] : i));
    return places.every((i) => i >= 0 && i < value.shape[at]) ? { ...picked(value, at, places), shape: [...value.shape.slice(0, at), ...shape, ...value.shape.slice(at + 1)] } : undefined;
  },
  Slice(told, value, ...inputs) {
    const [starts = [], ends = [], axes, steps = []] = ["starts", "ends", "axes", "steps"].map((name, i) => ints(told, name, inputs[i]?.X)), along = axesOf(axes ?? starts.map((_, i) => i), value.shape.length);
    return along.reduce((some, at, i) => {
      const n = value.shape[at], step = steps[i] || 1, [least, most] = step > 0 ? [0, n] : [-1, n - 1], inside = (x) => Math.max(least, Math.min(most, x < 0 ? x + n : x)), places = [];
      for (let place = inside(starts[i]); (inside(ends[i]) - place) * step > 0; place += step) places.push(place);
      return picked(some, at, places);
    }, value);
  },
  Concat(told, first, ...others) {
    const [at] = axesOf([int(told, "axis", 0)], first.shape.length), values = [first, ...others], outer = product(first.shape.slice(0, at)), X = [];
    for (let i = 0; i < outer; i++) for (const one of values) one.X.slice((i * one.X.length) / outer, ((i + 1) * one.X.length) / outer).forEach((x) => X.push(x));
    return like(first, first.shape.map((n, i) => (i === at ? values.reduce((sum, { shape }) => sum + shape[at], 0) : n)), X);
  },
  ReduceProd: (_, { X }) => (X.every(Number.isFinite) ? whole([], [product(X)]) : undefined),
  // Weights as whole numbers: what they stand for.
  DequantizeLinear(told, value, scale, zero = null) {
    const axis = int(told, "axis", 1), rank = value.shape.length, along = ({ shape, X }) => floats(product(shape) === 1 ? [] : value.shape.map((_, i) => (i === (axis < 0 ? axis + rank : axis) ? X.length : 1)), X);
    const weights = floats(value.shape, value.X), moved = zero ? together("Sub", NUMBERWISE.Sub(), [weights, along(zero)]) : weights;
    return moved && together("Mul", NUMBERWISE.Mul(), [moved, along(scale)]);
  },
};

function picked(value, axis, places) {
  const inner = product(value.shape.slice(axis + 1)), n = value.shape[axis], X = [];
  for (let outer = 0; outer < value.X.length; outer += n * inner) for (const place of places) value.X.slice(outer + place * inner, outer + (place + 1) * inner).forEach((x) => X.push(x));
  return like(value, value.shape.map((size, i) => (i === axis ? places.length : size)), X);
}

// Number by number, with axes of length 1 repeated. What is not known yet stays so.
function together(op, f, values) {
  const rank = Math.max(...values.map(({ shape }) => shape.length)), shapes = values.map(({ shape }) => [...Array(rank - shape.length).fill(1), ...shape]);
  const wanted = Array.from({ length: rank }, (_, i) => Math.max(...shapes.map((shape) => shape[i])));
  if (shapes.some((shape) => shape.some((n, i) => n !== 1 && n !== wanted[i]))) return undefined;
  const X = values.map((one, i) => repeated({ shape: shapes[i], X: one.X }, wanted));
  return like(op === "Where" ? values.at(-1) : values[0], wanted, Array.from(X[0], (_, i) => {
    const numbers = X.map((one) => one[i]);
    if (!numbers.every((x) => typeof x === "number")) return ["Mul", "Div"].includes(op) && numbers[1] === 1 ? numbers[0] : OPEN;
    return op === "Div" && !values[0].float ? Math.trunc(numbers[0] / numbers[1]) : f(...numbers);
  }));
}
