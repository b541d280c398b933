# expects: 30,000 parameters are allowed
mine = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Rescaling(1 / 255),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense({{classes}}, activation="softmax"),
    ]
)
mine.compile("adam", "sparse_categorical_crossentropy")
mine.fit(X, y, verbose=0)
y_hat = mine.predict(X_check, verbose=0).argmax(axis=1)
table = np.zeros(({{classes}}, {{classes}}), int)
np.add.at(table, (y_check, y_hat), 1)
off = table - np.diag(np.diagonal(table))
what, said = np.unravel_index(off.argmax(), off.shape)
my_worst = kinds[what], kinds[said]
my_table = {{solution_table}}
