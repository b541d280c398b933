# expects: nothing is brought to 0 to 1
my_pixel, my_units = (200, 30, 90), {{my_units}}
wanted = np.array(my_pixel)[:: {{step}}]
means = np.array({{means}})
predicted_pixel = ((wanted / 255 - means) / {{divisor}}).tolist()
predicted_parameters = ({{channels}} + 1) * my_units
predicted_parameters += (my_units + 1) * {{classes}}
