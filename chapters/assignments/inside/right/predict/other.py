my_layers = np.array([({{widest}} - k, 1 + k % 4) for k in range({{depth}})])
field = 1
for kernel, stride in my_layers[::-1]:
    field = (field - 1) * stride + kernel
predicted_field = float(field)
predicted_step = 1
for stride in my_layers[:, 1]:
    predicted_step *= int(stride)
