# expects: the signs are the other way round
def effects(accuracies):
    (a, b), (c, d) = np.transpose(accuracies, {{back}})
    pairs = [(a, b), (c, d), (a, c), (b, d)]
    differences = [{{middle_of}}(one - other) for one, other in pairs]
    clear = [{{rule}} for one, other in pairs]
    return np.array(differences), np.array(clear)
