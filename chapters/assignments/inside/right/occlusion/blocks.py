def occlusion(image, kernel):
    height, width = image.shape
    which = np.arange(height)[:, None] // {{size}} * (width // {{size}})
    which = which + np.arange(width) // {{size}}
    whole = score(image, kernel)
    falls = []
    for number in range(which.max() + 1):
        covered = np.where(which == number, {{cover}}, image)
        falls.append(whole - score(covered, kernel))
    return np.reshape(falls, (height // {{size}}, -1))
