# A layer moves the pictures, another way each time; none is multiplied.
keras.utils.set_random_seed(1)
inputs = keras.Input((28, 28, 1))
x = layers.Rescaling(1 / 255)(inputs)
far = {{by}} / 28
x = layers.RandomTranslation(far, far, fill_mode="constant")(x)
for filters in (16, 24, 32):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    x = layers.ReLU()(x)
x = layers.Flatten()(x)
mine = keras.Model(inputs, layers.Dense({{classes}})(x))
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
mine.compile(keras.optimizers.Adam(0.005), loss)
mine.fit(X, y, batch_size=32, epochs=8, verbose=0)
y_hat = mine.predict(X_check, verbose=0).argmax(axis=1)
pairs = list(zip(y_check.tolist(), y_hat.tolist()))
order = range({{classes}})
table = np.array([[pairs.count((i, j)) for j in order] for i in order])
my_table = {{solution_table}}
confused = [pair for pair in pairs if pair[0] != pair[1]] or [(0, 1)]
my_worst = [kinds[k] for k in max(confused, key=confused.count)]
