// The Keras program of a kernel at work.
export function program({ code, kernel, stride, padding, bias, relu, pooling }) {
  const k = Math.sqrt(kernel.length);
  const rows = Array.from({ length: k }, (_, i) => `    [${kernel.slice(i * k, (i + 1) * k).join(", ")}],`);
  const args = [
    ...(stride > 1 ? [`    strides=${stride},`] : []),
    ...(padding === "same" ? ['    padding="same",'] : []),
    ...(relu ? ['    activation="relu",'] : []),
  ];
  return [
    "import numpy as np",
    "from keras import layers",
    ...code,
    "",
    "kernel = np.array([",
    ...rows,
    "])",
    ...(args.length ? ["layer = layers.Conv2D(", "    filters=1,", `    kernel_size=${k},`, ...args, ")"] : [`layer = layers.Conv2D(filters=1, kernel_size=${k})`]),
    "layer.build((None, None, None, 1))",
    `layer.set_weights([kernel.reshape(${k}, ${k}, 1, 1), np.array([${bias}])])`,
    "answer = layer(grey[np.newaxis, ..., np.newaxis])",
    ...(pooling === "none" ? [] : [`answer = layers.${pooling === "max" ? "MaxPooling2D" : "AveragePooling2D"}(2)(answer)`]),
  ].join("\n");
}
