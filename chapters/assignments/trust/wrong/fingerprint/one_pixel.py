# expects: one pixel does not speak for its cell
def fingerprint(picture):
    height, width = picture.shape
    parts = picture.reshape(
        {{rows}}, height // {{rows}}, {{columns}}, width // {{columns}}
    )
    cells = parts[:, 0, :, 0].astype(float)
    return {{neighbour}}
