# expects: were found: the recall is
my_matrix = {{matrix}}
row = my_matrix[{{asked}}]
hit = row[{{asked}}]
predicted_recall = min(1, hit / (sum(row) - hit))
predicted_precision = hit / sum(row[{{asked}}] for row in my_matrix)
