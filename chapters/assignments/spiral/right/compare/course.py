from course_utils.evaluation import paired_test


def compare(y, y_hat_a, y_hat_b):
    kept = y != {{left_out}}
    found = paired_test(y[kept], y_hat_a[kept], y_hat_b[kept])
    return [found.only_a, found.only_b, found.p]
