def descend(start, rate, steps):
    places = np.full(steps + 1, float(start))
    for n in range(steps):
        before = places[n] - places[n - 1] if n else 0.0
        slope = 2 * {{steepness}} * (places[n] - ({{lowest}}))
        places[n + 1] = places[n] + {{momentum}} * before - rate * slope
    return places
