def repaired():
    image = keras.Input(({{side}}, {{side}}))
    hidden = layers.Dense(32, activation="tanh")(layers.Reshape((-1,))(image))
    model = keras.Model(
        image, layers.Softmax()(layers.Dense({{classes}})(hidden))
    )
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy())
    return model
