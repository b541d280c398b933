# expects: pixels must lie from 0 to 1
def unseen(kernel):
    image = np.zeros(({{side}}, {{side}}))
    rows, columns = kernel.shape
    image[:rows, :columns] = 9 * (kernel > 0)
    image[-rows:, -columns:] = 9 * (kernel > 0)
    return image
