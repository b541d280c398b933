"""Muon moves the kernels of convolutions along orthogonal directions, and everything else like AdamW."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers, ops

from course_utils.network import Muon, orthogonal

# TensorFlow takes longer to load than all of a quick check may take.
pytestmark = [pytest.mark.slow, pytest.mark.lasting]


@settings(deadline=None, max_examples=30)
@given(rows=st.integers(1, 80), columns=st.integers(1, 80), scale=st.floats(1e-3, 1e3), seed=st.integers(0, 2**32 - 1))
def test_singular_vectors_stay_and_singular_values_come_close_to_one(rows, columns, scale, seed):
    rng = np.random.default_rng(seed)
    n = min(rows, columns)
    u, v = (np.linalg.qr(rng.normal(size=(m, n)))[0] for m in (rows, columns))
    spread = rng.uniform(0.1, 1, n)
    made = ops.convert_to_numpy(orthogonal(ops.convert_to_tensor((scale * u * spread @ v.T).astype(np.float32))))
    in_their_frame = u.T @ made @ v
    values = np.diag(in_their_frame)
    assert np.abs(in_their_frame - np.diag(values)).max() < 1e-3
    assert values.min() > 0.3
    assert values.max() < 1.3


def test_it_is_the_iteration_of_keras_own_muon():
    matrix = np.random.default_rng(0).normal(size=(27, 16)).astype(np.float32)
    keras_own = keras.optimizers.Muon().zeropower_via_newtonschulz5(ops.convert_to_tensor(matrix), 5)
    ours = ops.convert_to_numpy(orthogonal(ops.convert_to_tensor(matrix)))
    np.testing.assert_allclose(ours, ops.convert_to_numpy(keras_own), atol=1e-4)


def model():
    keras.utils.set_random_seed(0)
    stack = [keras.Input((8, 8, 3)), layers.Conv2D(4, 3), layers.Conv2D(5, 3), layers.Flatten(), layers.Dense(1)]
    return keras.Sequential(stack)


def step(made, optimizer):
    """Weights before and after one step."""
    x = np.random.default_rng(1).normal(size=(16, 8, 8, 3)).astype(np.float32)
    made.compile(optimizer, "mean_squared_error")
    before = made.get_weights()
    made.fit(x, x.mean(axis=(1, 2, 3)), batch_size=16, epochs=1, verbose=0)
    return before, made.get_weights()


def test_only_kernels_on_feature_maps_leave_adamw():
    rate = 0.01
    before, muon = step(model(), Muon(rate, kernels=5.0, weight_decay=0.1))
    _, adamw = step(model(), keras.optimizers.AdamW(rate, weight_decay=0.1))
    same = [np.allclose(a, b, atol=1e-6) for a, b in zip(muon, adamw, strict=True)]
    assert same == [True, True, False, True, True, True]
    moved = (muon[2] - before[2] * (1 - 5 * rate * 0.1)) / (5 * rate)
    values = np.linalg.svd(moved.reshape(-1, moved.shape[-1]), compute_uv=False)
    assert values.max() < 1.3
    assert np.median(values) > 0.6


def test_a_stopped_training_goes_on_as_if_it_had_not_been(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 8, 8, 3)).astype(np.float32)
    y = x.mean(axis=(1, 2, 3))
    fit = {"x": x, "y": y, "batch_size": 16, "shuffle": False, "verbose": 0}
    straight = model()
    straight.compile(Muon(0.01, kernels=5.0), "mean_squared_error")
    straight.fit(**fit, epochs=2)
    stopped = model()
    stopped.compile(Muon(0.01, kernels=5.0), "mean_squared_error")
    stopped.fit(**fit, epochs=1)
    stopped.save(tmp_path / "stopped.keras")
    again = keras.saving.load_model(tmp_path / "stopped.keras")
    again.fit(**fit, epochs=1)
    for a, b in zip(straight.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_how_fast_kernels_move_must_be_said():
    with pytest.raises(TypeError, match="kernels"):
        Muon(0.01)
