# expects: the distance is divided
def near(query, key, value):
    scores = query @ key.T
    place = np.arange(len(query))
    later = place - place[:, np.newaxis]
    cost = np.where(later > 0, {{slope_ahead}}, {{slope_back}}) * abs(later)
    scores = (scores - cost) / np.sqrt(key.shape[-1])
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)
    return weights @ value, weights
