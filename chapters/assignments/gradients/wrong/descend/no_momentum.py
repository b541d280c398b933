# expects: without momentum
def descend(start, rate, steps):
    w, velocity, places = start, 0.0, [start]
    for _ in range(steps):
        slope = 2 * {{steepness}} * (w - ({{lowest}}))
        velocity = -rate * slope
        w = w + velocity
        places.append(w)
    return np.array(places)
