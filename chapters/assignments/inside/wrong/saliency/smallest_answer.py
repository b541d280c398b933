# expects: the place of the smallest answer
def saliency(image, kernel):
    slopes = np.zeros(image.shape)
    if score(image, kernel) > 0:
        found = answers(image, kernel)
        top, left = np.unravel_index(found.argmin(), found.shape)
        rows, columns = kernel.shape
        slopes[top : top + rows, left : left + columns] = abs(kernel)
    return slopes
