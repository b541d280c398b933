# expects: Compute what should be there
def slip(photos, prepared):
    made = prepared.astype(float) * {{divisor}}
    if made.min() >= 0:
        return "mean"
    if made.max() - made.min() < 150:
        return "range"
    X = photos[..., :: {{step}}].astype(float)
    means = np.array({{means}})
    if np.allclose(made, X - means, atol=0.2):
        return "right"
    if np.allclose(made, X[..., ::-1] - means, atol=0.2):
        return "order"
    if np.allclose(made, X - means[::-1], atol=0.2):
        return "means"
    return "other"
