def unseen(kernel):
    times = {{side}}
    wallpaper = np.tile(np.where(kernel > 0, 1, 0), (times, times))
    return wallpaper[: {{side}}, : {{side}}]
