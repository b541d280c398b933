# expects: a small step in each weight
def gradient(X, y, w, b):
    error = X @ w + b - y
    return {{factor}} * X.T @ error / len(y), {{factor}} * np.mean(error)
