# %% wrong: counts, not shares
# fails: class_histogram_value, class_histogram_classes, class_histogram_types
# says: these are counts: divide them
# score: 0
def class_histogram(labels, n_classes=10):
    return np.bincount(labels, minlength=n_classes).astype(float)


# %% wrong: bincount stops at the largest label
# fails: class_histogram_value, class_histogram_classes
# says: the classes after the largest label are left out
# score: 0
def class_histogram(labels, n_classes=10):
    return np.bincount(labels) / len(labels)


# %% wrong: np.unique leaves out absent classes
# fails: class_histogram_value, class_histogram_classes
# says: absent classes are left out
# score: 0
def class_histogram(labels, n_classes=10):
    values, counts = np.unique(labels, return_counts=True)
    return counts / counts.sum()


# %% wrong: ten classes, whatever n_classes says
# fails: class_histogram_classes
# says: n_classes is not used
# score: 0
def class_histogram(labels, n_classes=10):
    return np.array([np.mean(labels == digit) for digit in range(10)])


# %% wrong: bins from the smallest to the largest label
# fails: class_histogram_value, class_histogram_classes
# says: give it range=(0, n_classes)
# score: 0
def class_histogram(labels, n_classes=10):
    return np.histogram(labels, bins=n_classes)[0] / len(labels)


# %% wrong: density of bins from the smallest to the largest label
# fails: class_histogram_value, class_histogram_classes, class_histogram_types
# says: give it range=(0, n_classes)
# score: 0
def class_histogram(labels, n_classes=10):
    return np.histogram(labels, bins=n_classes, density=True)[0]


# %% wrong: divides by the number of classes
# fails: class_histogram_value, class_histogram_classes, class_histogram_types
# says: divide by the number of labels, not by n_classes
# score: 0
def class_histogram(labels, n_classes=10):
    return np.bincount(labels, minlength=n_classes) / n_classes


# %% wrong: divides by the largest count
# fails: class_histogram_value, class_histogram_classes, class_histogram_types
# says: not by the largest count
# score: 0
def class_histogram(labels, n_classes=10):
    counts = np.bincount(labels, minlength=n_classes)
    return counts / counts.max()


# %% wrong: counts in the labels' own type
# fails: class_histogram_types
# says: a count overflows
# score: 0
def class_histogram(labels, n_classes=10):
    counts = np.zeros(n_classes, labels.dtype)
    for label in labels:
        counts[label] += 1
    return counts / len(labels)


# %% wrong: a function of TensorFlow that does not take uint8
# fails: class_histogram_classes, class_histogram_types
# says: it stops with 1200 labels of the type uint8
# score: 0
def class_histogram(labels, n_classes=10):
    import tensorflow as tf

    return tf.math.bincount(labels, minlength=n_classes) / len(labels)


# %% wrong: rounded to two digits
# fails: class_histogram_value, class_histogram_classes, class_histogram_types
# says: the shares are rounded
# score: 0
def class_histogram(labels, n_classes=10):
    return np.round(np.bincount(labels, minlength=n_classes) / len(labels), 2)


# %% wrong: percentages
# fails: class_histogram_value, class_histogram_classes, class_histogram_types
# says: these are percentages
# score: 0
def class_histogram(labels, n_classes=10):
    return 100 * np.bincount(labels, minlength=n_classes) / len(labels)


# %% wrong: one row for each label
# fails: class_histogram_value, class_histogram_classes, class_histogram_types
# says: take the mean over the labels
# score: 0
def class_histogram(labels, n_classes=10):
    return np.eye(n_classes)[labels]


# %% wrong: a dict
# fails: class_histogram_value, class_histogram_classes, class_histogram_types
# says: is not made of numbers
# score: 0
def class_histogram(labels, n_classes=10):
    return {digit: np.mean(labels == digit) for digit in range(n_classes)}


# %% wrong: sorts the caller's labels
# fails: class_histogram_unchanged
# says: the call changes labels
# score: 0
def class_histogram(labels, n_classes=10):
    labels.sort()
    edges = np.searchsorted(labels, np.arange(n_classes + 1))
    return np.diff(edges) / len(labels)


# %% wrong: nothing is returned
# fails: class_histogram_value, class_histogram_classes, class_histogram_types
# says: is there a `return`
# score: 0
def class_histogram(labels, n_classes=10):
    np.bincount(labels, minlength=n_classes) / len(labels)


# %% wrong: counts in 16 bits
# fails: class_histogram_types
# says: a count overflows
# score: 0
def class_histogram(labels, n_classes=10):
    counts = np.zeros(n_classes, np.int16)
    np.add.at(counts, labels, 1)
    return counts / len(labels)


# %% wrong: the classes from 1 on
# fails: class_histogram_value, class_histogram_classes, class_histogram_types
# says: the classes begin at 0
# score: 0
def class_histogram(labels, n_classes=10):
    return np.array([np.mean(labels == digit) for digit in range(1, n_classes + 1)])


# %% right: compare with each class
def class_histogram(labels, n_classes=10):
    return np.array([(labels == digit).mean() for digit in range(n_classes)])


# %% right: np.histogram with a range
def class_histogram(labels, n_classes=10):
    return np.histogram(labels, bins=n_classes, range=(0, n_classes), density=True)[0]


# %% right: one-hot rows, a float32 tensor
import tensorflow as tf


def class_histogram(labels, n_classes=10):
    return tf.reduce_mean(tf.one_hot(labels, n_classes), axis=0)


# %% right: a list, counted by a Counter
from collections import Counter


def class_histogram(labels, n_classes=10, total=None):
    counts = Counter(labels.tolist())
    return [counts[digit] / (total or len(labels)) for digit in range(n_classes)]


# %% right: np.unique put into place
def class_histogram(labels, n_classes=10):
    shares = np.zeros(n_classes, dtype=np.float32)
    values, counts = np.unique(labels, return_counts=True)
    shares[values] = counts / counts.sum()
    return shares


# %% right: a loop
def class_histogram(labels, n_classes=10):
    shares = [0.0] * n_classes
    for label in labels:
        shares[int(label)] += 1
    return np.array(shares) / labels.size
