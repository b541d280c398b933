# expects: eight tenths of that are asked for
def unseen(kernel):
    image = np.zeros(({{side}}, {{side}}))
    rows, columns = kernel.shape
    image[:rows, :columns] = (kernel > 0) / 2
    image[-rows:, -columns:] = (kernel > 0) / 2
    return image
