# expects: bytes wrap around
def convolve(image, kernel):
    image = np.pad(image, {{pad}})
    rows, columns = kernel.shape
    height = (image.shape[0] - rows) // {{stride}} + 1
    width = (image.shape[1] - columns) // {{stride}} + 1
    result = np.zeros((height, width), image.dtype)
    for i in range(height):
        for j in range(width):
            top, left = i * {{stride}}, j * {{stride}}
            result[i, j] = (
                image[top : top + rows, left : left + columns] * kernel
            ).sum(dtype=image.dtype)
    return result
