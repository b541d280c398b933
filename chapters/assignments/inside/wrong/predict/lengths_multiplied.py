# expects: lengths are neither summed nor multiplied
my_layers = {{my_layers}}
kernels, strides = np.array(my_layers).T
steps = np.cumprod([1, *strides])
predicted_field = kernels.prod()
predicted_step = strides.prod()
