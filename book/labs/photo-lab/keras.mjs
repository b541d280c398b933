// The Keras program that asks what the page asks.
import { CELLS } from "./explain.mjs";

const FRAMES = { cropped: "min", padded: "max" };

/** Write it for a picture, whose `code` makes `image` of it; `hidden` lists the cells that are covered. */
export function program({ code, way, size, who, back, hidden }) {
  const imports = code.filter((line) => line.startsWith("from")), lines = code.filter((line) => !line.startsWith("from"));
  const own = imports.filter((line) => line.startsWith("from course_utils")), square = Math.ceil(size / CELLS);
  const frame = FRAMES[way] ? [
    `side = ${FRAMES[way]}(image.size)`,
    "left, top = ((n - side) // 2 for n in image.size)",
    `image = image.crop((left, top, left + side, top + side))${way === "padded" ? "  # beyond: black" : ""}`,
  ] : [];
  return [
    "import keras",
    "import numpy as np",
    ...imports.filter((line) => !own.includes(line)),
    "",
    "from course_utils import inside, pretrained",
    ...own,
    "",
    ...lines,
    ...frame,
    `image = image.resize((${size}, ${size}), Image.Resampling.BILINEAR)`,
    'X = np.array(image, "float32")[np.newaxis]',
    ...(who === "ours" ? ours(back) : borrowed()),
    "proba = model.predict(X, verbose=0)[0, 0]",
    'print("probability of a dog:", proba)',
    "",
    "keras.utils.set_random_seed(0)",
    "twin = keras.models.clone_model(model)  # with random weights",
    ...(who === "ours" ? ['given = model.get_layer("given").get_weights()', 'twin.get_layer("given").set_weights(given)'] : []),
    "target = int(proba > 0.5)",
    "for network in (model, twin):",
    "    fine = inside.saliency(network, X, target)",
    "    coarse = inside.grad_cam(network, X, layer, target)",
    `    squares = inside.occlusion(network, X, ${square}, ${square}, target)`,
    ...cover(hidden, size),
  ].join("\n");
}

function cover(hidden, size) {
  if (!hidden.length) return [];
  return [
    "",
    `cells = ${wrapped(hidden)}`,
    `edges = np.rint(np.arange(${CELLS + 1}) * ${size} / ${CELLS}).astype(int)`,
    "covered, colour = X.copy(), X.mean(axis=(1, 2))",
    "for cell in cells:",
    `    i, j = divmod(cell, ${CELLS})`,
    "    covered[:, edges[i] : edges[i + 1], edges[j] : edges[j + 1]] = colour",
    'print("covered:", model.predict(covered, verbose=0)[0, 0])',
  ];
}

function wrapped(cells) {
  if (cells.length <= 12) return `[${cells.join(", ")}]`;
  const rows = [];
  for (let i = 0; i < cells.length; i += 12) rows.push(`    ${cells.slice(i, i + 12).join(", ")},`);
  return `[\n${rows.join("\n")}\n]`;
}

const ours = (back) => [
  "model = pretrained.cats_and_dogs()",
  "relus = [x.name for x in model.layers if isinstance(x, keras.layers.ReLU)]",
  `layer = relus[-${back}]`,
];

function borrowed() {
  return [
    "eyes = pretrained.squeezenet()",
    "for each in eyes.layers:  # rounded to bytes, as on the page",
    "    if each.weights:",
    "        kernel, bias = each.get_weights()",
    "        step = np.abs(kernel).max(axis=(0, 1, 2)) / np.float32(127)",
    "        each.set_weights([np.rint(kernel / step) * step, bias])",
    'layer = "fire9"',
    "x = keras.layers.GlobalAveragePooling2D()(eyes.get_layer(layer).output)",
    'unit = keras.layers.Dense(1, activation="sigmoid")',
    "model = keras.Model(eyes.input, unit(x))",
    "# In the course's repository: trained on 4,000 photographs.",
    'head = np.load("book/labs/borrowed/head.npz")',
    'unit.set_weights([head["weights"], head["bias"]])',
    "X = X[..., ::-1] - np.float32([103.939, 116.779, 123.68])",
  ];
}
