# expects: must have the mean
def scale(X, is_new):
    mean, deviation = X[~is_new].mean(), X[~is_new].std()
    X = (X - mean) / deviation * {{spread}} + {{centre}}
    return X[~is_new], X[is_new]
