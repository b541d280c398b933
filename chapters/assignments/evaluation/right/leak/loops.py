def leaks(training, new):
    found = set()
    for number, picture in enumerate(new.astype("int16")):
        for old in training.astype("int16"):
            for one in (picture, {{turn_one}}):
                if (abs(one - old) <= {{noise}}).all():
                    found.add(number)
    return np.array(sorted(found), dtype=int)
