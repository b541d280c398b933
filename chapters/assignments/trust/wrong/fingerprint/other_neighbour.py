# expects: the bits have the shape
def fingerprint(picture):
    height, width = picture.shape
    parts = picture.reshape(
        {{rows}}, height // {{rows}}, {{columns}}, width // {{columns}}
    )
    cells = parts.mean(axis=(1, 3))
    return {{other_neighbour}}
