# expects: the new dense layer is frozen
def network():
    eyes = pretrained.squeezenet()
    frozen = True
    for layer in eyes.layers:
        frozen = frozen and not layer.name.startswith("{{first_free}}")
        layer.trainable = not frozen
    x = layers.GlobalAveragePooling2D()(eyes.get_layer("{{cut}}").output)
    outputs = layers.Dense({{classes}}, activation="softmax")(x)
    model = keras.Model(eyes.input, outputs)
    for layer in model.layers:
        name = layer.name
        free = name.startswith("fire") and int(name[4]) > {{frozen}}
        layer.trainable = free
    return model
