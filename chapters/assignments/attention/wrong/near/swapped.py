# expects: the other way round
def near(query, key, value):
    scores = query @ key.T / np.sqrt(key.shape[-1])
    place = np.arange(len(query))
    later = place - place[:, np.newaxis]
    cost = np.where(later > 0, {{slope_back}}, {{slope_ahead}}) * abs(later)
    scores = scores - cost
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)
    return weights @ value, weights
