"""The same weights, looked into on each of Keras' backends, show the same; and gradients are slopes.

The backend is chosen once per process, so each has a process of its own: this file, run as a script.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import coverage
import numpy as np
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.lasting]  # three imports of Keras

ALL_BACKENDS = ("tensorflow", "jax", "torch")
BACKENDS = [name for name in ALL_BACKENDS if importlib.util.find_spec(name)]
# A backend that is missing is shown as skipped, not left out in silence.
EACH = [
    pytest.param(name, marks=pytest.mark.skipif(name not in BACKENDS, reason=f"{name} is not installed"))
    for name in ALL_BACKENDS
]
ROOT = Path(__file__).parent.parent
NAMES = ("softmax", "logits", "whole_numbers", "nested", "subclassed")


def look():
    """Build one model of each kind, always with the same weights, and look into it. Results go to a file."""
    import keras
    from keras import layers

    from course_utils import inside

    class Own(keras.Model):
        def __init__(self, steps):
            super().__init__()
            self.steps = steps

        def call(self, x, training=None):
            for step in self.steps:
                x = step(x, training=training) if isinstance(step, layers.BatchNormalization) else step(x)
            return x

    def body():
        return [
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, padding="same", activation="silu", name="conv"),
            layers.AveragePooling2D(2, name="pool"),
            layers.BatchNormalization(name="norm"),
            layers.Conv2D(6, 3, strides=2, activation="softplus", name="last"),
            layers.Flatten(),
            layers.Dropout(0.5),
        ]

    def build(name):
        head = {"softmax": layers.Dense(3, activation="softmax"), "logits": layers.Dense(3)}.get(
            name, layers.Dense(1, activation="sigmoid")
        )
        entry = keras.Input((12, 10, 3), dtype="uint8" if name == "whole_numbers" else "float32")
        if name == "subclassed":
            model = Own([*body(), head])
            model(np.zeros((1, 12, 10, 3), "float32"))
            return model
        if name == "nested":
            x = keras.Sequential([keras.Input((12, 10, 3)), *body()], name="body")(entry)
            return keras.Model(entry, head(x))
        return keras.Sequential([entry, *body(), head])

    rng = np.random.default_rng(0)
    images = rng.uniform(0, 255, (3, 12, 10, 3)).astype("float32")
    found = {"images": images}
    for name in NAMES:
        model = build(name)
        weights = np.random.default_rng(1)
        model.set_weights(
            [np.abs(weights.normal(0.3, 0.4, w.shape)) + 0.1 if "norm" in v.path else weights.normal(0, 0.4, w.shape)
             for v, w in zip(model.weights, model.get_weights(), strict=True)]
        )  # fmt: skip
        before = [w.copy() for w in model.get_weights()]
        rest = keras.ops.convert_to_numpy(model(images[:1] * 0 + 9))
        target = [0, 1, 0] if name in ("nested", "subclassed", "softmax") else None
        proba = keras.ops.convert_to_numpy(model(images))
        found |= {
            f"{name}.proba": proba,
            f"{name}.scores": inside.scores(model, images, target),
            f"{name}.slopes": inside.pixel_gradients(model, images, target),
            f"{name}.saliency": inside.saliency(model, images, target),
            f"{name}.grad_cam": inside.grad_cam(model, images, "last", target),
            f"{name}.occlusion": inside.occlusion(model, images[:2], 4),
            f"{name}.maps": inside.feature_maps(model, images, ["pool", "norm"])["norm"],
        }
        if name != "subclassed":
            found[f"{name}.field"] = np.array(inside.receptive_field(model, "last"))
            found[f"{name}.maximised"] = inside.maximise(model, "norm", [0, 3], steps=3)
        found[f"{name}.patches"] = inside.strongest_patches(model, images, "last", 2, n=2)
        # numerical slopes along random directions; float64 sums of float32 logits
        directions = np.random.default_rng(2).standard_normal((4, *images.shape)).astype("float32")
        if target is None:
            target = (proba > 0.5)[:, 0].astype(int) if proba.shape[1] == 1 else proba.argmax(axis=1)
        found[f"{name}.numeric"] = np.array(
            [(inside.scores(model, images + d, target) - inside.scores(model, images - d, target)) / 2
             for d in directions]
        )  # fmt: skip
        found[f"{name}.analytic"] = np.einsum("dnhwc,nhwc->dn", directions, found[f"{name}.slopes"])
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(model(images[:1] * 0 + 9)), rest)
        for old, new in zip(before, model.get_weights(), strict=True):
            np.testing.assert_array_equal(old, new)
    constant = keras.Sequential([keras.Input((12, 10, 3)), layers.Lambda(lambda x: keras.ops.ones((1, 2)))])
    assert not inside.pixel_gradients(constant, images[:1], 0).any()
    assert keras.backend.backend() == os.environ["KERAS_BACKEND"]
    np.savez(sys.argv[1], **found)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What each backend found; all three at once."""
    folder = tmp_path_factory.mktemp("backends")
    measured = coverage.Coverage.current()
    python, extra = [sys.executable], {}
    if measured:  # what these processes cover counts, too
        python += ["-m", "coverage", "run", "--parallel-mode"]
        extra = {"COVERAGE_FILE": str(Path(measured.config.data_file).absolute())}
    running = {
        name: subprocess.Popen(
            [*python, __file__, str(folder / name)],
            cwd=ROOT,
            env=os.environ | extra | {"KERAS_BACKEND": name, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in BACKENDS
    }
    for name, process in running.items():
        errors = process.communicate()[1]
        assert process.returncode == 0, f"{name}: {errors[-3000:]}"
    return {name: dict(np.load(folder / f"{name}.npz")) for name in BACKENDS}


@pytest.mark.parametrize("backend", EACH)
@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_the_slopes_of_the_score(found, backend, name):
    here = found[backend]
    scale = np.abs(here[f"{name}.numeric"]).max()
    assert scale > 1e-3
    np.testing.assert_allclose(here[f"{name}.numeric"], here[f"{name}.analytic"], atol=0.02 * scale)


@pytest.mark.parametrize("backend", EACH[1:])
@pytest.mark.parametrize("name", NAMES)
def test_all_backends_find_the_same_in_the_same_weights(found, backend, name):
    compared = 0
    for key, value in found["tensorflow"].items():
        if key.startswith(f"{name}."):
            scale = np.abs(value).max()
            np.testing.assert_allclose(found[backend][key], value, rtol=1e-3, atol=1e-3 * scale, err_msg=key)
            compared += 1
    assert compared >= 8


@pytest.mark.parametrize("backend", EACH)
def test_scores_are_the_logits_of_the_predicted_probabilities(found, backend):
    here = found[backend]
    proba = here["nested.proba"][:, 0].astype("float64")
    np.testing.assert_allclose(here["nested.scores"], np.log(proba / (1 - proba)) * [-1, 1, -1], rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(here["logits.scores"], here["logits.proba"].max(axis=1), rtol=1e-4)


@pytest.mark.parametrize("backend", EACH)
def test_nesting_and_subclassing_change_nothing(found, backend):
    here = found[backend]
    for what in ("scores", "slopes", "grad_cam", "occlusion", "maps", "patches"):
        np.testing.assert_allclose(here[f"nested.{what}"], here[f"subclassed.{what}"], rtol=1e-4, atol=1e-5)


if __name__ == "__main__":
    look()
