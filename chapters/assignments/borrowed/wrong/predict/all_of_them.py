# expects: frozen layers have parameters
my_pixel, my_units = (200, 30, 90), {{my_units}}
wanted = np.array(my_pixel)[:: {{step}}]
means = np.array({{means}})
predicted_pixel = ((wanted - means) / {{divisor}}).tolist()
predicted_parameters = (
    722_496 + ({{channels}} + 1) * my_units + (my_units + 1) * {{classes}}
)
