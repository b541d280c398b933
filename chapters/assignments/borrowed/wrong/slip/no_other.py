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
        if np.allclose(prepared, pixels / {{divisor}}, rtol=0, atol={{atol}}):
            return name
    return min(made, key=lambda k: abs(prepared - made[k] / {{divisor}}).mean())
