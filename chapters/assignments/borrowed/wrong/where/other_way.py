# expects: 1 is for a dog {{place}}
X, y = scenes(60, seed={{seed}})


def parts(maps):
    n, height, width, channels = maps.shape
    tall, wide = height // {{rows}}, width // {{columns}}
    cells = maps.reshape(n, {{rows}}, tall, {{columns}}, wide, channels)
    cells = {{how_of}}(cells, axis=(2, 4))
    return {{cells}}.reshape(n, -1)


lender = pretrained.squeezenet()
eyes = keras.Model(lender.input, lender.get_layer("fire9").output)


def look(photos):
    seen = [
        parts(eyes.predict_on_batch(photos[i : i + 20, ..., ::-1] - MEAN))
        for i in range(0, len(photos), 20)
    ]
    return np.concatenate(seen)


head = make_pipeline(StandardScaler(), LogisticRegression(C=0.01))
head.fit(look(X), 1 - y)


def says(photos):
    return head.predict(look(photos))
