# expects: the sparse loss wants whole numbers
def plan(y):
    if y.ndim == 2:
        if np.all(y.sum(axis=1) == 1):
            return y.shape[1], "softmax", "sparse_categorical_crossentropy", 0
        return y.shape[1], "sigmoid", "binary_crossentropy", 0
    if np.any(y != np.round(y)):
        return 1, "linear", "mean_squared_error", 0
    kinds = np.unique(y)
    if len(kinds) == 2:
        return {{yes_no}}
    loss = "sparse_categorical_crossentropy"
    return len(kinds), "softmax", loss, int(kinds[0])
