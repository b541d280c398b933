# expects: not with the mean of the picture
def fingerprint(picture):
    height, width = picture.shape
    parts = picture.reshape(
        {{rows}}, height // {{rows}}, {{columns}}, width // {{columns}}
    )
    cells = parts.mean(axis=(1, 3))
    return (cells > cells.mean())[: {{shape}}[0], : {{shape}}[1]]
