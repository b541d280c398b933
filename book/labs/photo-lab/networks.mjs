// The two networks of the laboratory, and twins of theirs with random weights.
import { bytes, halves } from "../shared/half.mjs";
import { random } from "../shared/random.mjs";

const OUR_WIDTHS = [48, 48, 96, 192, 192], GATED = 2; // from this block on, counted from 0
// Kernels that squeeze, and of each of the two that expand; a pooling lies before these.
const FIRES = [[16, 64], [16, 64], [32, 128], [32, 128], [48, 192], [48, 192], [64, 256], [64, 256]], POOLED = [0, 2, 4];
const MEAN = [123.68, 116.779, 103.939]; // red, green, blue

/** How large the borrowed network wants its photographs; ours takes any size. */
export const BORROWED_SIZE = 227;

// Lists layers as they are added; each reads the one before, unless it is told.
function listed() {
  const net = [{ kind: "image", name: "image", from: [] }];
  const add = (kind, options = {}) => net.push({ kind, from: [net.length - 1], ...options }) - 1;
  return { net, add };
}

const convolution = (k, channels, filters, options) => ({ k, stride: 1, padding: "same", channels, filters, ...options });

/** Our network of the chapter on cats and dogs, without weights. */
export function ours() {
  const { net, add } = listed();
  add("scale", { scale: 1 / 64, offset: [-2] });
  add("conv", convolution(4, 3, OUR_WIDTHS[0], { name: "given", stride: 2, given: true }));
  add("relu", { name: "re_lu" });
  OUR_WIDTHS.slice(1).forEach((filters, i) => {
    const channels = OUR_WIDTHS[i];
    add("conv", convolution(3, channels, filters, { name: `conv${i + 2}` }));
    add("pool", { k: 2, stride: 2, padding: "valid" });
    add("norm", { channels: filters, epsilon: 1e-3 });
    const maps = add("relu", { name: `re_lu_${i + 1}` });
    if (i + 1 >= GATED) gate(add, maps, filters);
  });
  add("average");
  add("conv", convolution(1, OUR_WIDTHS.at(-1), 1, { name: "answer", biased: true }));
  return net;
}

function gate(add, maps, channels) {
  const narrow = channels / 8;
  add("average");
  add("conv", convolution(1, channels, narrow, { biased: true }));
  add("relu");
  add("conv", convolution(1, narrow, channels, { biased: true }));
  add("gate", { from: [maps, add("sigmoid")] });
}

/** SqueezeNet up to its last module, with a unit of our own behind the means of its maps; it takes red, green and blue. */
export function borrowed() {
  const { net, add } = listed();
  add("scale", { scale: 1, offset: MEAN.map((mean) => -mean) });
  add("conv", convolution(3, 3, 64, { name: "conv1", stride: 2, padding: "valid", biased: true }));
  let channels = 64, maps = add("relu");
  FIRES.forEach(([squeezed, expanded], i) => {
    const name = `fire${i + 2}`;
    if (POOLED.includes(i)) maps = add("pool", { k: 3, stride: 2, padding: i ? "same" : "valid" });
    add("conv", convolution(1, channels, squeezed, { name: `${name}_squeeze1x1`, biased: true, from: [maps] }));
    const squeeze = add("relu"), expand = (k) => {
      add("conv", convolution(k, squeezed, expanded, { name: `${name}_expand${k}x${k}`, biased: true, from: [squeeze] }));
      return add("relu");
    };
    maps = add("beside", { name, from: [expand(1), expand(3)] });
    channels = 2 * expanded;
  });
  add("average");
  add("conv", convolution(1, channels, 1, { name: "answer", biased: true }));
  return net;
}

const sizes = ({ kind, k, channels, filters, biased }) => {
  if (kind === "conv") return { kernel: k * k * channels * filters, ...(biased ? { bias: filters } : {}) };
  return kind === "norm" ? { gamma: channels, beta: channels, mean: channels, variance: channels } : {};
};

/** Give layers their weights: `next(size, layer, name)` is asked for each array in turn, in Keras' order. */
export function withWeights(net, next) {
  return net.map((layer) => ({ ...layer, ...Object.fromEntries(Object.entries(sizes(layer)).map(([name, size]) => [name, next(size, layer, name)])) }));
}

const inTurn = (numbers, at = 0) => (size) => numbers.subarray(at, (at += size));

/** Read a network as the book stores it, ours in half precision, the borrowed one in whole steps of a filter's own size. */
export function opened(which, stored) {
  if (which === "ours") return withWeights(ours(), inTurn(halves(stored.weights)));
  const kernels = inTurn(new Int8Array(bytes(stored.kernels))), numbers = inTurn(new Float32Array(bytes(stored.numbers)));
  return withWeights(borrowed(), (size, { name, filters }, part) => {
    if (part === "bias" || name === "answer") return numbers(size);
    const steps = numbers(filters);
    return Float32Array.from(kernels(size), (whole, i) => whole * steps[i % filters]);
  });
}

/** The same network before training: kernels drawn as Keras draws them, by Glorot and Bengio's rule; what was given stays. */
export function untrained(net, seed) {
  const { uniform } = random(seed), BEGINNINGS = { bias: 0, gamma: 1, beta: 0, mean: 0, variance: 1 };
  return withWeights(net, (size, { given, kernel, k, channels, filters }, part) => {
    if (given) return kernel;
    if (part !== "kernel") return new Float32Array(size).fill(BEGINNINGS[part]);
    const limit = Math.sqrt(6 / (k * k * (channels + filters)));
    return Float32Array.from({ length: size }, () => limit * (2 * uniform() - 1));
  });
}
