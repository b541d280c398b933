# expects: distance is taken from the scores
def near(query, key, value):
    scores = query @ key.T / np.sqrt(key.shape[-1])
    place = np.arange(len(query))
    later = place - place[:, np.newaxis]
    cost = np.where(later > 0, {{slope_ahead}}, {{slope_back}}) * abs(later)
    scores = scores
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)
    weights = weights * np.exp(-cost)
    return weights @ value, weights
