"""What is in a trained network, as NumPy arrays: filters, feature maps, and explanations of its answers.

Works on any built Keras model that takes one batch of images (channels last) and gives one row of outputs for each:
Sequential, functional or subclassed, on TensorFlow, JAX or PyTorch. Layers of nested models are found by name, too.
Models run as in ``predict``: no dropout, no augmentation, batch normalisation with its running averages. Nothing here
draws: :mod:`course_utils.plot` does.
"""

from ._explain import grad_cam, occlusion, pixel_gradients, saliency, scores
from ._fields import receptive_field, strongest_patches
from ._filters import activity, dead_filters, feature_maps, filters
from ._maximise import maximise

__all__ = [
    "activity",
    "dead_filters",
    "feature_maps",
    "filters",
    "grad_cam",
    "maximise",
    "occlusion",
    "pixel_gradients",
    "receptive_field",
    "saliency",
    "scores",
    "strongest_patches",
]
