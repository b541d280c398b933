def draw(y, n, seed):
    order = np.random.default_rng([seed, 1]).permutation(len(y)).tolist()
    kinds = sorted(set(y.tolist()))
    each = {{each}}
    taken = []
    for kind in kinds:
        taken += [i for i in order if y[i] == kind][:each]
    return sorted(taken)


def needed(counts, accuracies):
    for n, row in sorted(zip(counts, {{turned_table}}.tolist())):
        if sum(a >= {{promise}} for a in row) >= {{share}} * len(row) - 1e-6:
            return n
    return 0
