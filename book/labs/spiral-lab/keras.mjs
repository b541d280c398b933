// The Keras program of an experiment.
const OPTIMIZERS = { adam: "Adam({rate})", momentum: "SGD({rate}, momentum=0.9)", sgd: "SGD({rate})" };

/** Write the program for a state of the laboratory; `sizes` are its hidden layers. */
export function program(state, sizes, classes) {
  const own = state.data === "own";
  const args = [`activation="${state.activation}"`, ...(state.l2 ? [`kernel_regularizer=keras.regularizers.L2(${state.l2})`] : [])];
  const dense = sizes.map((units) => {
    const line = `        layers.Dense(${[units, ...args].join(", ")}),`;
    return line.length < 80 ? line : `        layers.Dense(\n            ${[units, ...args].join(",\n            ")},\n        ),`;
  });
  const rate = state.falling ? "falling" : state.rate;
  return [
    "import keras",
    ...(state.falling ? ["import numpy as np"] : []),
    "from keras import layers",
    ...(own ? [] : ["from course_utils.data import spiral"]),
    "",
    ...(own
      ? ['X, y = points[:, :2], points[:, 2].astype("int")  # your own']
      : [`X, y = spiral(${state.points}, seed=${state.draw})`, `X_new, y_new = spiral(2000, seed=${state.draw + 100})`]),
    ...(state.inputs === "metres" ? [] : ["X = X * [1, 100]", ...(own ? [] : ["X_new = X_new * [1, 100]"])]),
    ...(state.inputs === "scaled" ? [...(own ? [] : ["X_new = (X_new - X.mean(axis=0)) / X.std(axis=0)"]), "X = (X - X.mean(axis=0)) / X.std(axis=0)"] : []),
    "",
    `keras.utils.set_random_seed(${state.seed})  # and four more`,
    "model = keras.Sequential(",
    "    [",
    "        keras.Input((2,)),",
    ...dense,
    `        layers.Dense(${classes}, activation="softmax"),`,
    "    ]",
    ")",
    ...(state.falling
      ? [`steps = ${state.epochs} * int(np.ceil(len(X) / ${state.batch}))`, `falling = keras.optimizers.schedules.CosineDecay(${state.rate}, steps)`]
      : []),
    "model.compile(",
    `    keras.optimizers.${OPTIMIZERS[state.optimizer].replace("{rate}", rate)},`,
    '    "sparse_categorical_crossentropy",',
    '    metrics=["accuracy"],',
    ")",
    `model.fit(X, y, batch_size=${state.batch}, epochs=${state.epochs}${own ? ", validation_split=0.2" : ""})`,
    ...(own ? [] : ["model.evaluate(X_new, y_new)"]),
  ].join("\n");
}

/** Read hidden layers such as "20-20-20". Throws an Error with a sentence for what is no such list. */
export function hidden(text) {
  if (!text || text === "0") return [];
  const sizes = text.split(/\s*[-–, ]\s*/).map(Number);
  if (!sizes.every((units) => Number.isInteger(units) && units >= 1 && units <= 512) || sizes.length > 6)
    throw new Error(`“${text}” is no list of layers: write at most six numbers from 1 to 512, such as 20-20-20.`);
  return sizes;
}
