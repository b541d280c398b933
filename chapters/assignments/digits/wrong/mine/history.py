# expects: what `fit` returns is its history
keras.utils.set_random_seed(0)
model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(8, 5, strides=2, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense({{classes}}, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy")
mine = model.fit(X[:64], y[:64], verbose=0)
y_hat = model.predict(X_check, verbose=0).argmax(axis=1)
table = np.zeros(({{classes}}, {{classes}}), int)
np.add.at(table, (y_check, y_hat), 1)
off = table - np.diag(np.diagonal(table))
what, said = np.unravel_index(off.argmax(), off.shape)
my_worst = kinds[what], kinds[said]
my_table = {{solution_table}}
