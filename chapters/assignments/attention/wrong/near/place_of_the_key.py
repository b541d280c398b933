# expects: not where the key lies
def near(query, key, value):
    scores = query @ key.T / np.sqrt(key.shape[-1])
    cost = {{slope_back}} * np.arange(len(key))
    scores = scores - cost
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)
    return weights @ value, weights
