# expects: {{rule_words}}
def units(inputs, counts):
    found = []
    for k, count in enumerate(counts):
        inputs = count // (inputs + {{other_bias}})
        found.append(inputs)
    return found
