# expects: conv10 answers
def network():
    eyes = pretrained.squeezenet()
    frozen = True
    for layer in eyes.layers:
        frozen = frozen and not layer.name.startswith("{{first_free}}")
        layer.trainable = not frozen
    x = eyes.output
    outputs = layers.Dense({{classes}}, activation="softmax")(x)
    return keras.Model(eyes.input, outputs)
