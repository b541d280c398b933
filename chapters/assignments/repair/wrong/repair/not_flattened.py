# expects: where is it flattened?
def repaired():
    model = keras.Sequential(
        [
            keras.Input(({{side}}, {{side}})),
            layers.Dense(32, activation="relu"),
            layers.Dense({{classes}}, activation="softmax"),
        ]
    )
    model.compile(
        "adam", "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model
