"""Code: model-loading

Source: googlecolab/colabtools#4753 'Cannot save and load custom model after updating to keras 3'; keras#469 (keras-core)
True cause: The custom layer's __init__ does not take **kwargs (name, dtype, trainable), which load_model passes.
Tutor: def __init__(self, factor, **kwargs): super().__init__(**kwargs), and get_config that calls super().
"""

import keras


@keras.saving.register_keras_serializable(package="course")
class Scale(keras.layers.Layer):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def call(self, x):
        return x * self.factor

    def get_config(self):
        config = super().get_config()
        config.update(factor=self.factor)
        return config


model = keras.Sequential([keras.Input((4,)), Scale(0.5), keras.layers.Dense(1)])
model.save("scaled.keras")
again = keras.models.load_model("scaled.keras")
