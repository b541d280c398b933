# expects: an array of shape (2, 3)
def occlusion(image, kernel):
    rows, columns = image.shape[0] // {{size}}, image.shape[1] // {{size}}
    falls = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            covered = image.copy()
            down, across = i * {{size}}, j * {{size}}
            square = np.s_[down : down + {{size}}, across : across + {{size}}]
            covered[square] = {{cover}}
            falls[i, j] = score(image, kernel) - score(covered, kernel)
    return falls.T
