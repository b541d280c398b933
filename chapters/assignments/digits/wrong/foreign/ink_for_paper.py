# expects: 0 is paper and 255 is ink
def repaired(foreign):
    X = foreign
    X = {{unlaid}}
    X = np.round({{unscaled}}).astype("uint8")
    X = {{turned_wrong}}
    return X[..., np.newaxis]
