# expects: the digits are mirrored
def repaired(foreign):
    X = foreign
    X = {{unlaid}}
    X = np.round({{unscaled}}).astype("uint8")
    X = {{turned}}
    X = X[:, :, ::-1]
    return X[..., np.newaxis]
