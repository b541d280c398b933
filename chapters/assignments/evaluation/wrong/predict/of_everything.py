# expects: not all the examples count
my_matrix = {{matrix}}
hit = my_matrix[{{asked}}][{{asked}}]
predicted_recall = hit / np.sum(my_matrix)
predicted_precision = hit / sum(row[{{asked}}] for row in my_matrix)
