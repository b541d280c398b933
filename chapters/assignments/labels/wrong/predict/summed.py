# expects: this is the sum
my_parts, my_class = {{my_parts}}, 1
p = np.array(my_parts) / {{parts}}
predicted_loss = -np.log(p[1])
predicted_binary = predicted_loss - np.log(np.delete(1 - p, 1)).sum()
