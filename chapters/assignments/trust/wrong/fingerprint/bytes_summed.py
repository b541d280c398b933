# expects: bits are wrong
def fingerprint(picture):
    height, width = picture.shape
    parts = picture.reshape(
        {{rows}}, height // {{rows}}, {{columns}}, width // {{columns}}
    )
    cells = parts.sum(axis=(1, 3), dtype="uint8")
    return {{neighbour}}
