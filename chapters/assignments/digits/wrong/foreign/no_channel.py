# expects: must have the shape (9, 28, 28, 1)
def repaired(foreign):
    X = foreign
    X = {{unlaid}}
    X = np.round({{unscaled}}).astype("uint8")
    X = {{turned}}
    return X
