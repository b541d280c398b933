# expects: NumPy's and scikit-learn's standard deviation
def scale(X, is_new):
    mean, deviation = X[~is_new].mean(axis=0), X[~is_new].std(axis=0, ddof=1)
    deviation = np.where(deviation == 0, {{spread}}, deviation)
    X = (X - mean) / deviation * {{spread}} + {{centre}}
    return X[~is_new], X[is_new]
