def saliency(image, kernel):
    slopes, little = np.zeros(image.shape), 1e-6
    for place in np.ndindex(*image.shape):
        more = image.astype(float)
        more[place] += little
        change = score(more, kernel) - score(image, kernel)
        slopes[place] = abs(change) / little
    return slopes
