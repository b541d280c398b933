# expects: first all channels of the first part
def parts(maps):
    n, height, width, channels = maps.shape
    tall, wide = height // {{rows}}, width // {{columns}}
    cells = maps.reshape(n, {{rows}}, tall, {{columns}}, wide, channels)
    cells = {{how_of}}(cells, axis=(2, 4))
    return np.moveaxis({{cells}}, 3, 1).reshape(n, -1)


def says(photos):
    return np.arange(len(photos)) % 2
