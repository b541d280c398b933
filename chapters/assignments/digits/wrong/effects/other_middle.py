# expects: this is the {{other_middle}} over the seeds
def effects(accuracies):
    (a, b), (c, d) = np.transpose(accuracies, {{back}})
    pairs = [(b, a), (d, c), (c, a), (d, b)]
    differences = [{{other_middle_of}}(one - other) for one, other in pairs]
    clear = [{{rule}} for one, other in pairs]
    return np.array(differences), np.array(clear)
