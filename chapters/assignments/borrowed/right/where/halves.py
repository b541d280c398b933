X, y = scenes(80, seed={{seed}})


def parts(maps):
    found = []
    for row in np.split(maps, {{rows}}, axis=1):
        cells = np.split(row, {{columns}}, axis=2)
        found.append([{{how_of}}(cell, axis=(1, 2)) for cell in cells])
    if "{{by_words}}" == "column by column":
        found = zip(*found)
    return np.concatenate([cell for row in found for cell in row], axis=1)


# A head of its own: what the left and right, upper and lower halves see.
borrowed = pretrained.squeezenet()
maps = borrowed.get_layer("fire8").output
quarters = layers.Flatten()(layers.AveragePooling2D(7)(maps))
seeing = keras.Model(borrowed.input, quarters)


def features(photos):
    ready = photos[..., ::-1] - MEAN
    return seeing.predict(ready, batch_size=20, verbose=0)


regression = LogisticRegression(C=0.001).fit(features(X), y)


def says(photos):
    return np.array(regression.predict_proba(features(photos))[:, 1] > 0.5, int)
