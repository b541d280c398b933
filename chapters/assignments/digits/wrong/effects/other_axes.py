# expects: network and training are exchanged
def effects(accuracies):
    (a, b), (c, d) = np.transpose(accuracies, {{mixed_up}})
    pairs = [(b, a), (d, c), (c, a), (d, b)]
    differences = [{{middle_of}}(one - other) for one, other in pairs]
    clear = [{{rule}} for one, other in pairs]
    return np.array(differences), np.array(clear)
