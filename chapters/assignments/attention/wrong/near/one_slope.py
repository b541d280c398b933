# expects: keys behind the query cost
def near(query, key, value):
    scores = query @ key.T / np.sqrt(key.shape[-1])
    place = np.arange(len(query))
    later = place - place[:, np.newaxis]
    cost = {{slope_back}} * abs(later)
    scores = scores - cost
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)
    return weights @ value, weights
