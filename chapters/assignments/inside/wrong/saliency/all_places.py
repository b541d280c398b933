# expects: only the largest answer counts
def saliency(image, kernel):
    slopes = np.zeros(image.shape)
    rows, columns = kernel.shape
    for (top, left), answer in np.ndenumerate(answers(image, kernel)):
        if answer > {{threshold}}:
            slopes[top : top + rows, left : left + columns] += abs(kernel)
    return slopes
