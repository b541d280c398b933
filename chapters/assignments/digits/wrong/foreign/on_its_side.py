# expects: rows and columns are exchanged
def repaired(foreign):
    X = foreign
    X = {{unlaid}}
    X = np.round({{unscaled}}).astype("uint8")
    X = {{turned}}
    X = X.swapaxes(1, 2)
    return X[..., np.newaxis]
