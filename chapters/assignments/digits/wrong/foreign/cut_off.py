# expects: round first
def repaired(foreign):
    X = foreign
    X = {{unlaid}}
    X = ({{unscaled}}).astype("uint8")
    X = {{turned}}
    return X[..., np.newaxis]
