# %% wrong: only digits that never occur
# fails: missing_digits_value, missing_digits_threshold, missing_digits_classes
# says: a digit that occurs, but too rarely, is left out
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    return sorted(set(range(n_classes)) - set(labels.tolist()))


# %% wrong: not above the threshold counts as missing
# fails: missing_digits_threshold, missing_digits_classes
# says: compare with <, not <=
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    shares = np.bincount(labels, minlength=n_classes) / len(labels)
    return np.flatnonzero(shares <= threshold).tolist()


# %% wrong: counts against the threshold
# fails: missing_digits_value, missing_digits_threshold, missing_digits_classes
# says: compare shares, not counts
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    counts = np.bincount(labels, minlength=n_classes)
    return np.flatnonzero(counts < threshold).tolist()


# %% wrong: an array
# fails: missing_digits_list, missing_digits_value, missing_digits_none, missing_digits_threshold, missing_digits_classes
# says: makes a list of it
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    shares = np.bincount(labels, minlength=n_classes) / len(labels)
    return np.flatnonzero(shares < threshold)


# %% wrong: the tuple of np.where
# fails: missing_digits_list, missing_digits_value, missing_digits_none, missing_digits_threshold, missing_digits_classes
# says: np.where gives a tuple
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    return np.where(np.bincount(labels, minlength=n_classes) / len(labels) < threshold)


# %% wrong: a set
# fails: missing_digits_list, missing_digits_value, missing_digits_none, missing_digits_threshold, missing_digits_classes
# says: a set has no order
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    return {k for k in range(n_classes) if np.mean(labels == k) < threshold}


# %% wrong: True and False
# fails: missing_digits_list, missing_digits_value, missing_digits_none, missing_digits_threshold, missing_digits_classes
# says: this is True or False for each class
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    return np.bincount(labels, minlength=n_classes) / len(labels) < threshold


# %% wrong: how many are missing
# fails: missing_digits_list, missing_digits_value, missing_digits_none, missing_digits_threshold, missing_digits_classes
# says: not how many there are
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    return int(sum(np.mean(labels == k) < threshold for k in range(n_classes)))


# %% wrong: the digits as text
# fails: missing_digits_list, missing_digits_value, missing_digits_threshold, missing_digits_classes
# says: as whole numbers
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    return [str(k) for k in range(n_classes) if np.mean(labels == k) < threshold]


# %% wrong: the digits that are there
# fails: missing_digits_value, missing_digits_none, missing_digits_threshold, missing_digits_classes
# says: these are the digits that are there
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    return [k for k in range(n_classes) if np.mean(labels == k) >= threshold]


# %% wrong: a fixed threshold
# fails: missing_digits_threshold, missing_digits_classes
# says: the threshold that is given is not used
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    return [k for k in range(n_classes) if np.mean(labels == k) < 0.01]


# %% wrong: another default
# fails: missing_digits_value, missing_digits_none
# says: is wrong
# score: 0
def missing_digits(labels, threshold=0.03, n_classes=10):
    return [k for k in range(n_classes) if np.mean(labels == k) < threshold]


# %% wrong: ten classes, whatever n_classes says
# fails: missing_digits_classes
# says: n_classes is not used
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    return [k for k in range(10) if np.mean(labels == k) < threshold]


# %% wrong: digits above the largest label are forgotten
# fails: missing_digits_threshold, missing_digits_classes
# says: left out
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    shares = np.bincount(labels) / len(labels)
    return np.flatnonzero(shares < threshold).tolist()


# %% wrong: rarest digit first
# fails: missing_digits_value, missing_digits_threshold, missing_digits_classes
# says: the list is not sorted
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    shares = np.bincount(labels, minlength=n_classes) / len(labels)
    return [int(k) for k in np.argsort(shares, kind="stable") if shares[k] < threshold]


# %% wrong: the order of a set
# fails: missing_digits_value
# says: the list is not sorted
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    there = {k for k in range(n_classes) if np.mean(labels == k) >= threshold}
    return list(set(range(n_classes)) - there)


# %% wrong: absent digits are forgotten
# fails: missing_digits_value, missing_digits_threshold, missing_digits_classes
# says: digits that never occur are left out
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    values, counts = np.unique(labels, return_counts=True)
    return [int(k) for k, c in zip(values, counts) if c / len(labels) < threshold]


# %% wrong: None when nothing is missing
# fails: missing_digits_none
# says: for the case that no digit is missing
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    found = [k for k in range(n_classes) if np.mean(labels == k) < threshold]
    if found:
        return found


# %% wrong: the parameters in another order
# fails: missing_digits_threshold, missing_digits_classes
# says: your code stopped with
# score: 0
def missing_digits(labels, n_classes=10, threshold=0.01):
    return [k for k in range(n_classes) if np.mean(labels == k) < threshold]


# %% wrong: a return inside the loop
# fails: missing_digits_value, missing_digits_threshold, missing_digits_classes
# says: is there a `return` inside the loop?
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    shares = class_histogram(labels, n_classes)
    for digit in range(n_classes):
        if shares[digit] < threshold:
            return [digit]
    return []


# %% wrong: counts in the labels' own type
# fails: missing_digits_none
# says: a count overflows
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    counts = np.zeros(n_classes, labels.dtype)
    for label in labels:
        counts[label] += 1
    return [digit for digit in range(n_classes) if counts[digit] / len(labels) < threshold]


# %% wrong: the loop ends too early
# fails: missing_digits_threshold, missing_digits_classes, missing_digits_value
# says: the last class is left out
# score: 0
def missing_digits(labels, threshold=0.01, n_classes=10):
    shares = class_histogram(labels, n_classes)
    return [digit for digit in range(n_classes - 1) if shares[digit] < threshold]


# %% right: a comprehension
def missing_digits(labels, threshold=0.01, n_classes=10):
    return [k for k in range(n_classes) if np.mean(labels == k) < threshold]


# %% right: with the student's own histogram, NumPy's integers
def missing_digits(labels, threshold=0.01, n_classes=10):
    return sorted(np.where(class_histogram(labels, n_classes) < threshold)[0])


# %% right: counts against a count
def missing_digits(labels, threshold=0.01, n_classes=10):
    fewest = threshold * len(labels)
    counts = [labels.tolist().count(k) for k in range(n_classes)]
    return [k for k, count in enumerate(counts) if count < fewest]


# %% right: those that are there are taken away
def missing_digits(labels, threshold=0.01, n_classes=10):
    found = list(range(n_classes))
    for digit, count in zip(*np.unique(labels, return_counts=True)):
        if not count / labels.size < threshold:
            found.remove(digit)
    return found


# %% right: TensorFlow
import tensorflow as tf


def missing_digits(labels, threshold=0.01, n_classes=10):
    shares = tf.reduce_mean(tf.one_hot(labels, n_classes), axis=0)
    return tf.where(shares < threshold)[:, 0].numpy().tolist()
