# expects: this is the score with the square covered
def occlusion(image, kernel):
    rows, columns = image.shape[0] // {{size}}, image.shape[1] // {{size}}
    falls = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            covered = image.copy()
            down, across = i * {{size}}, j * {{size}}
            square = np.s_[down : down + {{size}}, across : across + {{size}}]
            covered[square] = {{cover}}
            falls[i, j] = score(covered, kernel)
    return falls
