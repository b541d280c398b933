my_pixels = np.array([{{low}}, {{high}}] + {{my_pixels}})[: {{count}} + 2]
my_pixels = np.unique(my_pixels)[: {{count}}]
p = my_pixels / 1.0
deviations = p - sum(p) / len(p)
std = np.mean(deviations**2) ** 0.5
predicted_value = round(float(({{value}} - np.mean(p)) / std), 2)
predicted_factor = np.float32(std / {{slip}})
