# expects: digits in pale ink must stay pale
def repaired(foreign):
    X = foreign
    X = {{unlaid}}
    X = X - X.min()
    X = np.round(255 * X / max(X.max(), 1e-9)).astype("uint8")
    X = {{turned}}
    return X[..., np.newaxis]
