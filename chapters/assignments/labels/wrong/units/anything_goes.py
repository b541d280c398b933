# expects: no network with 5 inputs
def units(inputs, counts):
    found = []
    for k, count in enumerate(counts):
        inputs = count // (inputs + {{bias}})
        found.append(inputs)
    return found
