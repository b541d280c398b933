# expects: so 'other'
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
        off = prepared * np.float64({{divisor}}) - pixels
        if abs(off).mean() < 1:
            return name
    return "other"
