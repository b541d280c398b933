# expects: must stay as it was borrowed
def network():
    eyes = pretrained.squeezenet()
    x = layers.GlobalAveragePooling2D()(eyes.get_layer("{{cut}}").output)
    outputs = layers.Dense({{classes}}, activation="softmax")(x)
    return keras.Model(eyes.input, outputs)
