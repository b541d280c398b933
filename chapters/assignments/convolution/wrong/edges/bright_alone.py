# expects: sum to zero
edge_kernel = np.zeros((3, 3))
place = {
    "left": np.s_[:, 0],
    "right": np.s_[:, 2],
    "top": np.s_[0],
    "bottom": np.s_[2],
}
edge_kernel[place["{{bright_side}}"]] = 1
