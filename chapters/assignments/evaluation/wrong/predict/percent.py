# expects: is a share, from 0 to 1
my_matrix = {{matrix}}
hit = my_matrix[{{asked}}][{{asked}}]
predicted_recall = 100 * hit / sum(my_matrix[{{asked}}])
predicted_precision = 100 * hit / sum(row[{{asked}}] for row in my_matrix)
