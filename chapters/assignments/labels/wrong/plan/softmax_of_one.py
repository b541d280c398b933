# expects: softmax over a single unit
def plan(y):
    if y.ndim == 2:
        if np.all(y.sum(axis=1) == 1):
            return y.shape[1], "softmax", "categorical_crossentropy", 0
        return y.shape[1], "sigmoid", "binary_crossentropy", 0
    if np.any(y != np.round(y)):
        return 1, "linear", "mean_squared_error", 0
    kinds = np.unique(y)
    if len(kinds) == 2:
        return 1, "softmax", "binary_crossentropy", 0
    loss = "sparse_categorical_crossentropy"
    return len(kinds), "softmax", loss, int(kinds[0])
