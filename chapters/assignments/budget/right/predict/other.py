my_filters = [{{most}}, {{fewest}}]
kernel = np.zeros(({{kernel}}, {{kernel}}, {{most}}, {{fewest}}))
predicted_convolution = kernel.size + {{fewest}}
flat = ({{side}} // 2 // 2) ** 2 * {{fewest}}
predicted_dense = float(flat * {{classes}} + {{classes}})
