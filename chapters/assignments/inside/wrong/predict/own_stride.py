# expects: own stride does not widen its field
my_layers = {{my_layers}}
kernels, strides = np.array(my_layers).T
steps = np.cumprod([1, *strides])
predicted_field = 1 + np.sum((kernels - 1) * steps[1:])
predicted_step = strides.prod()
