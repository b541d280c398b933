# expects: the sum is 9
def convolve(image, kernel):
    image = np.pad(np.asarray(image, float), {{pad}})
    rows, columns = kernel.shape
    height = (image.shape[0] - rows) // {{stride}} + 1
    width = (image.shape[1] - columns) // {{stride}} + 1
    result = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            top, left = i * {{stride}}, j * {{stride}}
            result[i, j] = np.mean(
                image[top : top + rows, left : left + columns] * kernel
            )
    return result
