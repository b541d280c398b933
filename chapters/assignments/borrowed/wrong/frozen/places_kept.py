# expects: a mean of each map leaves
def network():
    eyes = pretrained.squeezenet()
    frozen = True
    for layer in eyes.layers:
        frozen = frozen and not layer.name.startswith("{{first_free}}")
        layer.trainable = not frozen
    x = layers.Flatten()(eyes.get_layer("{{cut}}").output)
    outputs = layers.Dense({{classes}}, activation="softmax")(x)
    return keras.Model(eyes.input, outputs)
