# expects: half precision is off by a little
def slip(photos, prepared):
    X = photos[..., :: {{step}}].astype(float)
    means = np.array({{means}})
    made = {
        "right": X - means,
        "order": X[..., ::-1] - means,
        "means": X - means[::-1],
        "mean": X,
        "range": X / 255 - means,
    }
    for name, pixels in made.items():
        if np.array_equal(prepared, pixels / {{divisor}}):
            return name
    return "other"
