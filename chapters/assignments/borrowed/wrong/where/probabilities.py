# expects: answers are 0 or 1
def parts(maps):
    n, height, width, channels = maps.shape
    tall, wide = height // {{rows}}, width // {{columns}}
    cells = maps.reshape(n, {{rows}}, tall, {{columns}}, wide, channels)
    cells = {{how_of}}(cells, axis=(2, 4))
    return {{cells}}.reshape(n, -1)


def says(photos):
    return np.full(len(photos), 0.5)
