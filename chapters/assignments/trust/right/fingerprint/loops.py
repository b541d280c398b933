def fingerprint(picture):
    tall, wide = picture.shape[0] // {{rows}}, picture.shape[1] // {{columns}}
    cells = np.zeros(({{rows}}, {{columns}}))
    for i in range({{rows}}):
        for j in range({{columns}}):
            down, across = i * tall, j * wide
            cell = picture[down : down + tall, across : across + wide]
            cells[i, j] = sum(map(int, cell.flat))
    return {{neighbour}}
