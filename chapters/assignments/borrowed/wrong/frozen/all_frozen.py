# expects: may be trained, and is frozen
def network():
    eyes = pretrained.squeezenet()
    eyes.trainable = False
    x = layers.GlobalAveragePooling2D()(eyes.get_layer("{{cut}}").output)
    outputs = layers.Dense({{classes}}, activation="softmax")(x)
    return keras.Model(eyes.input, outputs)
