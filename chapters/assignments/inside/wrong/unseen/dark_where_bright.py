# expects: is possible
def unseen(kernel):
    image = np.zeros(({{side}}, {{side}}))
    rows, columns = kernel.shape
    image[:rows, :columns] = kernel < 0
    image[-rows:, -columns:] = kernel < 0
    return image
