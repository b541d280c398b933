# expects: numbers of units are whole
def units(inputs, counts):
    found = []
    for k, count in enumerate(counts):
        inputs = count / (inputs + {{bias}})
        found.append(inputs)
    return found
