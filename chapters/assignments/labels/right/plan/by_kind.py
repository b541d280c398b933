def plan(y):
    whole = bool(np.all(y == y.astype(int)))
    if not whole:
        return 1, None, "mse", 0
    if y.ndim == 1 and set(y.tolist()) == {0, 1}:
        return {{yes_no}}
    if y.ndim == 1:
        units = y.max() - y.min() + 1
        return units, "softmax", "sparse_categorical_crossentropy", y.min()
    one_each = [sum(row) for row in y.tolist()].count(1) == len(y)
    kind = "categorical" if one_each else "binary"
    activation = "softmax" if one_each else "sigmoid"
    return len(y.T), activation, f"{kind}_crossentropy", 0
