# expects: could not be broadcast
def convolve(image, kernel):
    image = np.pad(np.asarray(image, float), {{pad}})
    rows = columns = kernel.shape[0]
    places = (image.shape[0] - rows) // {{stride}} + 1
    result = np.zeros((places, places))
    for i in range(places):
        for j in range(places):
            top, left = i * {{stride}}, j * {{stride}}
            result[i, j] = np.sum(
                image[top : top + rows, left : left + columns] * kernel
            )
    return result
