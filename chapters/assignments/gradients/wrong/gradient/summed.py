# expects: of the sum over the examples
def gradient(X, y, w, b):
    error = X @ w + b - y
    return 2 * {{factor}} * X.T @ error, 2 * {{factor}} * np.sum(error)
