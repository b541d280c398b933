def scale(X, is_new):
    result = np.zeros(np.shape(X))
    for column in range(result.shape[1]):
        known = [x for x, new in zip(X[:, column], is_new) if not new]
        mean = sum(known) / len(known)
        deviation = (sum((x - mean) ** 2 for x in known) / len(known)) ** 0.5
        stretch = {{spread}} / deviation if deviation else 1
        result[:, column] = (X[:, column] - mean) * stretch + {{centre}}
    return [result[~is_new], result[is_new]]
