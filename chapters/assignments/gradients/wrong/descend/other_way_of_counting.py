# expects: with momentum
def descend(start, rate, steps):
    w, velocity, places = start, 0.0, [start]
    for _ in range(steps):
        slope = 2 * {{steepness}} * (w - ({{lowest}}))
        w = w + {{momentum}} * velocity - rate * slope
        velocity = -rate * slope
        places.append(w)
    return np.array(places)
