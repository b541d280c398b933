# expects: near places must get more weight
def near(query, key, value):
    scores = query @ key.T / np.sqrt(key.shape[-1])
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)
    return weights @ value, weights
