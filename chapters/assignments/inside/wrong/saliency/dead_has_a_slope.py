# expects: a slope of 0 everywhere
def saliency(image, kernel):
    slopes = np.zeros(image.shape)
    if image.any():
        found = answers(image, kernel)
        top, left = np.unravel_index(found.argmax(), found.shape)
        rows, columns = kernel.shape
        slopes[top : top + rows, left : left + columns] = abs(kernel)
    return slopes
