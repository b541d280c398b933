"""`explain` recognises beginners' mistakes on every backend, and keeps silent about everything else."""

from types import FunctionType

import keras
import numpy as np
import pytest

from course_utils.doctor import explain

from . import mistakes
from .backends import EACH, LASTING, outcomes

# TensorFlow takes longer to load than all of a quick check may take.
pytestmark = [pytest.mark.slow, LASTING]

MISTAKES = {mistake.name: mistake for mistake in mistakes.read()}


@pytest.mark.slow
@pytest.mark.parametrize("backend", EACH)
def test_a_mistake_gets_its_code_and_nothing_else(backend):
    raised = {name: found for name, found in outcomes("mistakes", backend).items() if found["raised"]}
    codes = {name: [MISTAKES[name].code] if MISTAKES[name].code else [] for name in raised}
    assert {name: found for name, found in raised.items() if found["codes"] != codes[name]} == {}


@pytest.mark.slow
@pytest.mark.parametrize("backend", EACH)
def test_explaining_takes_well_under_a_second_of_the_processor(backend):
    assert max(found["seconds"] for found in outcomes("mistakes", backend).values()) < 1


@pytest.mark.slow
@pytest.mark.parametrize("backend", EACH)
def test_nearly_all_mistakes_still_raise(backend):
    raised = [found["raised"] is not None for found in outcomes("mistakes", backend).values()]
    assert sum(raised) >= 0.97 * len(raised)


def words(name):
    return outcomes("mistakes", keras.config.backend())[name]["text"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("b3", "y has the labels 1 to 5, but the output layer has 5 units, so labels must be 0 to 4."),
        ("b3", "y = y - 1"),
        ("a4b", "gray = gray.reshape(len(gray), -1)"),
        ("d7", "conv().predict(images[0][np.newaxis], verbose=0)"),
        ("d6", "In validation_data: The model takes examples of shape (4,)"),
        ("d8", "X = np.moveaxis(X, 1, -1)"),
        ("d5e", "keras.metrics.F1Score()"),
        ("d5c", '"adam"'),
        ("d20", "table has 16 examples, y has 14."),
        ("d20o", "indices must be 0 to 9"),
        ("c2", "8 × 8, 6 × 6 after conv2d"),
        ("x6", "keras.layers.Conv2D(8, (3, 3))"),
        ("e3", "epochs=2"),
        ("x18", "keras.Input(shape=(28, 28, 1))"),
        ("a10", "return_sequences=True"),
        ("lstm-dropout", "LSTM(5, return_sequences=True)"),
        ("lstm-graph", "LSTM(4, return_sequences=True)"),
        ("name-in-path", '"{epoch}-{accuracy:.2f}.keras"'),
        ("stacked-inputs", "X = list(X)"),
    ],
)
def test_the_words_hold_the_numbers_and_the_line_to_write(name, said):
    assert said in words(name)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (
            "Computed output size would be negative. Received `inputs shape=(None, 2, 2, 8)`, "
            "`kernel shape=(3, 3, 8, 4)`, `dilation_rate=[1 1]`.",
            "image-too-small",
        ),
        (
            "Computed output size would be negative. Received: `inputs.shape=[None 1 1 64]` and `pool_size=[2 2]`.",
            "image-too-small",
        ),
        (
            "EarlyStopping callback received monitor=val_acc but Keras isn't able to automatically determine whether "
            "that metric should be maximized or minimized.",
            "monitor-unavailable",
        ),
    ],
)
def test_the_words_of_an_older_keras_are_read_too(message, code):
    assert explain(ValueError(message)).codes == (code,)


def in_a_model_of_its_own(conv, pool):
    body = keras.Sequential([conv, pool], name="body")
    keras.Sequential([keras.Input((8, 8, 3)), body, keras.layers.Conv2D(3, 5, name="last")])


def shared(conv, pool):
    entry = keras.Input((14, 14, 3))
    conv(pool(conv(pool(conv(entry)))))


@pytest.mark.parametrize(
    ("build", "story"),
    [
        (in_a_model_of_its_own, "8 × 8, 6 × 6 after conv, 3 × 3 after pool"),
        (shared, "14 × 14, 12 × 12 after conv, 6 × 6 after pool, 4 × 4 after conv, 2 × 2 after pool"),
    ],
)
def test_the_image_is_followed_through_models_in_the_model_and_shared_layers(build, story):
    with pytest.raises(ValueError, match="output size would be") as caught:
        build(keras.layers.Conv2D(3, 3, name="conv"), keras.layers.MaxPooling2D(name="pool"))
    (finding,) = explain(caught.value)
    assert story in finding.seen
    assert finding.why == "What took most of the pixels: pool (divides by 2)."


@pytest.mark.parametrize(
    ("low", "said"),
    [(0, "y has the label 2, but the output layer has 2 units"), (1, "y has the labels 1 to 2")],
)
def test_an_older_keras_on_torch_does_not_say_which_label_is_out_of_range(monkeypatch, low, said):
    def one_hot(*_, **__):
        raise RuntimeError("Class values must be smaller than num_classes.")

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    # As if Keras itself had raised it: what a function of the user's raises is the user's.
    in_keras = FunctionType(one_hot.__code__, {"__name__": "keras.src.utils", "RuntimeError": RuntimeError})
    monkeypatch.setattr(model, "train_function", in_keras)
    y = np.arange(low, 3).repeat(5)
    with pytest.raises(RuntimeError) as caught:
        model.fit(np.zeros((len(y), 3)), y, verbose=0)
    (finding,) = explain(caught.value)
    assert finding.seen.startswith(said)


def test_a_file_that_the_server_does_not_have_is_not_blamed_on_the_network():
    def get_file(_):
        raise Exception("URL fetch failure on https://example.org/flowers.npz: 404 -- Not Found")

    with pytest.raises(Exception, match="404") as caught:
        keras.tree.map_structure(get_file, [1])
    (finding,) = explain(caught.value)
    assert finding.code == "download-failed"
    assert finding.seen == "flowers.npz could not be downloaded: the server answered 404, Not Found."


def test_something_else_than_an_exception_is_refused():
    with pytest.raises(TypeError, match=r"sys\.last_value"):
        explain("ValueError")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1), ValueError(), KeyError("acc"), OSError("no")])
def test_an_exception_without_a_traceback_is_read_all_the_same(error):
    assert explain(error).codes == ()


def test_an_exception_that_cannot_be_printed_does_no_harm():
    class MuteError(ValueError):
        def __str__(self):
            raise RuntimeError("no words")

    assert explain(MuteError()).codes == ()


def test_an_endless_chain_of_causes_ends():
    first, second = ValueError("a"), ValueError("b")
    first.__context__, second.__context__ = second, first
    assert explain(first).codes == ()
    assert (first.__context__, second.__context__) == (second, first)
