# expects: and yours say that it is darker
def fingerprint(picture):
    height, width = picture.shape
    parts = picture.reshape(
        {{rows}}, height // {{rows}}, {{columns}}, width // {{columns}}
    )
    cells = parts.mean(axis=(1, 3))
    return {{darker}}
