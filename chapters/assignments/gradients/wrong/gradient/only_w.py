# expects: for two weights the shapes
def gradient(X, y, w, b):
    error = X @ w + b - y
    return 2 * {{factor}} * X.T @ error / len(y)
