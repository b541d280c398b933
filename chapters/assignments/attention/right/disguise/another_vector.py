def disguise(key):
    rows = [[n + 3.5 * (k + 1) for k, n in enumerate(row)] for row in key]
    return rows
