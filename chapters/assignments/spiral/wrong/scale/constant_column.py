# expects: by that nothing can be divided
def scale(X, is_new):
    mean, deviation = X[~is_new].mean(axis=0), X[~is_new].std(axis=0)
    X = (X - mean) / deviation * {{spread}} + {{centre}}
    return X[~is_new], X[is_new]
