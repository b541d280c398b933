r"""Convolution and pooling in plain NumPy, written to be read.

A convolution slides a small array of weights, the *kernel*, over an image and computes the same weighted sum at every
place. For image :math:`X`, kernel :math:`W`, bias :math:`b`, stride :math:`s` and dilation :math:`d`,

.. math:: Y_{ijf} = b_f + \sum_u \sum_v \sum_c X_{is + ud,\; js + vd,\; c} \, W_{uvcf}

where :math:`i, j` are the place in the output, :math:`u, v` the place in the kernel, :math:`c` is the channel that
comes in and :math:`f` the filter. This is what Keras computes (mathematicians call it a cross-correlation), with
Keras' order of axes, ``(height, width, channels)``, and with Keras' ``"valid"`` and ``"same"`` padding.
"""

from ._cosines import cosine_kernels
from ._kernels import hand_made_kernels
from ._operations import average_pool2d, conv2d, max_pool2d
from ._parameters import conv2d_params, dense_params
from ._sizes import output_size, receptive_field, same_padding

__all__ = [
    "average_pool2d",
    "conv2d",
    "conv2d_params",
    "cosine_kernels",
    "dense_params",
    "hand_made_kernels",
    "max_pool2d",
    "output_size",
    "receptive_field",
    "same_padding",
]
