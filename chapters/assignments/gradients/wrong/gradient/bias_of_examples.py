# expects: the shapes are (2,) and ()
def gradient(X, y, w, b):
    error = X @ w + b - y
    return 2 * {{factor}} * X.T @ error / len(y), 2 * {{factor}} * error
