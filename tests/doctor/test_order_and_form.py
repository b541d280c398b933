"""Things in another order or form than Keras takes them in: names, words, vectors, lists; and a head that was frozen.

The kinds come from programs that were written after public reports, by who had not read the rules.
"""

import keras
import numpy as np
import pytest

from course_utils.doctor import examine, explain
from course_utils.doctor._predicting import Trained, prepared_otherwise
from course_utils.doctor._subject._program import Program, callers

tf = pytest.importorskip("tensorflow")
pytestmark = [pytest.mark.slow, pytest.mark.lasting]
X = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")


def dense(units, activation=None, loss="mse", metrics=()):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(units, activation=activation)])
    model.compile("adam", loss, metrics=list(metrics))
    return model


def executed(tmp_path, source, **known):
    """Run a program from a file, so that it can be read; give what it knows at its end."""
    file = tmp_path / "program.py"
    file.write_text(source, encoding="utf-8")
    names = {"keras": keras, "np": np, "tf": tf, "X": X, "examine": examine, "explain": explain, "dense": dense}
    names |= {"callers": callers, "Program": Program, "__name__": "__main__"} | known
    exec(compile(source, str(file), "exec"), names)
    return names


def hands(**names):
    """A data set that knows its classes, as one read from folders does."""
    dataset = tf.data.Dataset.from_tensor_slices((X, np.arange(64) % 3)).batch(8)
    vars(dataset).update(names)
    return dataset


@pytest.mark.parametrize(
    ("listed", "found"), [('["rock", "paper", "scissors"]', 1), ('["paper", "rock", "scissors"]', 0), ('["a", "b"]', 0)]
)
def test_names_of_classes_in_another_order_than_the_folders(tmp_path, listed, found):
    source = f"""
report = examine(model, hands)
labels = {listed}
def told(row):
    best = np.argmax(model.predict(row))
    return labels[best]
first = lambda: told(X[:1])
"""
    model = dense(3, "softmax", "sparse_categorical_crossentropy")
    known = executed(tmp_path, source, model=model, hands=hands(class_names=["paper", "rock", "scissors"]))
    fixes = [one.fix for one in known["report"] if one.code == "order-mismatch"]
    assert fixes == ['labels = ["paper", "rock", "scissors"]'] * found


@pytest.mark.parametrize(
    ("names", "alphabet"), [(["paper", "rock", "scissors"], True), (["rock", "scissors", "paper"], False)]
)
def test_the_order_is_called_alphabetical_only_where_it_is(tmp_path, names, alphabet):
    source = """
labels = ["scissors", "rock", "paper"]
report = examine(model, hands)
def told(row):
    return labels[np.argmax(model.predict(row))]
first = lambda: told(X[:1])
"""
    model = dense(3, "softmax", "sparse_categorical_crossentropy")
    (finding,) = executed(tmp_path, source, model=model, hands=hands(class_names=names))["report"]
    assert (finding.code, "alphabet" in finding.why) == ("order-mismatch", alphabet)


def test_a_list_in_which_no_answer_is_looked_up_may_have_any_order(tmp_path):
    source = """
shown = ["rock", "paper", "scissors"]
report = examine(model, hands)
titles = [shown[i] for i in range(3)]
"""
    model = dense(3, "softmax", "sparse_categorical_crossentropy")
    known = executed(tmp_path, source, model=model, hands=hands(class_names=["paper", "rock", "scissors"]))
    assert "order-mismatch" not in known["report"].codes


class Words:
    """Numbers words as the tokenizer of Keras 2 did."""

    def fit_on_texts(self, texts):
        words = " ".join(texts).split()
        self.word_index = {word: i for i, word in enumerate(dict.fromkeys(words), start=1)}

    def texts_to_sequences(self, texts):
        return np.array([[self.word_index.get(word, 0) for word in text.split()] for text in texts])


ASKED = """
tokenizer = Words()
tokenizer.fit_on_texts(["a flood in town", "a cake at home"])
def classify(texts):
    {fit}
    seq = {by}.texts_to_sequences(texts)
    finding = prepared_otherwise(trained, model, seq, Program(callers(0)))
    return finding, lambda: model.predict(seq)
finding, _ = classify(["home in a flood"])
"""


@pytest.mark.parametrize(
    ("fit", "by", "found"),
    [("tok = Words(); tok.fit_on_texts(texts)", "tok", True), ("pass", "tokenizer", False)],
    ids=["fitted anew", "of the training"],
)
def test_words_are_numbered_as_in_the_training(tmp_path, fit, by, found):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Embedding(20, 2), keras.layers.Flatten()])
    trained = Trained.on(model, np.ones((64, 4), int), Program())
    known = {"Words": Words, "prepared_otherwise": prepared_otherwise, "trained": trained, "model": model}
    finding = executed(tmp_path, ASKED.format(fit=fit, by=by), **known)["finding"]
    assert (finding is not None) == found
    if found:
        assert finding.code == "preparation-differs"
        assert finding.fix.startswith("tokenizer.texts_to_sequences(texts)")


@pytest.mark.parametrize(("zeros", "found"), [(1, True), (0, False)])
@pytest.mark.parametrize("metric", ["mape", keras.metrics.MeanAbsolutePercentageError()], ids=["text", "object"])
def test_a_percentage_of_nothing(metric, zeros, found):
    y = np.linspace(1, 9, 64).astype("float32")
    y[:zeros] = 0
    seen = [one.seen for one in examine(dense(1, metrics=[metric]), X, y) if one.code == "metric-mismatch"]
    assert [f"{zeros} of 64" in one for one in seen] == [True] * found


@pytest.mark.parametrize(("length", "mends"), [(7, True), (None, False)])
def test_a_column_of_vectors_becomes_one_array(tmp_path, length, mends):
    column = np.empty(64, object)
    column[:] = [np.ones(length or 1 + i % 3) for i in range(64)]
    known = executed(tmp_path, "report = examine(dense(1), column, X[:, :1])", column=column)
    (finding,) = [one for one in known["report"] if one.code == "input-type"]
    assert ("np.stack" in finding.fix) == mends
    if mends:
        exec(finding.fix, known)
        assert (known["column"].shape, known["column"].dtype) == ((64, 7), np.dtype("float32"))


def test_pictures_as_targets_are_divided_and_not_cut_in_two(tmp_path):
    pictures = np.random.default_rng(0).integers(0, 230, (64, 100))
    model = keras.Sequential([keras.Input((100,)), keras.layers.Dense(100, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    known = executed(tmp_path, "report = examine(model, pictures, pictures)", model=model, pictures=pictures)
    fixes = {one.code: one.fix for one in known["report"]}
    assert fixes["binary-target-range"] == "pictures = pictures / 255"
    exec(fixes["binary-target-range"], known)
    assert "binary-target-range" not in examine(model, known["pictures"], known["pictures"]).codes


def test_names_of_a_split_in_another_order_are_the_only_finding():
    model = dense(1, "sigmoid", "binary_crossentropy")
    y = np.arange(64) % 2
    report = examine(model, X[:48], X[48:], validation_data=(y[:48], y[48:]))
    assert report.codes == ("length-mismatch",)


FROZEN = """
base = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="relu")])
model = keras.Sequential([base, keras.layers.Dense(3, activation="softmax")])
for layer in {}.layers:
    layer.trainable = False
model.compile("adam", "sparse_categorical_crossentropy")
report = examine(model, X, np.arange(64) % 3)
"""


def test_a_head_that_was_frozen_with_its_body_is_freed_alone(tmp_path):
    known = executed(tmp_path, FROZEN.format("model"))
    (finding,) = [one for one in known["report"] if one.code == "nothing-trainable"]
    assert finding.fix.startswith("model.layers[-1].trainable = True; model.compile")
    exec(finding.fix, known)
    assert [weight.path for weight in known["model"].trainable_weights] == [
        weight.path for weight in known["model"].layers[-1].weights
    ]
    assert "nothing-trainable" not in executed(tmp_path, FROZEN.format("base"))["report"].codes


@pytest.mark.parametrize("frozen", ["model.trainable = False", "for layer in model.layers: layer.trainable = False"])
def test_a_model_of_its_own_that_is_frozen_is_free_after_the_fix(tmp_path, frozen):
    source = f"{frozen}\nmodel.compile('adam', 'mse')\nreport = examine(model, X, X[:, :1])"
    known = executed(tmp_path, source, model=dense(1))
    (finding,) = [one for one in known["report"] if one.code == "nothing-trainable"]
    exec(finding.fix, known)
    assert len(known["model"].trainable_weights) == 2


def in_lists(n):
    while True:
        yield [X[:n], X[:n]], X[:n, :1]


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="another backend makes no data set of it")
def test_a_generator_gives_several_inputs_in_round_brackets():
    one, other = keras.Input((4,)), keras.Input((4,))
    model = keras.Model([one, other], keras.layers.Dense(1)(keras.layers.Add()([one, other])))
    model.compile("adam", "mse")
    with pytest.raises(TypeError) as caught:
        model.fit(in_lists(8), steps_per_epoch=2, verbose=0)
    (finding,) = explain(caught.value)
    assert (finding.code, finding.fix) == ("batch-source", "yield (X[:n], X[:n]), X[:n, :1]")


IN_A_TAPE = """
optimizer = keras.optimizers.Adam()
optimizer.build(model.trainable_variables)
def step(x):
    with tf.GradientTape() as tape:
        {asked}
        loss = tf.reduce_mean(tf.square(values))
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
try:
    step(X)
    report = None
except ValueError as problem:
    report = explain(problem)
"""


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="a tape is TensorFlow's")
def test_a_prediction_inside_a_tape_is_a_call_of_the_model(tmp_path):
    known = executed(tmp_path, IN_A_TAPE.format(asked="values = model.predict(x, verbose=0)"), model=dense(1))
    (finding,) = known["report"]
    assert (finding.code, finding.fix) == ("loss-without-gradient", "values = model(x, training=True)")
    assert executed(tmp_path, IN_A_TAPE.format(asked=finding.fix), model=dense(1))["report"] is None


def test_one_hot_rows_of_words_that_fit_nowhere_stay_numbers():
    with pytest.raises(MemoryError) as caught:
        keras.utils.to_categorical(np.arange(3_000_000) % 30_000, 30_000_000)
    (finding,) = explain(caught.value)
    assert finding.code == "out-of-memory"
    assert 'loss="sparse_categorical_crossentropy"' in finding.fix
    assert "batch_size" not in finding.fix


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="of tf.keras")
def test_a_layer_that_was_experimental_is_written_without_it(tmp_path):
    source = """
layers = tf.keras.layers
try:
    layers.experimental.preprocessing.Rescaling(1 / 255, offset=-1)
except AttributeError as problem:
    report = explain(problem)
"""
    known = executed(tmp_path, source)
    (finding,) = known["report"]
    assert finding.fix == "layers.Rescaling(1 / 255, offset=-1)"
    assert eval(finding.fix, known).offset == -1
