"""A trained network that nobody uses any more gives its memory back; what is still used stays."""

import gc
import subprocess
import sys
import weakref

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from course_utils.network import free_memory

X, y = np.zeros((8, 4), np.float32), np.zeros(8, np.float32)


def trained():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(X, y, verbose=0)
    return model


def weights_in_tensorflow(model):
    """Refer weakly to what stands for the weights in TensorFlow, which outlives Keras' variable."""
    return weakref.ref(model.layers[0].kernel.value.handle)


def test_a_trained_network_without_a_name_is_let_go():
    model = trained()
    weights = weights_in_tensorflow(model)
    del model
    gc.collect()
    assert weights() is not None, "TensorFlow lets go by itself: free_memory can go, too"
    free_memory()
    assert weights() is None


def test_a_network_that_has_a_name_stays_and_can_be_trained_further():
    model = trained()
    before = model.get_weights()
    free_memory()
    assert all(map(np.array_equal, before, model.get_weights()))
    model.fit(X + 1, y + 1, verbose=0)
    assert not np.array_equal(before[0], model.get_weights()[0])


def test_gradients_that_others_have_defined_stay():
    @tf.custom_gradient
    def doubled_on_the_way_back(x):
        return x, lambda upstream: 2 * upstream

    compiled = tf.function(doubled_on_the_way_back)
    x = tf.constant(3.0)
    compiled(x)
    free_memory()
    with tf.GradientTape() as tape:
        tape.watch(x)
        output = compiled(x)
    assert tape.gradient(output, x).numpy() == 2


def test_on_another_backend_tensorflow_is_not_loaded_for_it():
    code = "import sys; from course_utils.network import free_memory; free_memory(); print('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
