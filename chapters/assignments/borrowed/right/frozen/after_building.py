def network():
    eyes = pretrained.squeezenet()
    maps = eyes.get_layer("{{cut}}").output
    means = layers.GlobalAveragePooling2D(name="means")(maps)
    logits = layers.Dense({{classes}}, name="logits")(means)
    model = keras.Model(eyes.input, layers.Softmax()(logits))
    for layer in model.layers:
        number = int(layer.name[4]) if layer.name[:4] == "fire" else 99
        if layer.name == "conv1" or number <= {{frozen}}:
            layer.trainable = False
    return model
