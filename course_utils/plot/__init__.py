"""Views of data, training and predictions, drawn with matplotlib.

Every view takes ``ax=None`` and returns the Axes it drew on (:func:`image_grid`, which needs many, returns its
Figure), never calls ``plt.show()`` and never touches global style.
"""

from ._comparison import trade_off
from ._computation import computation
from ._convolution import convolution_steps, matrix, response
from ._images import image_grid
from ._inside import feature_maps, filters, heatmap
from ._network import layer_by_layer
from ._points import class_colours, decision_boundary, scatter
from ._training import confusion_matrix, history, probabilities

__all__ = [
    "class_colours",
    "computation",
    "confusion_matrix",
    "convolution_steps",
    "decision_boundary",
    "feature_maps",
    "filters",
    "heatmap",
    "history",
    "image_grid",
    "layer_by_layer",
    "matrix",
    "probabilities",
    "response",
    "scatter",
    "trade_off",
]
