def stopped(curve):
    sign = 1 if {{lower}} else -1
    best, best_epoch, wait = np.inf, 0, 0
    for number, value in enumerate(np.array(curve) * sign, start=1):
        wait += 1
        if value < best - {{delta}}:
            best, best_epoch, wait = value, number, 0
        if wait == {{patience}}:
            return best_epoch, number
    return [best_epoch, len(curve)]
