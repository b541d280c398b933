// A reader's network, away from the page: it is read, described and asked.
import { product } from "../shared/shapes.mjs";
import { FileError } from "./files.mjs";
import { computed, run } from "./forward.mjs";
import { shaped } from "./graph.mjs";
import { pictureOf } from "./input.mjs";

const LONGEST = 3e9, LARGEST = 6e7; // multiplications of a run, and numbers that it makes
const WHITE = 255;
// What leaves every number of a picture in its place.
const IN_PLACE = /^(InputLayer|Flatten|Reshape|Identity|Rescaling|Dropout|Gaussian\w+|Random\w+)$/;
let net = null, layers = [], made = [];

/** Work as a worker that opens files in this way: from { bytes, name, beside } to what graph.mjs reads. */
export function serve(open) {
  onmessage = ({ data }) => {
    try {
      if (data.task === "open") net = open(data);
      TASKS[data.task](data);
    } catch (error) {
      postMessage({ task: "failed", message: error instanceof FileError ? error.message : `This page could not work with it (${error.message}). That is a mistake of the page, not of yours.` });
    }
  };
}

const TASKS = {
  open: ({ which, free }) => TASKS.describe({ free, opened: which }),

  // What is told of it; the size of axes that it leaves open may change.
  describe({ free, opened: fresh = null }) {
    [layers, made] = [shaped(net.layers, free), []];
    const inputs = layers.filter(({ kind }) => kind === "InputLayer"), work = sum(layers, (one) => one.work ?? 0), numbers = sum(layers, ({ shape }) => (shape ? product(shape) : 0));
    postMessage({
      task: "described", opened: fresh, name: net.name, version: net.version, kind: net.kind, output: net.outputs.length === 1 ? net.outputs[0] : -1, input: inputs[0].shape, read: net.read,
      layers: layers.map(({ name, kind, within, tensor, shape, parameters, trained, work: its, wrong }) => ({ name, kind, within, tensor, shape, parameters, trained, work: its, wrong })),
      open: inputs[0].config.batch_shape?.slice(1).includes(null), rescaled: rescaled(), whole: whole(), filters: filters(), refusal: refusal(inputs, work, numbers),
    });
  },

  run({ input, at, round }) {
    made = run(layers, input);
    const output = net.outputs.length === 1 ? made[net.outputs[0]] : null;
    postMessage({ task: "answered", round, answer: output && { shape: output.shape, X: output.X.slice() } });
    TASKS.maps({ at, round });
  },

  maps({ at, round }) {
    if (made[at]) postMessage({ task: "maps", round, at, shape: made[at].shape, X: made[at].X.slice() });
  },
};

const sum = (all, number) => all.reduce((total, one) => total + number(one), 0);

function refusal(inputs, work, numbers) {
  if (inputs.length > 1) return `This network reads ${inputs.length} inputs; this page shows what is in it, and asks only networks with one.`;
  if (work > LONGEST || numbers > LARGEST) return `Asking it takes ${work.toLocaleString("en")} multiplications and ${numbers.toLocaleString("en")} numbers, which is too much for a page: it shows what is in it, and does not ask it.`;
  return null;
}

// Whether it takes pixels from 0 to 255: as whole numbers, or by bringing them into its own range before anything is weighted.
// One that makes larger numbers of them, as 2 · x − 1 does, expects them from 0 to 1.
function rescaled() {
  if (whole()) return true;
  const first = layers.findIndex(({ weights }) => weights.length);
  return layers.slice(0, first < 0 ? layers.length : first).some((layer) => layer.kind === "Rescaling" && Math.abs(computed({ ...layer, shape: [1] }, { X: Float32Array.of(WHITE) }).X[0]) < WHITE);
}

const whole = () => /int/.test(net.read?.kind);

/** The first kernels, if they lie on a picture: for each place and channel a number of every filter. */
function filters() {
  const inPlace = [];
  layers.forEach(({ kind, from }, i) => { inPlace[i] = kind === "InputLayer" || (from.length === 1 && inPlace[from[0]] && IN_PLACE.test(kind)); });
  const at = layers.findIndex(({ kind, from, shape }) => shape && (kind === "Conv2D" || kind === "Dense") && inPlace[from[0]]);
  if (at < 0) return null;
  const { kind, config, from, weights: [kernel] } = layers[at], image = pictureOf(layers[0].shape), [rows, columns, channels] = kernel.shape;
  if (kind === "Conv2D") return [1, 3].includes(channels) && (config.groups ?? 1) === 1 ? { at, rows, columns, channels, n: kernel.shape[3], X: kernel.X } : null;
  return image && layers[from[0]].shape.length === 1 && rows === product(Object.values(image)) ? { at, ...image, n: kernel.shape[1], X: kernel.X } : null;
}
