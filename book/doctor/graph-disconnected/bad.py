import keras

inputs = keras.Input(shape=(4,))
hidden = keras.layers.Dense(16, activation="relu")(inputs)
another = keras.Input(shape=(4,))
outputs = keras.layers.Dense(1)(hidden)
model = keras.Model(another, outputs)
