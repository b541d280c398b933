# expects: this is the accuracy
my_matrix = {{matrix}}
hit = my_matrix[{{asked}}][{{asked}}]
predicted_recall = hit / sum(my_matrix[{{asked}}])
predicted_precision = np.trace(my_matrix) / np.sum(my_matrix)
