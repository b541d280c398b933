# expects: without a nonlinear activation
def repaired():
    model = keras.Sequential(
        [
            keras.Input(({{side}}, {{side}})),
            layers.Flatten(),
            layers.Dense(32),
            layers.Dense({{classes}}, activation="softmax"),
        ]
    )
    model.compile(
        "adam", "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model
