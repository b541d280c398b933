# expects: the pictures have the shape
def network(side):
    return keras.Sequential(
        [
            keras.Input((side, side)),
            layers.Rescaling(1 / 255),
            layers.Conv1D(12, 5, activation="relu"),
            layers.GlobalMaxPooling1D(),
            layers.Dense({{classes}}, activation="softmax"),
        ]
    )
