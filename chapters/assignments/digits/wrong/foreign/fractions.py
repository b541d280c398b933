# expects: the network wants bytes
def repaired(foreign):
    X = foreign
    X = {{unlaid}}
    X = ({{unscaled}}) / 255
    X = X
    return X[..., np.newaxis]
