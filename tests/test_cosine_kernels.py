"""Given kernels are the patterns of the discrete cosine transform, in order, and together with their negatives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.fft import dctn

from course_utils.convolution import conv2d, cosine_kernels
from course_utils.data import photo


@given(size=st.integers(1, 7), data=st.data())
def test_each_measures_one_number_of_the_cosine_transform(size, data):
    n = 2 * data.draw(st.integers(1, 3 * size**2))
    kernels = cosine_kernels(size, n).astype(np.float64)
    assert kernels.shape == (size, size, 3, n)
    np.testing.assert_array_equal(kernels[..., n // 2 :], -kernels[..., : n // 2])
    patch = np.random.default_rng(0).normal(size=(size, size, 3))
    transformed = np.abs(dctn(patch, axes=(0, 1), norm="ortho") @ np.linalg.qr(kernels_of_colour())[0])
    for i in range(n // 2):
        kernel = kernels[..., i]
        measured = abs((kernel * patch).sum()) / np.linalg.norm(kernel)
        assert np.isclose(transformed, measured, rtol=1e-4, atol=1e-6).any()


def kernels_of_colour():
    """The three colours, from kernels of one pixel."""
    return cosine_kernels(1, 6)[0, 0, :, :3].astype(np.float64)


def test_all_of_them_keep_everything():
    kernels = cosine_kernels(4, 96)[..., :48].reshape(48, 48).astype(np.float64)
    units = kernels / np.linalg.norm(kernels, axis=0)
    np.testing.assert_allclose(units.T @ units, np.eye(48), atol=1e-6)


def test_on_a_photograph_none_is_much_louder_than_another():
    kernels = cosine_kernels(4, 48)[..., :24]
    image = photo()[::4, ::4] / 64.0 - 2
    spread = np.sqrt((conv2d(image, kernels) ** 2).mean(axis=(0, 1)))
    units = kernels / np.sqrt((kernels**2).sum(axis=(0, 1, 2)))
    raw = np.sqrt((conv2d(image, units) ** 2).mean(axis=(0, 1)))
    assert spread.max() / spread.min() < 12 < 40 < raw.max() / raw.min()


@pytest.mark.parametrize("n", [0, -2, 5, 98])
def test_what_cannot_be_made_is_refused(n):
    with pytest.raises(ValueError, match=rf"n is {n}.* at most 96"):
        cosine_kernels(4, n)
