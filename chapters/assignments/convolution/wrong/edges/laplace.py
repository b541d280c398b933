# expects: the other way round must give a negative number
edge_kernel = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], float)
