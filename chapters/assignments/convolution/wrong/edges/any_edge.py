# expects: runs across
edge_kernel = np.array([[2, 1, 0], [1, 0, -1], [0, -1, -2]], float)
if "{{bright_side}}" in ("right", "bottom"):
    edge_kernel = -edge_kernel
