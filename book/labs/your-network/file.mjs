// Opens what `model.save("mine.keras")` writes: a zip of the layers' settings and of an HDF5 file with the weights.
import { File } from "jsfive";
import { FileError, LARGEST } from "./files.mjs";
import { unzipped } from "./zip.mjs";

const WEIGHTS = "model.weights.h5";
const SAVE = 'model.save("mine.keras")';
const AGAIN = `Copy it again, or write it again with ${SAVE}.`;
// What other files are, by how their names end.
const OTHERS = [
  [/\.weights\.h5$/i, `holds weights without their layers. Build the model, call model.load_weights(…) with this file, then ${SAVE}.`],
  [/\.(h5|hdf5)$/i, 'is a model in Keras\' old format. Once in Python, keras.models.load_model("mine.h5").save("mine.keras") writes the new one.'],
  [/\.(pb|tflite)$/i, `is TensorFlow's graph of a network, without Keras' layers. Take the Keras model that it was exported from: ${SAVE}.`],
  [/\.(pt|pth|ckpt|safetensors)$/i, "holds weights of another library, PyTorch most often, without what is done with them. torch.onnx.export(…) writes both into an .onnx file, which this page opens."],
  [/\.json$/i, `holds layers without weights: ${SAVE} writes both into one file.`],
];

/**
 * Read a file's bytes: { name, version, model, layer(path) }; `model` is what Keras calls its config, and `layer` lists the
 * arrays of a layer by the path at which Keras stores it, { shape, type, X }, with X only where numbers are float32. Throws
 * a FileError.
 */
export function opened(bytes, name) {
  const other = OTHERS.find(([end]) => end.test(name));
  if (bytes.length > LARGEST) throw new FileError(`${name} has ${Math.round(bytes.length / 1e6)} MB; this page opens files up to ${LARGEST / 1e6} MB. Without its optimizer a model has a third of the size: keras.models.load_model("${name}", compile=False).save("small.keras").`);
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== "PK\x03\x04") {
    if (bytes.length === 0) throw new FileError(`${name} is empty. ${AGAIN}`);
    if (other) throw new FileError(`${name} ${other[1]}`);
    throw new FileError(`${name} is no .keras file, no .onnx file, and nothing that this page knows. ${SAVE} writes the first.`);
  }
  const zip = ask(() => unzipped(bytes), name);
  if (!zip.names.includes("config.json")) throw new FileError(`${name} is a zip, but holds no Keras model: ${foreign(zip.names) ?? other?.[1] ?? `its config.json is missing. ${SAVE} writes one.`}`);
  const model = json(zip, "config.json", name), { keras_version: version = "" } = zip.names.includes("metadata.json") ? json(zip, "metadata.json", name) : {};
  if (/^[012]\./.test(version)) throw new FileError(`${name} was saved by Keras ${version}, which stores its weights otherwise. Open it once with Keras 3 and save it again: keras.models.load_model("${name}").save("mine.keras").`);
  if (!zip.names.includes(WEIGHTS)) throw new FileError(`${name} holds layers, but no ${WEIGHTS}, so no weights. ${SAVE} writes both.`);
  const content = ask(() => zip.read(WEIGHTS), name);
  const file = ask(() => new File(content.slice().buffer, name), name, `its ${WEIGHTS} cannot be read`);
  return { name, version, model, layer: (path) => ask(() => arrays(file, path), name, `the weights at ${path} cannot be read`) };
}

function foreign(names) {
  if (names.some((one) => /saved_model\.pb$/.test(one))) return `it is a SavedModel, a graph without Keras' layers. Take the Keras model that it was exported from: ${SAVE}.`;
  if (names.some((one) => /data\.pkl$/.test(one))) return "it was written by PyTorch. torch.onnx.export(…) writes a network into an .onnx file, which this page opens.";
  if (names.length && names.every((one) => /\.npy$/.test(one))) return `it holds NumPy's arrays without their layers: ${SAVE} writes both.`;
  const inside = names.find((one) => /\.(keras|onnx)$/.test(one));
  return inside ? `it contains ${inside}. Unpack it first, then open that file.` : null;
}

// What these readers throw is for programmers; some throw plain strings.
function ask(what, name, wrong) {
  try {
    return what();
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError(`${name} is damaged: ${wrong ?? error.message}. ${AGAIN}`);
  }
}

function json(zip, part, name) {
  const text = ask(() => new TextDecoder().decode(zip.read(part)), name);
  return ask(() => JSON.parse(text), name, `its ${part} is no JSON`);
}

/** The arrays of one layer, in Keras' order; those of parts that it is made of come behind. */
function arrays(file, path) {
  const group = path.split("/").reduce((one, part) => (one?.keys.includes(part) ? one.get(part) : null), file);
  if (!group) return [];
  const own = group.keys.includes("vars") ? inOrder(group.get("vars")) : [];
  // The states of random numbers count as no weights.
  const parts = group.keys.filter((part) => part !== "vars" && part !== "seed_generator");
  return [...own, ...parts.flatMap((part) => ("keys" in group.get(part) ? arrays(file, `${path}/${part}`) : []))];
}

function inOrder(vars) {
  return [...vars.keys].sort((a, b) => Number(a) - Number(b)).map((key) => {
    const { shape, dtype: type, value } = vars.get(key);
    return { shape: [...shape], type, X: type === "<f4" ? Float32Array.from(value) : null };
  });
}
