# expects: it looks the wrong way
def attend(query, key, value, lengths):
    scores = query @ np.swapaxes(key, 1, 2) / np.sqrt(key.shape[-1])
    place = np.arange(query.shape[1])
    apart = place - place[:, np.newaxis]
    is_token = place < lengths[:, np.newaxis]
    sees = (apart <= {{back}}) & (apart >= -{{ahead}})
    sees = sees & is_token[:, np.newaxis, :] & is_token[:, :, np.newaxis]
    scores = np.where(sees, scores, -np.inf)
    largest = np.where(sees, scores, -1e300).max(axis=-1, keepdims=True)
    e = np.exp(scores - largest) * sees
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.maximum(total, 1e-300)
    return weights @ value, weights
