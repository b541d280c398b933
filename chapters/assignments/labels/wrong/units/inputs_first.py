# expects: the inputs are not among them
def units(inputs, counts):
    found = [inputs]
    for k, count in enumerate(counts):
        found.append(count // (found[-1] + {{bias}}))
    return found
