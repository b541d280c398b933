# expects: the squares stay covered
def occlusion(image, kernel):
    rows, columns = image.shape[0] // {{size}}, image.shape[1] // {{size}}
    falls = np.zeros((rows, columns))
    whole = score(image, kernel)
    cover = {{cover}}
    for i in range(rows):
        for j in range(columns):
            covered = image
            down, across = i * {{size}}, j * {{size}}
            square = np.s_[down : down + {{size}}, across : across + {{size}}]
            covered[square] = cover
            falls[i, j] = whole - score(covered, kernel)
    return falls
