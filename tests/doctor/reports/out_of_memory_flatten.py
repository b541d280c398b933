"""Code: out-of-memory

Source: keras-team/keras#16047 / tensorflow#54340 'ResourceExhaustedError: OOM when allocating tensor' (images 4892 x 4892); google/seq2seq#322
True cause: Flatten of large pictures into a wide Dense makes a weight matrix of many gigabytes.
Tutor: Smaller pictures (Resizing(224, 224)), pooling before Flatten or GlobalAveragePooling2D, smaller batch.
"""

import tensorflow as tf

model = tf.keras.Sequential(
    [
        tf.keras.Input((4000, 4000, 3)),
        tf.keras.layers.Conv2D(32, 3, activation="relu"),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(4096, activation="relu"),
        tf.keras.layers.Dense(2, activation="softmax"),
    ]
)
