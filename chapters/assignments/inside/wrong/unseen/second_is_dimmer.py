# expects: when is something not missed
def unseen(kernel):
    image = np.zeros(({{side}}, {{side}}))
    rows, columns = kernel.shape
    image[:rows, :columns] = kernel > 0
    image[-rows:, -columns:] = 0.9 * (kernel > 0)
    return image
