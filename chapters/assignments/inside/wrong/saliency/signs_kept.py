# expects: the size of a slope is asked for
def saliency(image, kernel):
    slopes = np.zeros(image.shape)
    if score(image, kernel) > 0:
        found = answers(image, kernel)
        top, left = np.unravel_index(found.argmax(), found.shape)
        rows, columns = kernel.shape
        slopes[top : top + rows, left : left + columns] = kernel
    return slopes
