# expects: do not count
from course_utils.evaluation import paired_test


def compare(y, y_hat_a, y_hat_b):
    found = paired_test(y, y_hat_a, y_hat_b)
    return found.only_a, found.only_b, found.p
