my_kernel = np.array([[0, -1, 9], [3, 4, 2], [-8, 1, 1]], "int8")
predicted_flat = float(11 * {{flat}})
predicted_patch = np.int64((my_kernel * np.array({{patch}})).sum())
