sobel = np.outer([1, 2, 1], [1, 0, -1]).astype("float32")
turns = {"left": sobel, "right": -sobel, "top": sobel.T, "bottom": -sobel.T}
edge_kernel = turns["{{bright_side}}"].tolist()
