# expects: numbers for each of 3 pictures
def parts(maps):
    return {{how_of}}(maps, axis=(1, 2))


def says(photos):
    return np.arange(len(photos)) % 2
