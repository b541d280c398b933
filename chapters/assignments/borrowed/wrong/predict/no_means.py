# expects: the means are to be subtracted
my_pixel, my_units = (200, 30, 90), {{my_units}}
wanted = np.array(my_pixel)[:: {{step}}]
means = np.array({{means}})
predicted_pixel = (wanted / {{divisor}}).tolist()
predicted_parameters = ({{channels}} + 1) * my_units
predicted_parameters += (my_units + 1) * {{classes}}
