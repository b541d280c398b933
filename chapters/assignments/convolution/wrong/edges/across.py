# expects: must give a large positive number
towards = {"left": [[1, 0, -1]] * 3, "right": [[-1, 0, 1]] * 3}
towards |= {
    "top": np.transpose(towards["left"]),
    "bottom": np.transpose(towards["right"]),
}
edge_kernel = np.transpose(towards["{{bright_side}}"]).astype(float)
