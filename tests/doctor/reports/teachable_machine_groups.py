"""Code: model-loading

Source: googlecreativelab/teachablemachine-community#403; keras-team/keras#19151 'Unrecognized keyword arguments passed to DepthwiseConv2D: {groups: 1}'
True cause: The .h5 file was written by Keras 2, whose DepthwiseConv2D stored an argument that Keras 3 does not know.
Tutor: Load it with tf_keras (pip install tf_keras), or give custom_objects={'DepthwiseConv2D': a subclass that drops groups}.
"""

import json

import h5py
import numpy as np
from tensorflow import keras


def as_written_by_keras_2(path, change):
    with h5py.File(path, "r+") as f:
        config = json.loads(f.attrs["model_config"])
        for layer in config["config"]["layers"]:
            change(layer)
        f.attrs["model_config"] = json.dumps(config)
        f.attrs["keras_version"] = "2.12.0"


m = keras.Sequential(
    [
        keras.Input((16, 16, 3)),
        keras.layers.DepthwiseConv2D(3),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(2, activation="softmax"),
    ]
)
m.save("keras_model.h5")
as_written_by_keras_2(
    "keras_model.h5",
    lambda layer: layer["config"].update(groups=1) if layer["class_name"] == "DepthwiseConv2D" else None,
)
model = keras.models.load_model("keras_model.h5", compile=False)
print(model.predict(np.zeros((1, 16, 16, 3)), verbose=0))
