# expects: must have the shape (3, 3)
edge_kernel = np.array([1, 0, -1])
