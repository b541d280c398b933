def units(inputs, counts):
    found = [inputs]
    for k, count in enumerate(counts):
        each = found[-1] + {{bias}}
        fits = [n for n in range(1, count + 1) if n * each == count]
        if not fits:
            return []
        found += fits
    return np.array(found[1:])
