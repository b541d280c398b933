# expects: each comparison leaves everything else
def effects(accuracies):
    (a, b), (c, d) = np.transpose(accuracies, {{back}})
    pairs = [((b + d) / 2, (a + c) / 2)] * 2 + [((c + d) / 2, (a + b) / 2)] * 2
    differences = [{{middle_of}}(one - other) for one, other in pairs]
    clear = [{{rule}} for one, other in pairs]
    return np.array(differences), np.array(clear)
