// The program that does with an ONNX file what the page does.
import { imports, input } from "./keras.mjs";

/** Write it as keras.mjs does; `read` is what the file reads: { name, kind, order, batch, outputs }, and a layer may know its `tensor`: { name, order }, with its `shape`. */
export function program(asked) {
  const { file, layer, read } = asked, tensor = layer?.tensor, at = tensor ? read.outputs.indexOf(tensor.name) : -1, [name, path] = [read.name, file].map((one) => JSON.stringify(one));
  return [
    "import numpy as np",
    ...(tensor && at < 0 ? ["import onnx"] : []),
    "import onnxruntime",
    ...imports(asked),
    "",
    ...(tensor && at < 0 ? [
      `model = onnx.load(${path})`,
      `layer = onnx.ValueInfoProto(name=${JSON.stringify(tensor.name)})`,
      "model.graph.output.append(layer)  # to see it, too",
      "session = onnxruntime.InferenceSession(model.SerializeToString())",
    ] : [`session = onnxruntime.InferenceSession(${path})`]),
    "",
    ...input(asked),
    ...turned(read.order, "X"),
    ...(read.kind === "float32" ? [] : [`X = X.astype("${read.kind}")`]),
    ...(read.batch > 1 ? [`X = X.repeat(${read.batch}, axis=0)  # so many at once`] : []),
    `answers = session.run(None, {${name}: X})`,
    "y = answers[0][0]",
    "print(y)",
    ...(tensor ? [
      `maps = answers[${at}]${read.batch > 1 ? "[:1]" : ""}`,
      ...turned(tensor.order, "maps"),
      `maps = maps.reshape(${layer.shape.join(", ")})`,
      "print(maps.shape, maps.min(), maps.max())",
    ] : []),
  ].join("\n");
}

// Channels lie first in the file, and last on the page.
const turned = (order, name) => (order.every((axis, i) => axis === i) ? [] : [`${name} = np.transpose(${name}, (${order.join(", ")}))`]);
