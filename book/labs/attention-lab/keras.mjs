// The Keras program that trains a network like the page's and asks it what the page asks.
import { SIZE, letterOf } from "./attention.mjs";

/** Write it for a hand and a question. `pairs` is the game in which the later card counts, `places` whether cards tell where they lie. */
export function program({ hand, asked, pairs, places, hands, seed }) {
  const deals = pairs
    ? [
      "    letters = rng.random((n, 26)).argsort(axis=1)[:, :4].repeat(2, axis=1)",
      "    letters = rng.permuted(letters, axis=1)",
    ]
    : ["    letters = rng.random((n, 26)).argsort(axis=1)[:, :8]"];
  return [
    "import keras",
    "import numpy as np",
    "from keras import layers",
    "",
    "",
    "def deal(n, seed):",
    "    rng = np.random.default_rng(seed)",
    ...deals,
    "    digits, row = rng.integers(0, 10, (n, 8)), np.arange(n)",
    "    asked = letters[row, rng.integers(0, 8, n)]",
    "    # Of equal letters the later card counts.",
    "    place = 7 - (letters == asked[:, None])[:, ::-1].argmax(axis=1)",
    "    question = np.stack([asked, np.full(n, 10)], axis=-1)",
    "    X = np.stack([letters, digits], axis=-1)",
    "    X = np.concatenate([X, question[:, None]], axis=1)",
    '    return X.astype("int32"), digits[row, place]',
    "",
    "",
    `keras.utils.set_random_seed(${seed})`,
    'X = keras.Input((9, 2), dtype="int32")',
    `x = layers.Embedding(26, ${SIZE}, name="letter")(X[..., 0])`,
    `x = x + layers.Embedding(11, ${SIZE}, name="digit")(X[..., 1])`,
    ...(places ? ["number = 0 * X[..., 0] + np.arange(9)", `x = x + layers.Embedding(9, ${SIZE}, name="place")(number)`] : []),
    `head = layers.MultiHeadAttention(1, ${SIZE}, name="head")`,
    "x, weights = head(x[:, -1:], x[:, :-1], return_attention_scores=True)",
    'answer = layers.Dense(10, activation="softmax", name="answer")(x[:, 0])',
    "model = keras.Model(X, answer)",
    "model.compile(",
    '    keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy"',
    ")",
    `model.fit(*deal(${hands}, ${seed}), batch_size=200)`,
    "",
    `hand = np.array(${pairsOf([...hand, [asked, 10]])})`,
    "inner = keras.Model(X, [weights, answer])",
    "looks, proba = inner.predict(hand[None])",
    `print(looks[0, 0, 0].round(3))  # on ${hand.map(([letter, digit]) => letterOf(letter) + digit).join(" ")}`,
    "print(proba[0].argmax(), proba[0].max())",
  ].join("\n");
}

function pairsOf(cards) {
  const text = cards.map((card) => `[${card.join(", ")}]`), middle = Math.ceil(text.length / 2);
  return `[\n    ${text.slice(0, middle).join(", ")},\n    ${text.slice(middle).join(", ")},\n]`;
}
