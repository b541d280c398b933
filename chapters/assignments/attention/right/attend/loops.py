def attend(query, key, value, lengths):
    n, places, d = query.shape
    result = np.zeros((n, places, value.shape[-1]))
    weights = np.zeros((n, places, places))
    for s in range(n):
        for i in range(int(lengths[s])):
            first = max(0, i - {{back}})
            end = min(i + {{ahead}} + 1, int(lengths[s]))
            scores = key[s, first:end] @ query[s, i] / d**0.5
            e = np.exp(scores - scores.max())
            weights[s, i, first:end] = e / e.sum()
            result[s, i] = weights[s, i, first:end] @ value[s, first:end]
    return [result, weights]
