# expects: in the other direction, too
def effects(accuracies):
    (a, b), (c, d) = np.transpose(accuracies, {{back}})
    pairs = [(b, a), (d, c), (c, a), (d, b)]
    differences = [{{middle_of}}(one - other) for one, other in pairs]
    clear = [{{one_direction}} for one, other in pairs]
    return np.array(differences), np.array(clear)
