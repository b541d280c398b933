"""Kinds of mistakes that were first missed, or misread, in programs that were written without knowing the rules."""

import keras
import numpy as np
import pytest

from course_utils.doctor import examine, explain, review
from course_utils.doctor._shown._service import arguments
from course_utils.doctor._subject._program import Program

from . import programs

pytestmark = [pytest.mark.slow, pytest.mark.lasting]  # Keras takes longer to load than all of a quick check may take


def network(units, activation=None, loss="mse", metrics=()):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(units, activation=activation)])
    model.compile("adam", loss, metrics=list(metrics))
    return model


def table(n=64):
    return np.random.default_rng(0).normal(size=(n, 4)).astype("float32")


def relative_error(y_true, y_pred):
    return keras.ops.mean(keras.ops.abs((y_true - y_pred) / y_true))


def guarded_error(y_true, y_pred):
    return keras.ops.mean(keras.ops.abs((y_true - y_pred) / keras.ops.maximum(y_true, 1e-3)))


@pytest.mark.parametrize("place", [0, 40])
def test_a_loss_that_divides_by_labels_of_zero_is_not_called_one_without_a_gradient(place):
    y = np.ones((64, 1), "float32")
    y[place] = 0
    (finding,) = [found for found in examine(network(1, loss=relative_error), table(), y) if found.severity == "error"]
    assert finding.code == "loss-not-finite"
    assert "where a label in y is 0" in finding.seen
    history = {"loss": [float("nan")] * 3}
    assert "where a label in y is 0" in review(history, network(1, loss=relative_error), table(), y)[0].why


def test_a_loss_that_divides_by_labels_which_are_never_zero_or_guards_itself_gets_silence():
    y = np.ones((64, 1), "float32")
    assert "loss-not-finite" not in examine(network(1, loss=relative_error), table(), y).codes
    assert "loss-not-finite" not in examine(network(1, loss=guarded_error), table(), 0 * y).codes


@pytest.mark.parametrize(("classes", "codes"), [(10, ("metric-mismatch",)), (2, ())])
def test_binary_accuracy_over_many_columns_counts_zeros(classes, codes):
    y = np.eye(classes)[np.arange(64) % classes]
    model = network(classes, "softmax", "categorical_crossentropy", [keras.metrics.BinaryAccuracy()])
    assert tuple(found.code for found in examine(model, table(), y) if found.severity != "hint") == codes


def test_a_function_that_was_to_be_named_and_is_called_is_named():
    with pytest.raises(TypeError) as caught:
        keras.layers.Dense(8, activation=keras.activations.relu())
    (finding,) = explain(caught.value)
    assert (finding.code, finding.fix) == ("layer-not-called", "activation=keras.activations.relu")


def test_a_loss_that_is_called_too():
    with pytest.raises(TypeError) as caught:
        network(1).compile("adam", loss=keras.losses.mean_squared_error())
    (finding,) = explain(caught.value)
    assert finding.fix == "loss=keras.losses.mean_squared_error"


def test_a_function_of_ones_own_that_lacks_an_argument_is_ones_own_affair():
    def relu(x):
        return x

    with pytest.raises(TypeError) as caught:
        relu()
    assert explain(caught.value).codes == ()


def test_an_input_that_is_read_twice_or_only_by_one_output_is_not_called_unused():
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    both = keras.layers.Add()([a, b])
    model = keras.Model([a, b], [keras.layers.Dense(1)(a), keras.layers.Dense(1)(both)])
    assert "input-unused" not in examine(model).codes
    (finding,) = [
        found for found in examine(keras.Model([a, b], keras.layers.Dense(1)(a))) if found.code == "input-unused"
    ]
    assert finding.seen == "The input b leads to no output."


def test_two_inputs_and_labels_in_a_row_are_put_into_brackets():
    def batches():
        while True:
            yield table(8), table(8), np.ones(8)

    ins = [keras.Input((4,)), keras.Input((4,))]
    model = keras.Model(ins, keras.layers.Dense(1)(keras.layers.Add()(ins)))
    model.compile("adam", "mse")
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        model.fit(batches(), steps_per_epoch=2, verbose=0)
    (finding,) = explain(caught.value)
    assert (finding.code, finding.fix) == ("batch-source", "yield (table(8), table(8)), np.ones(8)")


def test_all_inputs_that_a_graph_comes_from_are_named():
    text, price = keras.Input((12,), name="text"), keras.Input((1,), name="price")
    out = keras.layers.Dense(1)(keras.layers.Concatenate()([text, price]))
    with pytest.raises(ValueError, match="connected") as caught:
        keras.Model(inputs=text, outputs=out)
    (finding,) = explain(caught.value)
    said = "The outputs of the model come from text and price, but it was told that they come from text."
    assert finding.seen == said
    assert finding.fix == "keras.Model(inputs=[text, price], outputs=out)"


@pytest.mark.parametrize("axis", ["axis=0", "0"])
def test_argmax_over_the_examples_is_told_from_argmax_over_the_classes(axis, tmp_path):
    path = tmp_path / "compare.py"
    path.write_text(
        "import numpy as np\nfrom sklearn.metrics import accuracy_score\n"
        f"y, answers = np.arange(30) % 3, np.eye(3)[np.arange(30) % 3]\npredicted = np.argmax(answers, {axis})\n"
        "accuracy_score(y, predicted)\n"
    )
    with pytest.raises(ValueError, match="inconsistent") as caught:
        exec(compile(path.read_text(), str(path), "exec"), {"__name__": "__main__"})
    (finding,) = explain(caught.value)
    assert finding.fix == "predicted = np.argmax(answers, axis=1)"


def test_weights_of_classes_make_no_overfitting():
    worse = {"loss": [0.7, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05], "val_loss": [0.7, 0.6, 0.8, 0.9, 1.0, 1.1, 1.2]}

    def fit():
        network(1).fit(table(), np.ones(64), class_weight={0: 1.0, 1: 5.0})

    assert fit  # the program of this file weights its classes
    assert review(worse).codes == ()


def test_a_sum_type_of_keras_2_has_its_word_of_today():
    with pytest.raises(AttributeError) as caught:
        keras.losses.MeanSquaredError(reduction=keras.losses.Reduction.NONE)
    (finding,) = explain(caught.value)
    assert (finding.code, finding.fix) == ("removed-api", "reduction=None")


class Rescaled(keras.Model):
    def __init__(self):
        super().__init__()
        self.scale = keras.layers.Rescaling(1 / 255)
        self.flat = keras.layers.Flatten()
        self.out = keras.layers.Dense(3, activation="softmax")

    def call(self, x):
        return self.out(self.flat(self.scale(x)))


class RescaledInside(Rescaled):
    def __init__(self):
        super().__init__()
        self.scale = keras.Sequential([keras.Input((12, 12, 3)), keras.layers.Rescaling(1 / 255)])


class RescaledBack(Rescaled):
    def call(self, x):
        x = x * 255
        return self.out(self.flat(self.scale(x)))


@pytest.mark.parametrize(("kind", "high", "codes"), [
    (Rescaled, 1, ("input-scaled-twice",)), (RescaledInside, 1, ("input-scaled-twice",)),
    (Rescaled, 255, ()), (RescaledBack, 1, ()),
])  # fmt: skip
def test_pixels_that_a_model_of_ones_own_divides_once_more_are_seen_in_its_code(kind, high, codes):
    x = np.random.default_rng(0).uniform(0, high, (32, 12, 12, 3)).astype("float32")
    model = kind()
    model.compile("adam", "sparse_categorical_crossentropy")
    assert examine(model, x, np.arange(32) % 3).codes == codes


@pytest.mark.parametrize(("classes", "codes"), [(5, ("metric-mismatch",)), (6, ())])
def test_the_best_five_of_five_classes_are_always_right(classes, codes):
    y = np.arange(64) % classes
    model = network(classes, "softmax", "sparse_categorical_crossentropy", ["sparse_top_k_categorical_accuracy"])
    assert tuple(found.code for found in examine(model, table(), y) if found.severity != "hint") == codes


def test_a_loss_that_returns_nothing_is_given_its_return():
    def squares(y_true, y_pred):
        keras.ops.mean((y_true - y_pred) ** 2)

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("adam", squares)
    with pytest.raises(ValueError, match="None") as caught:
        model.fit(table(), np.ones((64, 1)), verbose=0)
    (finding,) = explain(caught.value)
    assert finding.code == "return-missing"
    assert finding.fix == "return keras.ops.mean((y_true - y_pred) ** 2)  # as the last line of squares"


def test_a_layer_s_output_under_the_name_of_its_class_is_told_from_one_that_is_called():
    from keras.layers import Dense

    x = keras.Input((4,))
    Dense = Dense(8)(x)
    with pytest.raises(TypeError) as caught:
        Dense(1)(x)
    (finding,) = explain(caught.value)
    assert finding.code == "layer-not-called"
    assert finding.fix.startswith("dense = Dense(8)(x)")
    with pytest.raises(TypeError) as caught:
        x(keras.layers.Dense(1))
    (finding,) = explain(caught.value)
    assert (finding.code, finding.fix) == ("layer-not-called", "keras.layers.Dense(1)(x)")


@pytest.mark.parametrize(("texts", "fix"), [
    (["312,500", "1,200,000.50"], "y = np.char.replace("),
    (["0.25", "1.75"], "y = np.char.replace("),
    (["3", "7"], "names, y = np.unique("),
    (["cat", "dog"], "names, y = np.unique("),
])  # fmt: skip
def test_numbers_that_are_written_as_texts_become_numbers_and_names_become_classes(texts, fix):
    y = np.array(texts * 32, dtype=object)
    (finding,) = [found for found in examine(network(1), table(), y) if found.code == "labels-type"]
    assert finding.fix.startswith(fix)
    if "char" in fix:
        names = {"y": y, "np": np}
        exec(finding.fix, names)
        assert names["y"].dtype == "float32"


def test_the_target_among_the_columns_is_found_scaled_too_and_a_column_that_only_resembles_it_is_not():
    x, y = table(), (np.arange(64) % 3 == 0).astype(int)
    model = network(1, "sigmoid", "binary_crossentropy")
    assert "target-in-input" not in examine(model, x, y).codes
    x[:, 2] = (y - y.mean()) / y.std()
    (finding,) = [found for found in examine(model, x, y) if found.code == "target-in-input"]
    assert finding.seen.startswith("Column 2 of x")
    x[5, 2] = -x[5, 2]
    assert "target-in-input" not in examine(model, x, y).codes
    line = np.linspace(0, 1, 64, dtype="float32")[:, None]
    assert (
        "target-in-input" not in examine(keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]), line, line).codes
    )


def test_a_network_that_learned_and_answers_in_one_way_has_means_that_lag_behind():
    y = np.arange(384) % 2
    x = (np.random.default_rng(0).normal(size=(384, 10)) + 40 + 2.0 * y[:, None]).astype("float32")
    layers = [keras.Input((10,)), keras.layers.BatchNormalization(), keras.layers.Dense(8, activation="relu"),
              keras.layers.BatchNormalization(), keras.layers.Dense(1, activation="sigmoid")]  # fmt: skip
    keras.utils.set_random_seed(0)
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.Adam(0.05), "binary_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, epochs=6, batch_size=128, verbose=0)
    assert review(history, model, x, y).codes == ("validation-suspicious",)
    held_out = model.fit(x[:256], y[:256], epochs=5, batch_size=128, validation_data=(x[256:], y[256:]), verbose=0)
    assert review(held_out, model, x[:256], y[:256]).codes == ("validation-suspicious",)


def leaks(report):
    return [found for found in report if found.code == "validation-in-training"]


def test_validation_examples_among_the_training_examples_are_found_and_others_are_not():
    x, y = table(), np.ones((64, 1), "float32")
    model = network(1)
    (finding,) = leaks(examine(model, x, y, validation_data=(x[40:], y[40:])))
    assert finding.seen.startswith("All 24 examples")
    (finding,) = leaks(examine(model, x, y, validation_data=(x, y)))
    assert finding.seen == "x serves for training and for validation."
    assert leaks(examine(model, x[:40], y[:40], validation_data=(x[40:], y[40:]))) == []
    few_values = np.round(x)
    few_values[:, :3] = 0
    assert leaks(examine(model, few_values[:40], y[:40], validation_data=(few_values[40:], y[40:]))) == []


def test_the_end_of_the_training_data_as_validation_is_taken_out_of_it():
    x, y = table(200), np.ones((200, 1), "float32")
    (finding,) = leaks(examine(network(1), x, y, validation_data=(x[150:].copy(), y[150:])))
    assert finding.seen == "All 50 examples in X_val are also in x, which the model learns."
    assert "x[:150], y[:150]" in finding.fix
    held_out = np.concatenate([x[:15], table(400)[300:]])
    (finding,) = leaks(examine(network(1), x, y, validation_data=(held_out, np.ones((115, 1)))))
    assert finding.seen.startswith("About 13% of the 115 examples in held_out")
    assert "validation_split=0.2" in finding.fix


def photographs(folder, classes):
    for name in classes:
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        for i in range(20):
            keras.utils.save_img(place / f"{i}.png", np.full((8, 8, 3), i))


def small_pictures(units=1, activation="sigmoid"):
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(units, activation=activation)]
    )
    model.compile("adam", "binary_crossentropy")
    return model


@pytest.mark.parametrize(("seed", "shared"), [(2, True), (1, False)])
def test_a_folder_that_is_split_with_two_seeds_shares_files(tmp_path, seed, shared):
    photographs(tmp_path, ["cat", "dog"])
    options = {"image_size": (8, 8), "validation_split": 0.5}
    train = keras.utils.image_dataset_from_directory(tmp_path, subset="training", seed=1, **options)
    val = keras.utils.image_dataset_from_directory(tmp_path, subset="validation", seed=seed, **options)
    found = leaks(examine(small_pictures(), train, validation_data=val))
    assert bool(found) == shared
    both = {*train.file_paths} & {*val.file_paths}
    assert bool(both) == shared
    if shared:
        assert found[0].seen.startswith(f"{len(both)} of the 20 files in val are also in")
        assert found[0].fix.startswith("val = keras.utils.image_dataset_from_directory(tmp_path")


@pytest.mark.parametrize("again", [True, False])
def test_take_and_skip_of_a_data_set_that_is_shuffled_anew_mix_its_parts(again):
    tf = pytest.importorskip("tensorflow")
    data = tf.data.Dataset.from_tensor_slices((table(), np.ones((64, 1)))).shuffle(64, reshuffle_each_iteration=again)
    val, train = data.take(16).batch(8), data.skip(16).batch(8)
    found = leaks(examine(network(1), train, validation_data=val))
    assert bool(found) == again
    # What the finding says, seen: over two epochs the training set meets what was validated on in the first.
    validated = {row.tobytes() for x, _ in val for row in x.numpy()}
    trained = {row.tobytes() for _ in range(2) for x, _ in train for row in x.numpy()}
    assert bool(validated & trained) == again
    if again:
        assert "reshuffle_each_iteration=False" in found[0].fix


@pytest.mark.parametrize(
    ("train", "val", "seen"),
    [
        ("pairs.shuffle(64).batch(8)", "pairs.batch(8)", "The examples of val are also in train"),
        ("pairs.batch(8)", "pairs.take(16).cache().batch(8)", "The examples of val are also in train"),
        ("pairs.skip(16).batch(8)", "pairs.batch(8).prefetch(1)", "val holds all examples, those of train among them"),
        ("pairs.skip(16).batch(8)", "pairs.take(16).batch(8)", ""),
        ("pairs.skip(16).shuffle(48).batch(8)", "pairs.take(16).batch(8)", ""),
        ("pairs.shard(2, 0).batch(8)", "pairs.shard(2, 1).batch(8)", ""),
    ],
)
def test_two_data_sets_of_one_source_hold_different_examples(train, val, seen):
    tf = pytest.importorskip("tensorflow")
    names = {"pairs": tf.data.Dataset.from_tensor_slices((table(), np.ones((64, 1))))}
    train, val = eval(train, names), eval(val, names)
    found = leaks(examine(network(1), train, validation_data=val))
    assert [finding.seen.startswith(seen) for finding in found] == [True] * bool(seen)
    rows = [{row.tobytes() for x, _ in data for row in x.numpy()} for data in (train, val)]
    assert bool(rows[0] & rows[1]) == bool(seen)
    if seen:
        names = {"train": train, "keras": keras}
        exec(found[0].fix.split(";")[0], names)
        mended = names["train"], names["held_out"]
        assert not leaks(examine(network(1), mended[0], validation_data=mended[1]))


def test_a_callbacks_class_is_called_where_it_stands_and_the_others_stay():
    stop = keras.callbacks.EarlyStopping(patience=2)
    with pytest.raises((AttributeError, TypeError, ValueError)) as caught:
        network(1).fit(table(), np.ones((64, 1)), callbacks=[stop, keras.callbacks.ModelCheckpoint], verbose=0)
    (finding,) = explain(caught.value)
    made = 'callbacks=[stop, keras.callbacks.ModelCheckpoint("best.keras")]'
    assert finding.fix == f"network(1).fit(table(), np.ones((64, 1)), {made}, verbose=0)"


def test_a_split_of_a_data_set_that_shuffles_is_made_once():
    tf = pytest.importorskip("tensorflow")
    data = tf.data.Dataset.from_tensor_slices((table(), np.ones((64, 1)))).shuffle(64).batch(8)
    (finding,) = examine(network(1), data, validation_split=0.25)
    assert finding.fix.startswith("data, held_out = keras.utils.split_dataset(data, right_size=0.25); ")
    names = {"data": data, "keras": keras}
    exec(finding.fix.split(";")[0], names)
    parts = [{row.tobytes() for x, _ in names[name] for row in x.numpy()} for name in ("data", "held_out")]
    assert not parts[0] & parts[1]
    assert len(parts[0]) + len(parts[1]) == 64


@pytest.mark.parametrize("code", ["order-mismatch", None])
def test_labels_of_another_pass_than_the_predictions_are_seen_before_training(code):
    tf = pytest.importorskip("tensorflow")
    pairs = tf.data.Dataset.from_tensor_slices((table(), np.arange(64) % 3))
    model = network(3, "softmax", "sparse_categorical_crossentropy")
    if code:
        test = pairs.shuffle(64).batch(8)
        guesses = model.predict(test, verbose=0).argmax(axis=1)
        truth = np.concatenate([labels for _, labels in test])
        assert len(guesses) == len(truth)
        (finding,) = [found for found in examine(model, table(), np.arange(64) % 3) if found.code == code]
        assert finding.fix == "test = pairs.batch(8)"
    else:
        whole = pairs.batch(8)
        guesses = model.predict(whole, verbose=0).argmax(axis=1)
        truth = np.concatenate([labels for _, labels in whole])
        assert len(guesses) == len(truth)
        report = examine(model, table(), np.arange(64) % 3)
        assert "order-mismatch" not in report.codes
        assert "whole" not in str(report)


def test_pictures_that_lie_in_the_folder_itself_have_no_classes(tmp_path):
    for kind in ("cat", "dog"):
        photographs(tmp_path / kind, ["."])
        for i in range(20):
            (tmp_path / kind / f"{i}.png").rename(tmp_path / f"{kind}{i}.png")
        (tmp_path / kind).rmdir()
    with pytest.raises(ValueError, match="No images found") as caught:
        keras.utils.image_dataset_from_directory(tmp_path, image_size=(8, 8))
    (finding,) = explain(caught.value)
    assert finding.code == "folders-not-classes"
    assert "holds 40 files, such as cat0.png, and no folder for each class" in finding.seen
    names = {"keras": keras, "tmp_path": tmp_path}
    exec(finding.fix.replace("; keras.", "; data = keras."), names)
    labels = np.concatenate([y for _, y in names["data"]])
    assert sorted(labels) == [0] * 20 + [1] * 20


def test_class_weights_for_two_outputs_become_weights_of_examples():
    entry = keras.Input((4,))
    model = keras.Model(entry, [keras.layers.Dense(1, activation="sigmoid")(entry), keras.layers.Dense(1)(entry)])
    model.compile("adam", ["binary_crossentropy", "mse"])
    x, ill, age = table(), (np.arange(64) % 8 == 0).astype(int), np.linspace(0, 1, 64)
    (finding,) = [f for f in examine(model, x, [ill, age], class_weight={0: 1.0, 1: 7.0}) if f.severity == "error"]
    assert finding.code == "class-weight-keys"
    with pytest.raises(ValueError, match="single output") as caught:
        model.fit(x, [ill, age], class_weight={0: 1.0, 1: 7.0}, verbose=0)
    (finding,) = explain(caught.value)
    assert "class_weight" not in finding.fix
    assert "model: Functional, takes (None, 4), gives (None, 1) and (None, 1)" in arguments(caught.value)
    weights = eval(finding.fix, {"model": Recorder(), "np": np, "x": x, "ill": ill, "age": age})
    assert weights[0].tolist() == np.where(ill, 7.0, 1.0).tolist()
    assert weights[1].tolist() == [1.0] * 64


class Recorder:
    """Gives back the weights that ``fit`` was given."""

    def fit(self, *_, sample_weight, **__):
        return sample_weight


@pytest.mark.parametrize(("optimizer", "found"), [("sgd", True), ("adam", False)])
def test_features_that_are_too_large_for_gradient_descent_are_named_beside_the_target(optimizer, found):
    x = (100 * table() + 1000).astype("float32")
    y = 3000 * x[:, :1]
    model = network(1)
    model.compile(optimizer, "mse")
    codes = examine(model, x, y).codes
    assert ("input-not-scaled" in codes) == found
    if found:
        assert "target-not-scaled" in codes
        assert not np.isfinite(model.fit(x, y, epochs=3, verbose=0).history["loss"][-1])


def test_an_input_is_left_out_of_the_model_that_it_belongs_to():
    a, b, c = (keras.Input((4,), name=name) for name in "abc")
    model = keras.Model([a, b, c], keras.layers.Dense(1)(keras.layers.Add()([a, b])))
    other = keras.Model([a, b], keras.layers.Dense(1)(keras.layers.Add()([a, b])))
    (finding,) = [found for found in examine(model) if found.code == "input-unused"]
    assert finding.fix.startswith("keras.Model([a, b], keras.layers.Dense(1)(keras.layers.Add()([a, b])))")
    assert "input-unused" not in examine(other).codes


class Rows(keras.utils.PyDataset):
    def __len__(self):
        return 64 / 24

    def __getitem__(self, i):
        return table()[24 * i : 24 * i + 24], np.ones((24, 1))


def test_the_last_smaller_batch_counts():
    (finding,) = [found for found in examine(network(1), Rows()) if found.code == "batch-source"]
    assert finding.fix == "return -(-64 // 24)"


def test_more_rows_in_an_embedding_leave_its_other_options_alone():
    model = keras.Sequential(
        [keras.layers.Embedding(10, 8, mask_zero=True), keras.layers.LSTM(4), keras.layers.Dense(1)]
    )
    model.compile("adam", "mse")
    words = np.arange(66).reshape(6, 11) % 11
    model.build((None, 11))
    found = [f for f in examine(model, words, np.ones((6, 1))) if f.code == "index-out-of-range"]
    assert [f.fix for f in found] == ["keras.layers.Embedding(11, 8, mask_zero=True)"]


def test_time_distributed_behind_a_last_output_is_told_to_keep_every_step():
    layers = keras.layers
    model = keras.Sequential([keras.Input((6, 3)), layers.Bidirectional(layers.LSTM(5))])
    with pytest.raises(ValueError, match="TimeDistributed") as caught:
        model.add(layers.TimeDistributed(layers.Dense(2)))
    (finding,) = explain(caught.value)
    assert finding.code == "input-rank"
    assert finding.fix.startswith("layers.LSTM(5, return_sequences=True)")


def test_a_branch_that_is_a_pixel_short_is_padded():
    layers = keras.layers
    photo = keras.Input((10, 25, 3))
    small = layers.UpSampling2D()(layers.MaxPooling2D()(photo))
    names = {"keras": keras, "photo": photo, "small": small}
    with pytest.raises(ValueError, match="Concatenate") as caught:
        layers.concatenate([small, photo])
    (finding,) = explain(caught.value)
    assert (finding.code, "differ in size" in finding.seen) == ("input-size", True)
    exec(finding.fix, names)
    assert layers.concatenate([names["small"], photo]).shape == (None, 10, 25, 6)


def test_a_column_of_names_becomes_columns_of_0_and_1_and_one_of_numbers_numbers():
    import pandas as pd

    homes = np.array([[3, "centre", "120"], [2, "west", "n/a"], [4, "centre", ""]] * 10, dtype=object)
    finding = next(found for found in examine(network(1), homes, np.ones(30)) if found.code == "input-type")
    exec(finding.fix, names := {"homes": homes, "pd": pd})
    assert names["homes"].dtype == "float32"
    assert names["homes"][:2].tolist() == [[3, 120, 1, 0], [2, 0, 0, 1]]


@pytest.mark.parametrize(("step", "wrong"), [(-1, True), (0, False)])
def test_a_target_that_is_the_last_step_of_its_sequence_need_only_be_copied(step, wrong):
    series = np.random.default_rng(0).normal(size=80).astype("float32")
    windows = np.stack([series[i : i + 8] for i in range(70)])[..., None]
    model = keras.Sequential([keras.Input((8, 1)), keras.layers.GRU(4), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    after = windows[:, step, 0]
    found = [finding for finding in examine(model, windows, after) if finding.code == "target-in-input"]
    assert bool(found) == wrong
    if wrong:
        exec(found[0].fix, names := {"windows": windows, "after": after})
        assert np.array_equal(names["after"], series[8:77])
        assert np.array_equal(names["windows"][:, -1, 0], series[7:76])
        mixed = np.random.default_rng(0).permutation(70)
        shuffled = windows[mixed]
        found = [f for f in examine(model, shuffled, after[mixed]) if f.code == "target-in-input"]
        assert found[0].fix.startswith("shuffled = shuffled[:, :-1]")


def test_rows_with_several_ones_want_a_sigmoid_for_each():
    genres = (np.random.default_rng(0).random((64, 3)) < 0.6).astype("float32")
    model = network(3, "softmax", "categorical_crossentropy")
    (finding,) = [found for found in examine(model, table(), genres) if found.code == "loss-label-mismatch"]
    assert finding.fix.startswith('keras.layers.Dense(3, activation="sigmoid"); ')
    assert '"binary_crossentropy"' in finding.fix
    one_each = np.eye(3)[genres.argmax(axis=1)]
    soft = one_each * 0.9 + 0.1 / 3
    for labels in (one_each, soft):
        assert "loss-label-mismatch" not in [found.code for found in examine(model, table(), labels)]


@pytest.mark.parametrize(
    ("monitor", "mode", "right"),
    [("val_accuracy", "min", "max"), ("val_loss", "max", "min"), ("val_accuracy", "max", ""), ("val_loss", "auto", "")],
)
def test_a_callback_that_takes_better_for_worse_is_noticed(monitor, mode, right):
    model = network(3, "softmax", "sparse_categorical_crossentropy", ["accuracy"])
    stop = keras.callbacks.EarlyStopping(monitor=monitor, mode=mode)
    y = np.arange(64) % 3
    found = [f for f in examine(model, table(), y, callbacks=[stop], validation_split=0.2) if f.code == "monitor-mode"]
    assert len(found) == bool(right)
    if right:
        assert f'mode="{right}"' in found[0].fix


def test_normalization_that_was_adapted_to_raw_numbers_is_not_given_scaled_ones():
    raw = table() * [1000, 20, 5, 300] + [50_000, 100, 40, 2000]
    scaled = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    to_raw, to_scaled = keras.layers.Normalization(), keras.layers.Normalization()
    to_raw.adapt(raw)
    to_scaled.adapt(scaled)
    found = []
    for layer, given in [(to_raw, scaled), (to_raw, raw), (to_scaled, scaled)]:
        model = keras.Sequential([keras.Input((4,)), layer, keras.layers.Dense(1)])
        model.compile("adam", "mse")
        found.append([f for f in examine(model, given, np.ones(64)) if f.code == "input-scaled-twice"])
    assert [len(one) for one in found] == [1, 0, 0]
    assert found[0][0].fix.startswith("layer.adapt(given)")


class Plain(keras.Model):
    def train_step(self, data):
        x, y = data
        y_pred = self(x, training=True)
        return {"loss": keras.ops.mean((y_pred - y) ** 2)}


class Careful(keras.Model):
    def train_step(self, data):
        x, y = data
        y_pred = self(x, training=True)
        y = keras.ops.reshape(y, (-1, 1))
        return {"loss": keras.ops.mean((y_pred - y) ** 2)}


@pytest.mark.parametrize(("kind", "axes", "wrong"), [(Plain, 1, True), (Plain, 2, False), (Careful, 1, False)])
def test_a_step_of_ones_own_that_spreads_labels_out_is_seen(kind, axes, wrong):
    inputs = keras.Input((4,))
    model = kind(inputs, keras.layers.Dense(1)(inputs))
    model.compile("adam")
    y = np.arange(64.0).reshape((64, 1)[:axes])
    found = [finding for finding in examine(model, table(), y) if finding.code == "train-step"]
    assert bool(found) == wrong
    if wrong:
        assert found[0].fix == "y = y[..., None]"


SEASON = """
import keras
import numpy as np
from course_utils.doctor import examine

home, away = keras.Input((4,)), keras.Input((4,))
model = keras.Model([home, away], keras.layers.Dense(1)(keras.layers.Concatenate()([home, away])))
model.compile("adam", "mse")
season, fixtures = ({"home": np.ones((n, 4)), "away": np.zeros((n, 4))} for n in (64, 8))
report = examine(model, [season["home"], season["away"]], np.ones(64))
model.fit([season["home"], season["away"]], np.ones(64), verbose=0)
tips = model.predict([fixtures["away"], fixtures["home"]], verbose=0)
"""


def test_inputs_that_predict_gets_in_another_order_than_fit_are_put_right():
    outcome = programs.run("<ipython-season>", SEASON)
    ((_, severity, fix),) = [found for found in outcome["findings"] if found[0] == "order-mismatch"]
    assert (severity, fix) == ("warning", 'model.predict([fixtures["home"], fixtures["away"]], verbose=0)')
    right = SEASON.replace('fixtures["away"], fixtures["home"]', 'fixtures["home"], fixtures["away"]')
    assert "order-mismatch" not in programs.run("<ipython-right-season>", right)["codes"]


def test_a_comma_that_makes_a_size_a_tuple_is_found():
    HEIGHT, WIDTH = 32, (32,)
    with pytest.raises(ValueError, match="invalid dimension") as caught:
        keras.Input(shape=(HEIGHT, WIDTH, 3))
    (finding,) = explain(caught.value)
    assert (finding.code, finding.fix) == ("input-rank", "WIDTH = 32")


def test_a_list_that_hides_a_module_is_told_by_its_name():
    layers = [64, 32]
    with pytest.raises(AttributeError) as caught:
        layers.Dense(3)
    (finding,) = explain(caught.value)
    assert (finding.code, finding.fix) == ("shadowed-module", "keras.layers.Dense(3)")


SIAMESE = """
import keras
import numpy as np
from course_utils.doctor import review

def distance(pair):
    squares = keras.ops.sum((pair[0] - pair[1]) ** 2, axis=1, keepdims=True)
    return keras.ops.sqrt(squares)

a, b = keras.Input((4,)), keras.Input((4,))
body = keras.layers.Dense(3)
away = keras.layers.Lambda(distance, output_shape=(1,))([body(a), body(b)])
model = keras.Model([a, b], keras.layers.Dense(1, activation="sigmoid")(away))
model.compile("adam", "binary_crossentropy")
same = np.ones((32, 4))
y = np.arange(32) % 2
history = model.fit([same, same], y, epochs=2, verbose=0)
report = review(history, model, [same, same], y)
"""


def test_a_root_of_zero_is_told_from_a_rate_that_is_too_large():
    findings = programs.run("<ipython-siamese>", SIAMESE)["findings"]
    (fix,) = [fix for code, _, fix in findings if code == "loss-not-finite"]
    assert fix == "return keras.ops.sqrt(keras.ops.maximum(squares, 1e-07))"
    mended = SIAMESE.replace("return keras.ops.sqrt(squares)", fix)
    assert "loss-not-finite" not in programs.run("<ipython-siamese-mended>", mended)["codes"]


# ---- a fourth set


def test_a_layer_that_is_called_on_the_input_again_loses_the_one_before_it():
    inputs = keras.Input((4,))
    x = keras.layers.Dense(8, activation="relu")(inputs)
    x = keras.layers.Dense(6, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(x))
    model.compile("adam", "mse")
    (finding,) = [found for found in examine(model, table(), table()[:, 0]) if found.code == "layer-unused"]
    assert finding.fix == 'x = keras.layers.Dense(6, activation="relu")(x)'


def test_layers_on_one_input_that_are_joined_are_all_used():
    inputs = keras.Input((4,))
    a = keras.layers.Dense(8, activation="relu")(inputs)
    b = keras.layers.Dense(6, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Concatenate()([a, b])))
    model.compile("adam", "mse")
    assert "layer-unused" not in examine(model, table(), table()[:, 0]).codes


def test_a_branch_that_begins_with_another_branch_is_given_its_own_input():
    first_in, second_in = keras.Input((4,), name="first"), keras.Input((3,), name="second")
    a = keras.layers.Dense(8, activation="relu")(first_in)
    b = keras.layers.Dense(8, activation="relu")(a)
    model = keras.Model([first_in, second_in], keras.layers.Dense(1)(keras.layers.Concatenate()([a, b])))
    model.compile("adam", "mse")
    (finding,) = [found for found in examine(model) if found.code == "input-unused"]
    assert finding.fix == 'b = keras.layers.Dense(8, activation="relu")(second_in)'


def test_probabilities_are_no_class_numbers_for_an_intersection_over_union():
    y = np.arange(64) % 3
    wrong = network(3, "softmax", "sparse_categorical_crossentropy", [keras.metrics.MeanIoU(num_classes=3)])
    (finding,) = [found for found in examine(wrong, table(), y) if found.code == "metric-mismatch"]
    assert finding.fix == "metrics=[keras.metrics.MeanIoU(num_classes=3, sparse_y_pred=False)]"
    right = keras.metrics.MeanIoU(num_classes=3, sparse_y_pred=False)
    assert "metric-mismatch" not in examine(network(3, "softmax", wrong.loss, [right]), table(), y).codes


def test_weights_of_classes_reach_the_wrong_labels_where_there_are_several_at_once():
    y = (np.random.default_rng(0).random((64, 5)) < [0.9, 0.5, 0.3, 0.1, 0.05]).astype("float32")
    model = network(5, "sigmoid", "binary_crossentropy")
    report = examine(model, table(), y, class_weight=dict.fromkeys(range(5), 2.0))
    (finding,) = [found for found in report if found.code == "class-weight-keys"]
    assert "model.compile(" in finding.fix or "loss=weighted" in finding.fix
    assert "class-weight-keys" not in examine(model, table(), y).codes


@pytest.mark.parametrize(("every", "found"), [(2, True), (2 * 64, False)])
def test_a_schedule_that_counts_epochs_has_no_rate_left_after_the_first(every, found):
    schedule = keras.optimizers.schedules.ExponentialDecay(0.005, decay_steps=every, decay_rate=0.5, staircase=True)
    model = network(1)
    model.compile(keras.optimizers.Adam(schedule), "mse")
    findings = [
        f for f in examine(model, table(512), table(512)[:, 0], batch_size=8, epochs=10) if f.code == "learning-rate"
    ]
    assert bool(findings) == found
    assert all("decay_steps=every * 64" in finding.fix for finding in findings)


def test_a_schedule_that_was_made_elsewhere_is_written_from_what_it_is():
    schedule = getattr(keras.optimizers.schedules, "Exponential" + "Decay")(0.005, 2, 0.5)
    model = network(1)
    model.compile(keras.optimizers.Adam(schedule), "mse")
    report = examine(model, table(512), table(512)[:, 0], batch_size=8, epochs=10)
    (finding,) = [found for found in report if found.code == "learning-rate"]
    slower = eval(finding.fix, {"keras": keras})
    assert slower.get_config() == schedule.get_config() | {"decay_steps": 128}


class Pooling(keras.layers.Layer):
    def __init__(self, axis):
        super().__init__()
        self.score = keras.layers.Dense(1)
        self.axis = axis

    def call(self, steps):
        score = self.score(steps)
        weights = keras.ops.softmax(score, axis=-1)
        return keras.ops.sum(weights * steps, axis=1)


class OverSteps(Pooling):
    def call(self, steps):
        score = self.score(steps)
        weights = keras.ops.softmax(score, axis=1)
        return keras.ops.sum(weights * steps, axis=1)


@pytest.mark.parametrize(("pooling", "found"), [(Pooling, True), (OverSteps, False)])
def test_attention_whose_softmax_has_one_number_to_choose_from(pooling, found):
    model = keras.Sequential([keras.Input((5, 3)), pooling(1), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    assert ("one-unit-softmax" in examine(model).codes) == found


def test_one_layer_many_times_in_a_list_is_one_layer():
    first, second, _ = [keras.layers.Dense(6)] * 3
    x = first(np.zeros((2, 4), "float32"))
    with pytest.raises(ValueError, match="incompatible") as caught:
        second(x)
    assert explain(caught.value)[0].fix == "[keras.layers.Dense(6) for _ in range(3)]"


def test_a_mask_of_steps_is_given_an_axis_for_those_who_ask():
    attention = keras.layers.MultiHeadAttention(2, 3)
    x, mask = np.zeros((4, 5, 6), "float32"), np.ones((4, 5), bool)
    with pytest.raises(Exception) as caught:  # noqa: PT011  # each backend has a class of its own
        attention(x, x, attention_mask=mask)
    (finding,) = explain(caught.value)
    assert finding.code == "input-rank"
    assert finding.fix == "attention(x, x, attention_mask=mask[:, None, :])"
    attention(x, x, attention_mask=mask[:, None, :])


def test_channels_in_front_are_no_pixels():
    volumes = np.zeros((4, 1, 16, 16, 16), "float32")
    with pytest.raises(ValueError, match="output size") as caught:
        keras.Sequential([keras.Input(volumes.shape[1:]), keras.layers.Conv3D(8, 3)])
    (finding,) = explain(caught.value)
    assert (finding.code, finding.fix.partition("  #")[0]) == (
        "input-channels",
        "volumes = np.moveaxis(volumes, 1, -1)",
    )


def test_several_inputs_are_one_list():
    users, items = keras.Input((1,), name="users"), keras.Input((1,), name="items")
    model = keras.Model([users, items], keras.layers.Dense(1)(keras.layers.Concatenate()([users, items])))
    a, b = np.zeros((40, 1)), np.zeros((40, 1))
    with pytest.raises(Exception) as caught:  # noqa: PT011
        model.predict(a, b)
    (finding,) = explain(caught.value)
    assert (finding.code, finding.fix) == ("input-type", "model.predict([a, b])")


def test_the_border_of_a_mask_is_left_out():
    y = np.zeros((8, 6, 6), int)
    y[:, 0] = 255
    model = keras.Sequential([keras.Input((6, 6, 3)), keras.layers.Conv2D(3, 1, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    report = examine(model, np.random.default_rng(0).random((8, 6, 6, 3)), y)
    (finding,) = [found for found in report if found.code == "labels-out-of-range"]
    assert finding.fix == "loss=keras.losses.SparseCategoricalCrossentropy(ignore_class=255)"


@pytest.mark.parametrize("kind", ["activity_regularizer", "kernel_regularizer"])
def test_a_penalty_that_outweighs_all_answers_is_named_for_their_being_one(kind):
    keras.utils.set_random_seed(0)
    heavy = keras.regularizers.L1(1.0)
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(8, activation="relu", name="code", **{kind: heavy}),
            keras.layers.Dense(1),
        ]
    )
    model.layers[0].set_weights([np.zeros((4, 8)), -np.ones(8)])
    model.compile("adam", "mse")
    X = table()
    history = {"loss": list(np.linspace(4.2, 4.0, 8))}
    (finding,) = [f for f in review(history, model, X, X.sum(axis=1)) if f.code == "constant-predictions"]
    assert f'The {kind} of the layer "code" takes 1' in finding.why
    assert "L1(0.001)" in finding.fix


SCRIPT = """
import keras
import numpy as np
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(0)
table = rng.normal(50, 10, (200, 4))
y = (table.sum(axis=1) > 200).astype(int)
scaler = StandardScaler()
X = scaler.fit_transform(table)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(X, y, epochs=1, verbose=0)
new = np.array([[51.0, 40, 60, 55]])
"""


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ("model.predict(new, verbose=0)", "standard deviations away"),
        ("row = StandardScaler().fit_transform(new)\nmodel.predict(row, verbose=0)", "0 throughout"),
        ("model.predict(scaler.transform(new), verbose=0)", ""),
        ("model.predict(rng.normal(0, 3, (5, 4)), verbose=0)", ""),
    ],
)
def test_what_a_model_is_asked_is_compared_with_what_it_was_trained_on(tmp_path, asked, seen):
    from rich.console import Console

    from course_utils.doctor._shown._script import run

    path = tmp_path / "script.py"
    path.write_text(SCRIPT + asked, encoding="utf-8")
    console = Console(record=True, width=200, file=(tmp_path / "said.txt").open("w"))
    run(path, after=True, console=console)
    said = console.export_text()
    assert ("preparation-differs" in said) == bool(seen)
    assert seen in said
    if seen:
        assert "Do: model.predict(scaler.transform(new), verbose=0)" in said


def test_a_list_for_a_data_set_becomes_a_pair():
    import tensorflow as tf

    x, y = np.zeros((8, 4, 3), "float32"), np.zeros(8, int)
    with pytest.raises(Exception) as caught:  # noqa: PT011
        tf.data.Dataset.from_tensor_slices([x, y])
    (finding,) = explain(caught.value)
    assert (finding.code, finding.fix) == ("batch-source", "tf.data.Dataset.from_tensor_slices((x, y))")


def test_two_inputs_and_a_label_in_a_row_are_put_into_brackets_in_a_data_set_too():
    import tensorflow as tf

    left, right = keras.Input((4,)), keras.Input((4,))
    outputs = keras.layers.Dense(1, activation="sigmoid")(keras.layers.Concatenate()([left, right]))
    model = keras.Model([left, right], outputs)
    model.compile("adam", "binary_crossentropy")
    pairs = tf.data.Dataset.from_tensor_slices((table(), table(), np.arange(64) % 2)).batch(8)
    (finding,) = [found for found in examine(model, pairs) if found.severity == "error"]
    assert finding.fix == "pairs = pairs.map(lambda a, b, y: ((a, b), y))"
    right_ones = pairs.map(lambda a, b, y: ((a, b), y))
    assert "batch-source" not in examine(model, right_ones).codes


def test_one_column_of_a_scaler_of_four_is_taken_back_by_hand():
    from sklearn.preprocessing import MinMaxScaler

    scaler = MinMaxScaler().fit(table())
    predicted = np.full((3, 1), 0.5)
    with pytest.raises(ValueError, match="broadcast") as caught:
        scaler.inverse_transform(predicted)
    (finding,) = explain(caught.value)
    expected = scaler.inverse_transform(np.full((3, 4), 0.5))[:, -1:]
    assert eval(finding.fix) == pytest.approx(expected)


@pytest.mark.parametrize(("shift", "found"), [(0, True), (6, False)])
def test_a_window_that_holds_its_own_target_is_noticed(shift, found):
    series = np.random.default_rng(0).normal(size=300).astype("float32")
    targets = series[shift:]
    windows = keras.utils.timeseries_dataset_from_array(
        data=series[:, None], targets=targets, sequence_length=6, batch_size=64
    )
    model = keras.Sequential([keras.Input((6, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    findings = [one for one in examine(model, windows) if one.code == "target-in-input"]
    assert bool(findings) == found
    assert all("targets=targets[6:]" in one.fix for one in findings)


def test_a_network_with_states_is_made_again_for_another_batch():
    def build(batch):
        model = keras.Sequential([keras.Input(batch_shape=(batch, 5, 1)), keras.layers.GRU(4, stateful=True)])
        model.compile("adam", "mse")
        return model

    model = build(8)
    X = np.zeros((6, 5, 1), "float32")
    with pytest.raises(Exception) as caught:  # noqa: PT011
        model.predict(X, batch_size=3, verbose=0)
    (finding,) = explain(caught.value)
    assert finding.code == "input-size"
    assert finding.fix.startswith("other = build(3); other.set_weights(model.get_weights())")


def test_a_body_that_was_filled_or_is_trained_may_be_frozen():
    trained = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="relu")])
    body = keras.models.clone_model(trained)
    body.set_weights(trained.get_weights())
    body.trainable = False
    model = keras.Sequential([keras.Input((4,)), body, keras.layers.Dense(1)])
    model.compile("adam", "mse")
    assert "frozen-random" not in examine(model, table(), table().sum(axis=1)).codes


@pytest.mark.parametrize(("padding", "masked", "found"), [("post", False, 1), ("post", True, 0), ("pre", False, 0)])
def test_padding_behind_the_words_is_read_and_before_them_does_no_harm(padding, masked, found):
    rng = np.random.default_rng(0)
    X = keras.utils.pad_sequences([rng.integers(1, 20, 6) for _ in range(40)], maxlen=50, padding=padding)
    words_to_rows = keras.layers.Embedding
    embedding = words_to_rows(20, 4, mask_zero=masked)
    model = keras.Sequential([keras.Input((50,)), embedding, keras.layers.GRU(4), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    assert sum(one.code == "padding-not-masked" for one in examine(model, X, X.sum(axis=1) / 100)) == found


FOLDERS = """
import keras
import numpy as np

photos = keras.utils.image_dataset_from_directory({folder!r}, image_size=(8, 8), verbose=False)
model = keras.Sequential(
    [keras.Input((8, 8, 3)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten(), keras.layers.Dense(11)]
)
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(photos, verbose=0)
month = {month}
"""


@pytest.mark.parametrize(
    ("month", "found"),
    [
        ("np.argmax(model.predict(np.zeros((1, 8, 8, 3)), verbose=0)[0]) + 1", True),
        ("photos.class_names[np.argmax(model.predict(np.zeros((1, 8, 8, 3)), verbose=0)[0])]", False),
    ],
)
def test_folders_with_numbers_are_counted_as_they_are_sorted(tmp_path, month, found):
    from PIL import Image
    from rich.console import Console

    from course_utils.doctor._shown._script import run

    for number in range(1, 12):
        folder = tmp_path / "photos" / str(number)
        folder.mkdir(parents=True)
        for i in range(2):
            Image.fromarray(np.full((8, 8, 3), 20 * number + i, np.uint8)).save(folder / f"{i}.png")
    script = tmp_path / "months.py"
    script.write_text(FOLDERS.format(folder=str(tmp_path / "photos"), month=month), encoding="utf-8")
    console = Console(record=True, width=200, file=(tmp_path / "said.txt").open("w"))
    run(script, before=True, console=console)
    assert ("order-mismatch" in console.export_text()) == found


class Glyphs(keras.utils.PyDataset):
    def __init__(self, images, labels):
        super().__init__()
        self.images, self.labels = images, labels

    def __len__(self):
        return 4

    def __getitem__(self, i):
        part = slice(16 * i, 16 * (i + 1))
        return self.images[part], self.labels[part]

    def on_epoch_end(self):
        self.images = np.random.default_rng(0).permutation(self.images)


class Ordered(Glyphs):
    def on_epoch_end(self):
        order = np.random.default_rng(0).permutation(len(self.images))
        self.images, self.labels = self.images[order], self.labels[order]


@pytest.mark.parametrize(("source", "found"), [(Glyphs, True), (Ordered, False)])
def test_images_that_are_shuffled_without_their_labels_are_noticed(source, found):
    model = network(1)
    findings = [one for one in examine(model, source(table(), table()[:, 0])) if one.code == "order-mismatch"]
    assert bool(findings) == found
    if found:
        assert "self.images, self.labels = self.images[order], self.labels[order]" in findings[0].fix


@pytest.mark.parametrize("flat", [False, True])
def test_answers_and_labels_that_are_spread_out_in_a_function_are_noticed(tmp_path, flat):
    from rich.console import Console

    from course_utils.doctor._shown._script import run

    script = tmp_path / "script.py"
    script.write_text(
        SCRIPT.replace('activation="sigmoid"', 'activation="linear"').replace("binary_crossentropy", "mse")
        + "def rmse(true, guessed):\n    return np.sqrt(np.mean((true - guessed) ** 2))\n\n\n"
        + f"answers = model.predict(X, verbose=0){'.ravel()' * flat}\nprint(rmse(y, answers))\n",
        encoding="utf-8",
    )
    console = Console(record=True, width=200, file=(tmp_path / "said.txt").open("w"))
    run(script, before=True, console=console)
    said = console.export_text()
    assert ("broadcasting" in said) == (not flat)
    assert flat or "Do: answers = model.predict(X, verbose=0).ravel()" in said


@pytest.mark.parametrize("moved", [1, 6])
def test_windows_that_overlap_are_not_to_be_split_at_random(moved):
    from sklearn.model_selection import train_test_split

    series = np.random.default_rng(0).normal(size=600)
    windows = np.stack([series[moved * i : moved * i + 6] for i in range(90)])
    target = series[6:96]
    X_train, X_test, y_train, y_test = train_test_split(windows, target, random_state=0)
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    report = examine(model, X_train, y_train, validation_data=(X_test, y_test))
    findings = [one for one in report if one.code == "validation-in-training"]
    assert len(findings) == (moved == 1)
    assert all(one.fix == "train_test_split(windows, target, shuffle=False)" for one in findings)


PREPARED = """
import keras, numpy as np
from sklearn.preprocessing import StandardScaler

def {other}(rows):
    return StandardScaler().fit_transform(rows)

def build():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    return model

def elsewhere():
    X = prepare(table)
    return X, prepare(table[:9])

def prepare(rows):
    return (rows - rows.mean()) / rows.std()

table = np.random.default_rng(0).normal(size=(64, 4))
X = {made}(table)
again = {made}(table[:9])
build().fit(X, table[:, :1], epochs=1, verbose=0)
"""


@pytest.mark.parametrize(("other", "made", "found"), [("scaled", "scaled", 1), ("scaled", "prepare", 0)])
def test_a_function_that_fits_anew_counts_if_the_model_is_trained_on_what_it_gives(tmp_path, other, made, found):
    from rich.console import Console

    from course_utils.doctor._shown._script import run

    script = tmp_path / "prepared.py"
    script.write_text(PREPARED.format(other=other, made=made), encoding="utf-8")
    console = Console(record=True, width=200, file=(tmp_path / "said.txt").open("w"))
    run(script, before=True, console=console)
    assert console.export_text().count("fits it to what it is given") == found


TWO_MODELS = """
def other_model():
    inputs = keras.Input((4,))
    x = keras.layers.Dense(7)(inputs)
    x = keras.layers.Dense(7)(inputs)
    return keras.Model(inputs, x)

def this_model():
    inputs = keras.Input((4,))
    x = keras.layers.Dense(7)(inputs)
    x = keras.layers.Dense(7)(x)
    return keras.Model(inputs, x)

def unused():
    return other_model()

def checked(model):
    return examine(model, table()).codes

codes = checked({name}())
"""


@pytest.mark.parametrize(("name", "found"), [("this_model", False), ("other_model", True)])
def test_a_function_that_nobody_calls_accuses_no_other_model(tmp_path, name, found):
    file = tmp_path / "models.py"
    file.write_text(TWO_MODELS.format(name=name), encoding="utf-8")
    names = {"keras": keras, "examine": examine, "table": table, "__name__": "__main__"}
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), names)
    assert ("layer-unused" in names["codes"]) == found


def flat_loss(y_true, y_pred):
    return keras.ops.mean(keras.backend.flatten(y_true) * keras.backend.flatten(y_pred))


def test_a_function_of_the_old_backend_that_has_no_namesake_is_written_out():
    with pytest.raises(AttributeError) as caught:
        network(1, loss=flat_loss).fit(table(), table()[:, :1], verbose=0)
    (finding,) = explain(caught.value)
    assert finding.code == "removed-api"
    given, mended = {"keras": keras, "y_true": table(3), "y_pred": table(3)}, finding.fix.removeprefix("return ")
    assert mended == "keras.ops.mean(keras.ops.reshape(y_true, (-1,)) * keras.ops.reshape(y_pred, (-1,)))"
    assert float(eval(mended, given)) == pytest.approx(float((table(3) ** 2).mean()))


def test_the_batch_s_shape_is_written_with_the_user_s_own_numbers():
    steps = table()[:, None]
    with pytest.raises(ValueError, match="batch_input_shape") as caught:
        keras.layers.LSTM(4, batch_input_shape=(1, steps.shape[1], steps.shape[2]), stateful=True)
    (finding,) = explain(caught.value)
    assert finding.fix.startswith("keras.Input(batch_shape=(1, steps.shape[1], steps.shape[2]))")


@pytest.mark.parametrize(("share", "found"), [(0.5, True), (0.0, False)])
def test_accuracy_of_several_labels_at_once_asks_for_the_largest_only(share, found):
    y = np.eye(5)[np.arange(64) % 5]
    y[: int(64 * share), 0] = 1
    model = network(5, "sigmoid", "binary_crossentropy", ["accuracy"])
    findings = [one for one in examine(model, table(), y) if one.code == "metric-mismatch"]
    assert bool(findings) == found
    for one in findings:
        (metric,) = eval(one.fix.partition("=")[2], {"keras": keras})
        model.compile("adam", "binary_crossentropy", metrics=[metric])
        model.fit(table(), y, verbose=0)
        assert "metric-mismatch" not in examine(model, table(), y).codes


def once(X, batch):
    order = np.random.default_rng(0).permutation(len(X))
    for start in range(0, len(X) - batch + 1, batch):
        rows = X[order[start : start + batch]]
        yield rows, rows[:, :1]


def often(X, batch):
    steps = 5 * (len(X) // batch)
    for _ in range(steps):
        yield X[:batch], X[:batch, :1]


def of_several_files(X, batch):
    for _ in range(9):
        for start in range(0, len(X), batch):
            yield X[start : start + batch], X[start : start + batch, :1]


@pytest.mark.parametrize(
    ("generator", "epochs", "found"), [(once, 3, 1), (often, 5, 0), (often, 6, 1), (of_several_files, 9, 0)]
)
def test_a_generator_that_ends_before_the_last_epoch_is_noticed(generator, epochs, found):
    report = examine(network(1), generator(table(), 16), steps_per_epoch=4, epochs=epochs)
    assert report.codes.count("data-runs-out") == found


@pytest.mark.parametrize(("last", "found"), [("inputs", True), ("x", False)])
def test_a_chain_of_layers_that_ends_nowhere_is_noticed(tmp_path, last, found):
    source = f"""
inputs = keras.Input((4,))
x = keras.layers.Dense(9)(inputs)
x = keras.layers.Dropout(0.1)(x)
outputs = keras.layers.Dense(1)({last})
report = examine(keras.Model(inputs, outputs))
"""
    file = tmp_path / "chain.py"
    file.write_text(source, encoding="utf-8")
    names = {"keras": keras, "examine": examine, "__name__": "__main__"}
    exec(compile(source, str(file), "exec"), names)
    fixes = [one.fix for one in names["report"] if one.code == "layer-unused"]
    assert fixes == (["outputs = keras.layers.Dense(1)(x)"] if found else [])


def test_new_inputs_in_the_place_of_those_of_two_branches_are_told_apart():
    def branch():
        start = keras.Input((4,))
        return keras.Model(start, keras.layers.Dense(2)(start))

    left, right = branch(), branch()
    joined = keras.layers.Dense(1)(keras.layers.Concatenate()([left.output, right.output]))
    ins = [keras.Input((4,)), keras.Input((4,))]
    with pytest.raises(ValueError, match="connected") as caught:
        keras.Model(inputs=ins, outputs=joined)
    (finding,) = explain(caught.value)
    assert finding.fix == "keras.Model(inputs=[left.input, right.input], outputs=joined)"


@pytest.mark.parametrize(("last", "found"), [(True, True), (False, False)])
def test_the_last_recurrent_layer_of_one_answer_gives_its_last_step(last, found):
    model = keras.Sequential(
        [keras.Input((6, 1)), keras.layers.GRU(4, return_sequences=True), keras.layers.Dropout(0.1)]
    )
    model.add(keras.layers.GRU(5, return_sequences=last))
    model.add(keras.layers.Dense(1))
    model.compile("adam", "mse")
    fixes = [one.fix for one in examine(model, np.zeros((64, 6, 1)), np.ones(64)) if one.code == "output-rank"]
    assert [fix.partition("  #")[0] for fix in fixes] == ["keras.layers.GRU(5)"] * found


@pytest.mark.parametrize(("again", "found"), [(1.0, 1), (1 / 255, 0)])
def test_validation_data_are_as_large_as_those_of_the_training(again, found):
    raw = np.random.default_rng(0).integers(0, 256, (64, 4)).astype("float32")
    X_train = raw / 255
    X_val = raw[:32] * again
    y = raw[:, :1] / 255
    wide = keras.Sequential([keras.Input((4, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
    wide.compile("adam", "mse")
    report = examine(wide, X_train[..., None], y, validation_data=(X_val[..., None], y[:32]))
    assert report.codes.count("preparation-differs") == found


def test_the_fix_of_validation_data_does_what_was_done_to_those_of_the_training():
    X_train = np.random.default_rng(0).integers(0, 256, (64, 8, 8, 3)).astype("float32")
    X_val = X_train[:32]
    X_train = X_train / 255
    model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    report = examine(model, X_train, np.ones(64), validation_data=(X_val, np.ones(32)))
    (finding,) = [one for one in report if one.code == "preparation-differs"]
    assert finding.fix == "X_val = X_val / 255"


GENERATORS = """
import keras, numpy as np
from keras.src.legacy.preprocessing.image import ImageDataGenerator

made, plain = ImageDataGenerator(rescale=1 / 255, horizontal_flip=True), ImageDataGenerator({scaled})
pictures = np.random.default_rng(0).integers(0, 256, (64, 8, 8, 3)).astype("float32")
train = made.flow(pictures, np.arange(64) % 2, batch_size=16)
held_out = plain.flow(pictures[:32], np.arange(32) % 2, batch_size=16)
model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(train, validation_data=held_out, verbose=0)
"""


def told(folder, source):
    """What the doctor says of a script, before each training and after it."""
    from rich.console import Console

    from course_utils.doctor._shown._script import run

    script = folder / "program.py"
    script.write_text(source, encoding="utf-8")
    console = Console(record=True, width=200, file=(folder / "said.txt").open("w", encoding="utf-8"))
    run(script, before=True, after=True, console=console)
    return console.export_text()


def test_a_generator_that_does_not_rescale_gets_the_arguments_of_the_other(tmp_path):
    said = told(tmp_path, GENERATORS.format(scaled=""))
    assert "Do: plain = ImageDataGenerator(rescale=1 / 255)" in said
    assert "preparation-differs" not in told(tmp_path, GENERATORS.format(scaled="rescale=1 / 255"))


ENCODED = """
import keras, numpy as np
from sklearn.preprocessing import LabelEncoder, StandardScaler

rows, names = np.random.default_rng(0).normal(size=(90, 4)), np.array(["up", "down", "still"] * 30)
encoder, X_train, X_test = LabelEncoder(), rows[:60], rows[60:]
X_train = StandardScaler().fit_transform(X_train)
y_train = encoder.fit_transform(names[:60])
X_test = {scaled}
y_test = {encoded}
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, verbose=0)
"""


@pytest.mark.parametrize(
    ("scaled", "encoded", "fix"),
    [
        ("(X_test - 0) / 1", "encoder.fit_transform(names[60:62])", "y_test = encoder.transform(names[60:62])"),
        ("(X_test - 0) / 1", "encoder.fit_transform(names[60:])", ""),  # which has all classes, and so the same numbers
        (
            "StandardScaler().fit_transform(X_test)",
            "encoder.transform(names[60:])",
            "fitted = StandardScaler(); X_train = fitted.fit_transform(X_train); X_test = fitted.transform(X_test)",
        ),
        ("X_test", "encoder.transform(names[60:])", ""),
    ],
)
def test_nothing_is_fitted_to_the_test_data_once_more(tmp_path, scaled, encoded, fix):
    said = told(tmp_path, ENCODED.format(scaled=scaled, encoded=encoded))
    assert ("preparation-differs" in said) == bool(fix)
    assert fix in said


def percentage(y_true, y_pred):
    actual, predicted = y_true.numpy(), y_pred.numpy()
    return np.mean(np.abs((actual - predicted) / actual)) * 100


def test_a_loss_in_numpy_is_written_with_keras_operations():
    model = network(1, loss=percentage)
    (finding,) = [one for one in examine(model, table(), np.ones((64, 1))) if one.code == "symbolic-tensor"]
    assert "np." not in finding.fix
    exec(finding.fix, names := {"keras": keras})
    assert float(names["percentage"](np.ones((2, 1)), np.full((2, 1), 0.5))) == pytest.approx(50)


REPORTED = """
import keras, numpy as np
from PIL import Image
from keras.src.legacy.preprocessing.image import ImageDataGenerator

for i in range(20):
    Image.fromarray(np.full((8, 8, 3), 12 * i, np.uint8)).save(f"{folder}/{{i % 2}}/{{i}}.png")
maker = ImageDataGenerator(rescale=1 / 255)
train = maker.flow_from_directory("{folder}", target_size=(8, 8), class_mode="binary")
test = maker.flow_from_directory("{folder}", target_size=(8, 8), class_mode="binary"{more})
model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(1, "sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(train, verbose=0)
print(np.mean((model.predict(test, verbose=0)[:, 0] > 0.5) == test.classes))
"""


@pytest.mark.parametrize(("more", "found"), [("", True), (", shuffle=False", False)])
def test_labels_in_the_order_of_files_are_not_compared_with_shuffled_predictions(tmp_path, more, found):
    for name in "01":
        (tmp_path / "pictures" / name).mkdir(parents=True)
    said = told(tmp_path, REPORTED.format(folder=tmp_path / "pictures", more=more))
    assert ("order-mismatch" in said) == found
    assert ("shuffle=False" in said) == found


def test_one_hot_rows_of_a_vocabulary_that_fit_into_no_memory_are_numbers():
    with pytest.raises(MemoryError) as caught:
        np.zeros((900_000, 20_000, 50_000))
    (finding,) = explain(caught.value)
    assert finding.code == "out-of-memory"
    assert "batch" not in finding.fix
    assert "(900000, 20000)" in finding.fix


def soft_f1(y_true, y_pred):
    hits = keras.ops.sum(y_true * y_pred)
    return 1 - 2 * hits / (keras.ops.sum(y_true) + keras.ops.sum(y_pred) + 1e-7)


@pytest.mark.parametrize("first", [0, 50])
def test_a_loss_that_needs_hits_is_tried_with_a_label_that_can_be_hit(first):
    y = (np.arange(64) == first).astype("float32").reshape(-1, 1)
    assert "loss-without-gradient" not in examine(network(1, "sigmoid", soft_f1), table(), y).codes


@pytest.mark.parametrize(("batched", "found"), [(False, True), (True, False)])
def test_a_validation_set_that_was_never_batched_is_named(batched, found):
    tf = pytest.importorskip("tensorflow")
    pairs = tf.data.Dataset.from_tensor_slices((table(), np.zeros((64, 1), "float32")))
    train, held_out = pairs.batch(8), pairs.batch(8) if batched else pairs
    report = examine(network(1), train, validation_data=held_out)
    assert [one.fix for one in report if one.code == "input-rank"] == ["held_out = held_out.batch(32)"] * found


ASKED = """
import keras, numpy as np, tensorflow as tf

def smaller(images, labels):
    return images / 255, labels

pictures = np.random.default_rng(0).integers(0, 256, (64, 8, 8, 3)).astype("float32")
data = tf.data.Dataset.from_tensor_slices((pictures, np.arange(64) % 2)).batch(16)
data = data.map({function})
model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(data, verbose=0)
for picture in pictures[:3]:
    model.predict_on_batch({asked})
"""


@pytest.mark.parametrize(
    ("function", "asked", "fix"),
    [
        ("smaller", "picture[None]", "model.predict_on_batch(picture[None] / 255)"),
        ("lambda x, y: (x / 255, y)", "picture[None]", "model.predict_on_batch(picture[None] / 255)"),
        ("smaller", "picture[None] / 255", ""),
    ],
)
def test_one_picture_is_prepared_as_the_data_set_prepares_its_own(tmp_path, function, asked, fix):
    pytest.importorskip("tensorflow")
    said = told(tmp_path, ASKED.format(function=function, asked=asked))
    assert said.count("preparation-differs") == bool(fix)
    assert fix in said


def test_an_array_of_nothing_names_the_function_that_returns_nothing(tmp_path):
    source = """
def centred(row):
    middle = row.mean()
    result = row - middle

X = np.array([centred(row) for row in rows])
report = examine(model, X)
"""
    file = tmp_path / "centred.py"
    file.write_text(source, encoding="utf-8")
    names = {"np": np, "examine": examine, "model": network(1), "rows": table(), "__name__": "__main__"}
    exec(compile(source, str(file), "exec"), names)
    (finding,) = [one for one in names["report"] if one.severity == "error"]
    assert finding.seen == "X holds nothing but None: centred returns nothing."
    assert finding.fix == "return result  # as the last line of centred"
    unknown = np.array([None] * 8)
    assert examine(network(1), unknown)[0].seen == "unknown holds nothing but None."


def test_a_mark_for_a_missing_number_is_shown_rather_than_a_number():
    X = table().round(2).astype(str).astype(object)
    X[7, 2] = "?"
    assert "its column 2 holds texts such as '?'" in str(examine(network(1), X))


def test_pairs_side_by_side_in_one_array_are_taken_apart():
    left, right = keras.Input((4,)), keras.Input((4,))
    model = keras.Model([left, right], keras.layers.Dense(1)(left + right))
    model.compile("adam", "mse")
    pairs = np.stack([table(), table()], axis=1)
    (finding,) = [one for one in examine(model, pairs, np.ones(64)) if one.severity == "error"]
    assert finding.fix == "pairs = [pairs[:, 0], pairs[:, 1]]"
    parts = eval(finding.fix.partition(" = ")[2])
    assert not [one for one in examine(model, parts, np.ones(64)) if one.severity == "error"]


@pytest.mark.parametrize(
    ("first", "second", "losses", "fix"),
    [
        ("age", "glasses", ["mse", "binary_crossentropy"], None),
        ("glasses", "age", ["mse", "binary_crossentropy"], "model.fit(rows, [age, glasses], verbose=0)"),
        (
            "glasses",
            "age",
            ["binary_crossentropy", "mse"],
            'model.compile("adam", ["mse", "binary_crossentropy"]); model.fit(rows, [age, glasses], verbose=0)',
        ),
    ],
)
def test_targets_in_another_order_than_the_outputs_are_noticed_by_their_names(tmp_path, first, second, losses, fix):
    source = f"""
inputs = keras.Input((4,))
outputs = [keras.layers.Dense(1, name="age")(inputs), keras.layers.Dense(1, "sigmoid", name="glasses_on")(inputs)]
model = keras.Model(inputs, outputs)
model.compile("adam", {losses!r})
report = examine(model, rows, [{first}, {second}])
model.fit(rows, [{first}, {second}], verbose=0)
"""
    file = tmp_path / "faces.py"
    file.write_text(source, encoding="utf-8")
    rng = np.random.default_rng(0)
    names = {"keras": keras, "examine": examine, "rows": table(), "__name__": "__main__"}
    names |= {"age": rng.uniform(20, 80, 64).round(1), "glasses": rng.integers(0, 2, 64).astype("float32")}
    exec(compile(source, str(file), "exec"), names)
    assert [one.fix for one in names["report"] if one.code == "order-mismatch"] == ([fix] if fix else [])


@pytest.mark.parametrize("column", ["kind", "file"])
def test_a_table_of_files_names_them_and_their_classes_by_texts(tmp_path, column):
    pd = pytest.importorskip("pandas")
    image = pytest.importorskip("keras.src.legacy.preprocessing.image")  # TensorFlow's keras has it by a public name
    photographs(tmp_path, ["."])
    files = sorted(path.name for path in tmp_path.glob("*.png"))
    files = files if column == "kind" else range(len(files))
    frame = pd.DataFrame({"file": files, "kind": [i % 2 for i in range(len(files))]})
    if column == "file":
        frame["kind"] = frame["kind"].astype(str)
    with pytest.raises((TypeError, ValueError)) as caught:
        image.ImageDataGenerator().flow_from_dataframe(
            frame, tmp_path, x_col="file", y_col="kind", class_mode="binary", target_size=(8, 8)
        )
    (finding,) = explain(caught.value)
    assert finding.code == "labels-type"
    assert finding.fix == f'frame = frame.assign({column}=frame["{column}"].astype(str))'
    names = {"frame": frame}
    exec(finding.fix, names)
    assert all(isinstance(value, str) for value in names["frame"][column])


@pytest.mark.parametrize(("copies", "found"), [(5, True), (0, False)])
def test_copies_that_were_made_before_the_split_are_in_both_parts(copies, found):
    from sklearn.model_selection import train_test_split

    rows, y = table(200), (np.arange(200) < 20).astype("float32")
    X = np.concatenate([rows, *[rows[:20]] * copies])
    y = np.concatenate([y, *[y[:20]] * copies])
    X_train, X_val, y_train, y_val = train_test_split(X, y, random_state=0)
    report = examine(network(1, "sigmoid", "binary_crossentropy"), X_train, y_train, validation_data=(X_val, y_val))
    assert ("validation-in-training" in report.codes) == found
    if found:
        assert "split first" in next(one for one in report if one.code == "validation-in-training").fix


def test_equal_rows_of_a_few_values_are_no_copies():
    X = np.random.default_rng(0).integers(0, 3, (200, 4)).astype("float32")
    report = examine(network(1), X[:150], X[:150, :1], validation_data=(X[150:], X[150:, :1]))
    assert "validation-in-training" not in report.codes


@pytest.mark.parametrize(("epochs", "found"), [(4, True), (1, False)])
def test_a_generator_that_has_ended_is_noticed_by_the_steps_that_were_made(epochs, found):
    def batches(rows):
        x, y = (part.copy() for part in (rows, rows[:, :1]))
        for i in range(0, len(x), 16):
            yield x[i : i + 16], y[i : i + 16]

    model = network(1)
    history = model.fit(batches(table()), steps_per_epoch=4, epochs=epochs, verbose=0)
    assert ("data-runs-out" in review(history, model).codes) == found


def test_the_number_of_rows_is_no_number_of_steps():
    model = keras.Sequential([keras.Input((64, 4)), keras.layers.LSTM(3), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    X = table()
    (finding,) = [one for one in examine(model, X, X[:, 0]) if one.severity == "error"]
    assert "so that 64, the number of its rows, stands where the steps belong" in finding.seen
    assert finding.fix == "X = X[:, np.newaxis]; keras.Input(shape=(1, 4))"


UNBATCHED = """
import keras, numpy as np, tensorflow as tf

rows = np.random.default_rng(0).normal(size=(60, 4)).astype("float32")
train = tf.data.Dataset.from_tensor_slices((rows, (rows[:, 0] > 0).astype(int))).shuffle(60){batched}
model = keras.Sequential([keras.layers.Dense(8, activation="relu"), keras.layers.Dense(2, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(train, verbose=0)
"""


def test_a_data_set_that_was_never_batched_is_known_without_an_input(tmp_path):
    assert "Do: train = train.batch(32)" in told(tmp_path, UNBATCHED.format(batched=""))
    assert "input-rank" not in told(tmp_path, UNBATCHED.format(batched=".batch(8)"))


def test_what_is_done_to_a_part_of_a_data_set_is_a_map():
    fix = Program().placed("y in train = y in train - 1; X in train = X in train.reshape(-1, 1)  # a column")
    assert fix == (
        "train = train.map(lambda x, y: (x, y - 1)); train = train.map(lambda x, y: (x.reshape(-1, 1), y))  # a column"
    )


ZIPPED = """
import keras, numpy as np, tensorflow as tf

rows = np.random.default_rng(0).normal(size=(60, 4)).astype("float32")
labels = (rows[:, 0] > 0).astype(int)
inputs = tf.data.Dataset.from_tensor_slices(rows){inputs}
answers = tf.data.Dataset.from_tensor_slices(labels).map(lambda y: y){answers}
train = tf.data.Dataset.zip((inputs, answers)).batch(10)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(train, verbose=0)
"""


@pytest.mark.parametrize(
    ("inputs", "answers", "apart"),
    [
        (".shuffle(60)", ".shuffle(60)", True),
        (".shuffle(60, seed=1)", ".shuffle(60, seed=2)", True),
        (".shuffle(60, seed=1)", ".shuffle(60, seed=1)", False),
        ("", "", False),
    ],
)
def test_inputs_and_labels_that_are_shuffled_apart_are_told(tmp_path, inputs, answers, apart):
    said = told(tmp_path, ZIPPED.format(inputs=inputs, answers=answers))
    assert ("order-mismatch" in said) == apart
    assert ("Do: tf.data.Dataset.zip((inputs, answers)).shuffle(60)" in said) == apart


class Pairing(keras.Model):
    """A training of one's own, which gets pictures of two kinds that do not belong together."""

    def train_step(self, data):
        return {"loss": keras.ops.mean(data[0])}


def test_pairs_that_a_training_of_ones_own_wants_shuffled_apart_get_silence():
    import tensorflow as tf

    horses = tf.data.Dataset.from_tensor_slices(table()).shuffle(60)
    zebras = tf.data.Dataset.from_tensor_slices(table()).shuffle(60)
    train = tf.data.Dataset.zip((horses, zebras)).batch(10)
    model = Pairing()
    model.compile("adam")
    assert "order-mismatch" not in examine(model, train).codes


ROUND = """
import keras, numpy as np

X = np.random.default_rng(0).normal(size=(60, 4)).astype("float32")
y = X[:, 0] > 0


def batches(batch_size=10):
    start = 0
    while True:
        end = start + batch_size
        rows = {rows}
        yield X[rows], y[rows]
        {then}


model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(batches(), steps_per_epoch=6, verbose=0)
"""


@pytest.mark.parametrize(
    ("rows", "then", "stands"),
    [
        ("np.array(range(60))[start:end]", "print(end)", True),
        ("np.array(range(60))[start:end]", "start = end % 60", False),
        ("np.random.permutation(60)[start:end]", "print(end)", False),
        ("np.array(range(60))[:end]", "print(end)", False),  # all that there are, each time: it may be meant
    ],
)
def test_a_generator_that_never_moves_on_is_told(tmp_path, rows, then, stands):
    said = told(tmp_path, ROUND.format(rows=rows, then=then))
    assert ("always gives the same batch: nothing in its loop changes start" in said) == stands
    assert ("Do: start = (start + batch_size) % n" in said) == stands


def test_an_argument_behind_the_bracket_it_belongs_to_is_moved_into_it():
    model = keras.Sequential([keras.Input((4,))])
    with pytest.raises(TypeError) as caught:
        model.add(keras.layers.Dense(12), activation="relu")
    (finding,) = explain(caught.value)
    assert finding.fix == 'model.add(keras.layers.Dense(12, activation="relu"))'


def test_a_layer_whose_result_is_thrown_away_is_told(tmp_path):
    source = """
import keras, numpy as np
from keras import layers

inputs = keras.Input((4,))
x = layers.Dense(8, activation="relu")(inputs)
{kept}layers.Dense(8, activation="relu")(x)
model = keras.Model(inputs, layers.Dense(1)(x))
model.compile("adam", "mse")
model.fit(np.zeros((40, 4)), np.arange(40) / 40, verbose=0)
"""
    fix = 'Do: x = layers.Dense(8, activation="relu")(x)'
    assert fix in told(tmp_path, source.format(kept=""))
    assert "layer-unused" not in told(tmp_path, source.format(kept="x = "))


NEW_ROWS = """
import keras, numpy as np
from sklearn.preprocessing import StandardScaler

rng, scaler = np.random.default_rng(0), StandardScaler()
rows, new = rng.normal(50, 9, (80, 3)), rng.normal(70, 9, (6, 3))
X = scaler.fit_transform(rows)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(X, X[:, 0] - X[:, 2], verbose=0)
asked = scaler.{how}(new)
model.predict(asked, verbose=0)
model.predict(X, verbose=0)
"""


def test_a_scaler_that_is_fitted_to_what_is_asked_is_told(tmp_path):
    assert "Do: asked = scaler.transform(new)" in told(tmp_path, NEW_ROWS.format(how="fit_transform"))
    assert "preparation-differs" not in told(tmp_path, NEW_ROWS.format(how="transform"))


def test_a_layer_inside_of_a_model_inside_and_an_output_outside_are_told_apart():
    start = keras.Input((8, 8, 3))
    maps = keras.layers.Conv2D(4, 3, name="last")(start)
    inner = keras.Model(start, keras.layers.MaxPooling2D()(maps), name="inner")
    inputs = keras.Input((8, 8, 3))
    model = keras.Model(inputs, keras.layers.Dense(2)(keras.layers.Flatten()(inner(inputs))))
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        keras.Model(model.inputs, [model.get_layer("inner").get_layer("last").output, model.outputs[0]])
    (finding,) = explain(caught.value)
    assert finding.code == "graph-disconnected"
    known = {"model": model, "keras": keras}
    exec(finding.fix, known)
    first, second = known["maps"](np.zeros((1, 8, 8, 3)))
    assert (first.shape, second.shape) == ((1, 6, 6, 4), (1, 3, 3, 4))


@pytest.mark.parametrize(
    ("made", "fix"),
    [
        ("out = last(hidden(code))", "keras.Model(code, out)  # or call the layers behind code again, on new"),
        ("out = last(hidden(code)) + start", None),
        ("out = last(hidden(code)); other = hidden(new)", None),
        ("out = last(hidden(code)); new = keras.Input((5,))", None),
    ],
    ids=["half", "around", "called", "shape"],
)
def test_a_new_input_begins_no_second_half_of_a_network(tmp_path, made, fix):
    start, new = keras.Input((4,)), keras.Input((2,))
    code = keras.layers.Dense(2)(start)
    hidden, last = keras.layers.Dense(3), keras.layers.Dense(4)
    known = {"keras": keras, "start": start, "new": new, "code": code, "hidden": hidden, "last": last}
    known["__name__"] = "__main__"
    script = tmp_path / "program.py"
    script.write_text(f"{made}\nmodel = keras.Model(new, out)", encoding="utf-8")
    with pytest.raises(ValueError, match="connected") as caught:
        exec(compile(script.read_text(encoding="utf-8"), script, "exec"), known)
    (finding,) = explain(caught.value)
    assert finding.code == "graph-disconnected"
    assert ("call the layers behind" in finding.fix) == (fix is not None)
    if fix is not None:
        assert finding.fix == fix
        exec(f"half = {finding.fix}", known)
        assert known["half"](np.zeros((3, 2))).shape == (3, 4)
