# expects: a network inside a network hides them
def network():
    eyes = pretrained.squeezenet()
    frozen = True
    for layer in eyes.layers:
        frozen = frozen and not layer.name.startswith("{{first_free}}")
        layer.trainable = not frozen
    x = keras.Model(eyes.input, eyes.get_layer("{{cut}}").output)
    inputs = keras.Input((227, 227, 3))
    x = layers.GlobalAveragePooling2D()(x(inputs))
    outputs = layers.Dense({{classes}}, activation="softmax")(x)
    return keras.Model(inputs, outputs)
