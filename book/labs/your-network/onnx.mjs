// Opens a network as ONNX writes it: the operations of a graph, and the numbers that it holds.
import { half } from "../shared/half.mjs";
import { count, product } from "../shared/shapes.mjs";
import { FileError, LARGEST } from "./files.mjs";
import { message } from "./protobuf.mjs";

// The fields that matter here (onnx/onnx.proto in github.com/onnx/onnx).
const TENSOR = {
  1: ["dims", "int", true], 2: ["type", "int"], 4: ["floats", "float", true], 5: ["ints", "int", true], 7: ["longs", "int", true], 8: ["name", "text"], 9: ["raw", "bytes"],
  10: ["doubles", "double", true], 11: ["unsigned", "int", true], 13: ["elsewhere", { 1: ["key", "text"], 2: ["value", "text"] }, true], 14: ["place", "int"],
};
const ATTRIBUTE = {
  1: ["name", "text"], 2: ["f", "float"], 3: ["i", "int"], 4: ["s", "text"], 5: ["t", TENSOR], 6: ["g", "bytes"], 7: ["floats", "float", true], 8: ["ints", "int", true], 9: ["strings", "text", true],
  11: ["graphs", "bytes", true], 20: ["type", "int"],
};
const NODE = { 1: ["inputs", "text", true], 2: ["outputs", "text", true], 3: ["name", "text"], 4: ["op", "text"], 5: ["attributes", ATTRIBUTE, true], 7: ["domain", "text"] };
const SHAPE = { 1: ["dims", { 1: ["n", "int"], 2: ["name", "text"] }, true] };
const VALUE = { 1: ["name", "text"], 2: ["type", { 1: ["tensor", { 1: ["type", "int"], 2: ["shape", SHAPE] }] }] };
const GRAPH = { 1: ["nodes", NODE, true], 5: ["initializers", TENSOR, true], 11: ["inputs", VALUE, true], 12: ["outputs", VALUE, true], 15: ["sparse", "bytes", true] };
const MODEL = { 2: ["producer", "text"], 3: ["version", "text"], 7: ["graph", GRAPH], 8: ["opsets", { 1: ["domain", "text"], 2: ["version", "int"] }, true], 25: ["functions", "bytes", true] };

// Which field of an attribute holds its value, by its type.
const HELD = { 1: ["f", 0], 2: ["i", 0], 3: ["s", ""], 4: ["t"], 5: ["g"], 6: ["floats", []], 7: ["ints", []], 8: ["strings", []], 10: ["graphs", []] };

// The kinds of numbers: their bytes, the field that has them if they are not raw, and how they are read.
const view = (Kind) => (bytes) => new Kind(bytes.slice().buffer);
const longs = (Kind) => (bytes) => Array.from(view(Kind)(bytes), Number);
const KINDS = {
  1: ["float32", 4, "floats", view(Float32Array)], 2: ["uint8", 1, "ints", view(Uint8Array)], 3: ["int8", 1, "ints", view(Int8Array)], 4: ["uint16", 2, "ints", view(Uint16Array)],
  5: ["int16", 2, "ints", view(Int16Array)], 6: ["int32", 4, "ints", view(Int32Array)], 7: ["int64", 8, "longs", longs(BigInt64Array)], 9: ["bool", 1, "ints", view(Uint8Array)],
  10: ["float16", 2, "ints", view(Uint16Array)], 11: ["float64", 8, "doubles", view(Float64Array)], 12: ["uint32", 4, "unsigned", view(Uint32Array)], 13: ["uint64", 8, "unsigned", longs(BigUint64Array)],
};
const OTHER_KINDS = { 8: "string", 14: "complex64", 15: "complex128", 16: "bfloat16", 21: "uint4", 22: "int4", 23: "float4" };
const FLOATS = [1, 10, 11], AGAIN = "Copy it again, or export it again.";

/**
 * Read a file's bytes: { name, producer, opset, nodes, numbers, inputs, outputs }. A node is { op, name, inputs, outputs, told }, with what it is
 * told as { name: value }; `numbers` maps names to { shape, kind, float, X }, with X null where they are of a kind that is not read
 * here; an input is { name, kind, dims }, null for what is left open. `beside` has the bytes of other files by their names.
 * Throws a FileError.
 */
export function opened(bytes, name, beside = {}) {
  if (bytes.length > LARGEST) throw new FileError(`${name} has ${Math.round(bytes.length / 1e6)} MB; this page opens files up to ${LARGEST / 1e6} MB.`);
  if (bytes.length === 0) throw new FileError(`${name} is empty. ${AGAIN}`);
  let model;
  try {
    model = message(bytes, MODEL);
  } catch (error) {
    throw new FileError(`${name} is no ONNX file, or is damaged: ${error.message}. ${AGAIN}`);
  }
  const { graph, producer = "", version = "", opsets } = model, opset = opsets.find(({ domain = "" }) => ["", "ai.onnx"].includes(domain))?.version;
  if (!graph) throw new FileError(`${name} can be read as ONNX is written, but holds no network. ${AGAIN}`);
  if (!opset) throw new FileError(`${name} does not say which version of ONNX' operations it means, so it is no ONNX file, or its end is missing. ${AGAIN}`);
  if (!graph.nodes.length) throw new FileError(`${name} holds no operation, so there is nothing to look at. Export the network again.`);
  const numbers = new Map();
  for (const tensor of graph.initializers) numbers.set(tensor.name ?? "", held(tensor, name, beside));
  return {
    name, producer: `${producer || "an unknown program"}${version ? ` ${version.split(/[ +]/)[0]}` : ""}`, opset, numbers,
    nodes: graph.nodes.map((node) => operation(node, name, beside)),
    // Older files list their weights among what they read.
    inputs: graph.inputs.filter((one) => !numbers.has(one.name)).map((one) => input(one, name)),
    outputs: graph.outputs.map((one) => one.name ?? ""),
  };
}

function operation({ op = "", name = "", domain = "", inputs, outputs, attributes }, file, beside) {
  const told = {};
  for (const one of attributes) {
    const [field, otherwise] = HELD[one.type] ?? [];
    if (["g", "graphs"].includes(field)) throw new FileError(`${file} holds the operation ${op}, which decides while it runs what is computed, as programs do. This page looks into networks that always compute the same; export it without loops and conditions.`);
    const value = one[field] ?? otherwise;
    told[one.name ?? ""] = field === "t" && value ? held(value, file, beside) : value;
  }
  return { op: ["", "ai.onnx"].includes(domain) ? op : `${domain}.${op}`, name, inputs, outputs, told };
}

function input({ name = "", type }, file) {
  const { tensor } = type ?? {}, kind = KINDS[tensor?.type]?.[0];
  if (!tensor) throw new FileError(`${file} reads ${name}, which is no array but a sequence or a table. This page looks into networks that read numbers; export the network without what comes before it.`);
  if (!kind) throw new FileError(`${file} reads ${name}, which holds no numbers but ${OTHER_KINDS[tensor.type] ?? "another kind of things"}. Export the network without what makes numbers of it.`);
  if (!tensor.shape) throw new FileError(`${file} does not say which shape its input ${name} has. Export it again with an example of what it reads.`);
  return { name, kind, dims: tensor.shape.dims.map(({ n }) => (n > 0 ? n : null)) };
}

// The numbers of a tensor; what is read as a float is a Float32Array.
function held({ dims, type, name = "its constant", raw, elsewhere, place, ...fields }, file, beside) {
  const [kind = OTHER_KINDS[type] ?? `number ${type}`, size, field, read] = KINDS[type] ?? [], n = product(dims), float = FLOATS.includes(type);
  if (!dims.every((one) => Number.isSafeInteger(one) && one >= 0)) throw new FileError(`${file} is damaged: ${name} has the shape (${dims.join(", ")}). ${AGAIN}`);
  if (!read) return { shape: dims, kind, float: false, X: null };
  if (place === 1) raw = outside(elsewhere, name, file, beside);
  if (raw && raw.length !== n * size) throw new FileError(`${file} is damaged: ${name} has the shape (${dims.join(", ")}), so ${count(n * size)} bytes, but holds ${count(raw.length)}. ${AGAIN}`);
  let X = raw ? read(raw) : fields[field];
  if (X.length !== n) throw new FileError(`${file} is damaged: ${name} has the shape (${dims.join(", ")}), so ${count(n)} numbers, but holds ${count(X.length)}. ${AGAIN}`);
  if (type === 10) X = Array.from(X, half);
  return { shape: dims, kind, float, X: float ? Float32Array.from(X) : Array.from(X) };
}

// Weights that lie in a file of their own, which PyTorch writes unless it is told not to.
function outside(elsewhere, name, file, beside) {
  const { location = "another file", offset = 0, length } = Object.fromEntries(elsewhere.map(({ key, value }) => [key, value])), from = Number(offset);
  const bytes = beside[location.split("/").at(-1)];
  if (!bytes) throw new FileError(`${file} has its weights in a second file, ${location}. Open both at once, or write them into one: torch.onnx.export(…, external_data=False), or onnx.save(onnx.load("${file}"), "one.onnx").`);
  const found = bytes.subarray(from, length === undefined ? bytes.length : from + Number(length));
  if (length !== undefined && found.length !== Number(length)) throw new FileError(`${location} does not belong to ${file}, or is cut off: ${name} should lie behind its byte ${count(from)}. Take the two files that were written together.`);
  return found;
}

/** A kind of numbers by its place in ONNX: { kind, float }. */
export const kindOf = (type) => (KINDS[type] ? { kind: KINDS[type][0], float: FLOATS.includes(type) } : null);
