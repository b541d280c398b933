def disguise(key):
    wanted = [{{target}}] * len(key[0])
    step = [new - old for new, old in zip(wanted, key[{{which}}])]
    return [[n + s for n, s in zip(row, step)] for row in key]
