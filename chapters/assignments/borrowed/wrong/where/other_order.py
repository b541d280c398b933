# expects: the parts come {{by_words}}
def parts(maps):
    n, height, width, channels = maps.shape
    tall, wide = height // {{rows}}, width // {{columns}}
    cells = maps.reshape(n, {{rows}}, tall, {{columns}}, wide, channels)
    cells = {{how_of}}(cells, axis=(2, 4))
    return {{other_cells}}.reshape(n, -1)


def says(photos):
    return np.arange(len(photos)) % 2
