# expects: this is the precision
my_matrix = {{matrix}}
hit = my_matrix[{{asked}}][{{asked}}]
predicted_recall = hit / sum(row[{{asked}}] for row in my_matrix)
predicted_precision = hit / sum(my_matrix[{{asked}}])
