# expects: this is the {{other_how_words}} of each part
def parts(maps):
    n, height, width, channels = maps.shape
    tall, wide = height // {{rows}}, width // {{columns}}
    cells = maps.reshape(n, {{rows}}, tall, {{columns}}, wide, channels)
    cells = {{other_how_of}}(cells, axis=(2, 4))
    return {{cells}}.reshape(n, -1)


def says(photos):
    return np.arange(len(photos)) % 2
