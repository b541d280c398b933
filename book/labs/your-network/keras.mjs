// The Keras program that does what the page does.

const FRAMES = { cropped: "min", padded: "max" };
const SCALES = { 1: "X = X / 255", "-1": "X = X / 127.5 - 1" };

/**
 * Write it for a network, of which `picture` is what it reads, or null where `numbers` are typed; `code` makes `image`; `layer` is
 * the one whose maps are shown: { name, within, weighted }.
 */
export function program(asked) {
  const { file, layer } = asked;
  return [
    "import keras",
    "import numpy as np",
    ...imports(asked),
    "",
    `model = keras.models.load_model("${file}")`,
    "model.summary()",
    "",
    ...input(asked),
    "y = model.predict(X, verbose=0)[0]",
    "print(y)",
    ...(layer ? inside(layer) : []),
  ].join("\n");
}

/** The imports that it takes to make X. */
export const imports = ({ picture, code }) => (picture ? code.filter((line) => line.startsWith("from")) : []);

/** The lines that make X, with its channels last. */
export function input({ shape, picture, code, way, scale, inverted, numbers }) {
  if (picture) return pictured({ shape, picture, code: code.filter((line) => !line.startsWith("from")), way, scale, inverted });
  return [...wrapped(numbers), `X = X.reshape(1, ${shape.join(", ")})`];
}

function pictured({ shape, picture: { rows, columns, channels }, code, way, scale, inverted }) {
  const frame = FRAMES[way] ? [
    `side = ${FRAMES[way]}(image.size)`,
    "left, top = ((n - side) // 2 for n in image.size)",
    `image = image.crop((left, top, left + side, top + side))${way === "padded" ? "  # beyond: black" : ""}`,
  ] : [];
  return [
    ...code,
    ...frame,
    `image = image.resize((${columns}, ${rows}), Image.Resampling.BILINEAR)`,
    ...(channels === 1 ? ['image = image.convert("L")  # grey'] : []),
    'X = np.array(image, "float32")',
    ...(inverted ? ["X = 255 - X"] : []),
    ...(SCALES[scale] ? [SCALES[scale]] : []),
    `X = X.reshape(1, ${shape.join(", ")})`,
  ];
}

function wrapped(numbers) {
  const line = `X = np.array([${numbers.join(", ")}], "float32")`;
  return line.length <= 80 ? [line] : ["X = np.array(", "    [", ...numbers.map((number) => `        ${number},`), "    ],", '    "float32",', ")"];
}

function inside({ name, within, weighted }) {
  if (within) return ["", `# ${name} lies inside of another model:`, `model.get_layer("${within}").summary()`];
  return [
    "",
    `layer = model.get_layer("${name}")`,
    "upto = keras.Model(model.inputs, layer.output)",
    "maps = upto.predict(X, verbose=0)[0]",
    "print(maps.shape, maps.min(), maps.max())",
    ...(weighted ? ["kernel = layer.get_weights()[0]", "print(kernel.shape)"] : []),
  ];
}
