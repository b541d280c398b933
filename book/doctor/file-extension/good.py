import keras

model = keras.Sequential(
    [keras.Input((4,)), keras.layers.Dense(3, activation="softmax")]
)
model.save_weights("model.weights.h5")  # changed
