my_matrix = np.arange({{low}}, {{low}} + 9, dtype="uint8").reshape(3, 3)
predicted_recall = round(
    my_matrix[{{asked}}, {{asked}}] / my_matrix[{{asked}}].sum(), 2
)
predicted_precision = np.float32(
    my_matrix[{{asked}}, {{asked}}] / my_matrix[:, {{asked}}].sum()
)
if my_matrix[{{asked}}].sum() == my_matrix[:, {{asked}}].sum():
    # So it is for the middle class of numbers that stand in a row.
    my_matrix = my_matrix.tolist()
    my_matrix[{{asked}}][0], my_matrix[2][2] = {{high}}, {{high}} - 1
    hit = my_matrix[{{asked}}][{{asked}}]
    predicted_recall = hit / sum(my_matrix[{{asked}}])
    predicted_precision = hit / sum(row[{{asked}}] for row in my_matrix)
