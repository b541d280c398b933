# expects: squared before their mean
my_pixels = {{my_pixels}}
p = np.array(my_pixels)
std = abs(p - p.mean()).mean()
predicted_value = ({{value}} - p.mean()) / std
predicted_factor = std / {{slip}}
