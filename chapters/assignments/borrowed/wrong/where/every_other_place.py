# expects: places that lie together
def parts(maps):
    n, height, width, channels = maps.shape
    tall, wide = height // {{rows}}, width // {{columns}}
    cells = maps.reshape(n, tall, {{rows}}, wide, {{columns}}, channels)
    cells = {{how_of}}(cells, axis=(1, 3))
    return {{cells}}.reshape(n, -1)


def says(photos):
    return np.arange(len(photos)) % 2
