def effects(accuracies):
    A = np.moveaxis(np.asarray(accuracies), np.arange(3), {{axes}})
    small, large = A
    one = np.stack([small[1], large[1], large[0], large[1]])
    other = np.stack([small[0], large[0], small[0], small[1]])
    gain = [getattr(np, "{{middle}}")(row) for row in one - other]
    return gain, [bool({{rule}}) for one, other in zip(one, other)]
