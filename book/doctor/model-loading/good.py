import keras


def squared(y, y_hat):
    return keras.ops.mean(keras.ops.square(y - y_hat))


model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss=squared)
model.save("model.keras")
again = keras.saving.load_model(
    "model.keras",
    custom_objects={"squared": squared},  # changed
)
