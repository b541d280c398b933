# expects: what the first one gives is what it reads
def units(inputs, counts):
    return [n // (inputs + {{bias}}) for k, n in enumerate(counts)]
