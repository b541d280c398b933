# expects: e to the power of 5000 is more
def divisor(scores):
    low, high = 1e-3, 1e9
    for _ in range(200):
        middle = np.sqrt(low * high)
        e = np.exp(scores / middle)
        weight = (e / e.sum()).max()
        if np.isnan(weight):
            return weight
        if weight > {{largest}}:
            low = middle
        else:
            high = middle
    return middle
