my_parts = np.arange({{kinds}}, 0, -1)
my_parts[0] += {{parts}} - my_parts.sum()
my_class = {{last_kind}}
p = my_parts / {{parts}}
predicted_loss = round(float(np.log(1 / p[-1])), 2)
no = np.prod(1 - p[:-1])
predicted_binary = np.float32((predicted_loss - np.log(no)) / {{kinds}})
