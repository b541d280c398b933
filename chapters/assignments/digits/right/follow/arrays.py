def follow(shape, layers):
    """Let an array of zeros go through."""
    found, X = [], np.zeros(shape, bool)
    for kind, size in layers:
        count = 0
        if kind == "frame":
            X = np.pad(X, [(size, size)] * (X.ndim - 1) + [(0, 0)])
        elif kind == "pool":
            X = X[size - 1 :: size, size - 1 :: size]
        elif kind == "flatten":
            X = X.ravel()
        else:
            read = X.shape[-1]
            if kind == "conv":
                X = X[{{kernel}} - 1 :, {{kernel}} - 1 :]
                read *= {{kernel}} ** 2
            X = X[..., :1].repeat(size, axis=-1)
            shape = X.shape
            count = {{count_code}}
        found.append([X.shape, np.int64(count)])
    return found
