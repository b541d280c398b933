# expects: must be gone *before* the softmax divides
def attend(query, key, value, lengths):
    scores = query @ np.swapaxes(key, 1, 2) / np.sqrt(key.shape[-1])
    place = np.arange(query.shape[1])
    apart = place - place[:, np.newaxis]
    is_token = place < lengths[:, np.newaxis]
    sees = (apart >= -{{back}}) & (apart <= {{ahead}})
    sees = sees & is_token[:, np.newaxis, :] & is_token[:, :, np.newaxis]
    scores = scores - scores.max(axis=-1, keepdims=True)
    largest = 0
    e = np.exp(scores - largest)
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.maximum(total, 1e-300)
    weights = weights * sees
    return weights @ value, weights
