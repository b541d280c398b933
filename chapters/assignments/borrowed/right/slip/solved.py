def slip(photos, prepared):
    """What was subtracted, from which pixels?"""
    seen = np.float64(prepared) * {{divisor}}
    mean = np.float64({{means}})
    wanted = np.flip(photos, -1) if {{step}} < 0 else photos

    def off(pixels, subtracted):
        return np.max(np.abs(seen + subtracted - pixels)) > 0.1

    if not off(wanted, mean):
        return "right"
    if not off(np.flip(wanted, -1), mean):
        return "order"
    if not off(wanted, np.flip(mean)):
        return "means"
    if not off(wanted, 0):
        return "mean"
    return "other" if off(wanted / 255, mean) else "range"
