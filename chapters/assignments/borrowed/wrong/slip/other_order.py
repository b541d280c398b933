# expects: you say
def slip(photos, prepared):
    X = photos[..., :: {{other_step}}].astype(float)
    means = np.array({{means}})
    made = {
        "right": X - means,
        "order": X[..., ::-1] - means,
        "means": X - means[::-1],
        "mean": X,
        "range": X / 255 - means,
    }
    for name, pixels in made.items():
        if np.allclose(prepared, pixels / {{divisor}}, rtol=0, atol={{atol}}):
            return name
    return "other"
