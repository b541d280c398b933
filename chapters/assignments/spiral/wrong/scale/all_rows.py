# expects: the scaling has looked ahead
def scale(X, is_new):
    X = (X - X.mean(axis=0)) / X.std(axis=0) * {{spread}} + {{centre}}
    return X[~is_new], X[is_new]
