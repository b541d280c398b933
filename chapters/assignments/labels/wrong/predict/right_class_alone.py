# expects: the other classes count as well
my_parts, my_class = {{my_parts}}, 1
p = np.array(my_parts) / {{parts}}
predicted_loss = -np.log(p[1])
predicted_binary = predicted_loss / {{kinds}}
