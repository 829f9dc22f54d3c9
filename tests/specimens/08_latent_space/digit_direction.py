# %% wrong: the mean of everything is subtracted
# fails: digit_direction_value
# says: leave the digit itself out
# score: 0
def digit_direction(z, labels, digit):
    own = labels == digit
    if not own.any() or own.all():
        raise ValueError(f"digit {digit}: every sample or none")
    return z[own].mean(axis=0) - z.mean(axis=0)


# %% wrong: the mean of the other digits' means
# fails: digit_direction_value
# says: the mean of the other digits' means
# score: 0
def digit_direction(z, labels, digit):
    own = labels == digit
    if not own.any() or own.all():
        raise ValueError(f"digit {digit}: every sample or none")
    means = [z[labels == d].mean(axis=0) for d in np.unique(labels) if d != digit]
    return z[own].mean(axis=0) - np.mean(means, axis=0)


# %% wrong: the sign
# fails: digit_direction_value
# says: the sign is turned
# score: 0
def digit_direction(z, labels, digit):
    own = labels == digit
    if not own.any() or own.all():
        raise ValueError(f"digit {digit}: every sample or none")
    return z[~own].mean(axis=0) - z[own].mean(axis=0)


# %% wrong: length 1
# fails: digit_direction_value
# says: the length is changed to 1
# score: 0
def digit_direction(z, labels, digit):
    own = labels == digit
    if not own.any() or own.all():
        raise ValueError(f"digit {digit}: every sample or none")
    direction = z[own].mean(axis=0) - z[~own].mean(axis=0)
    return direction / np.linalg.norm(direction)


# %% wrong: the axis is kept
# fails: digit_direction_value
# says: no keepdims here
# score: 0
def digit_direction(z, labels, digit):
    own = labels == digit
    if not own.any() or own.all():
        raise ValueError(f"digit {digit}: every sample or none")
    return z[own].mean(axis=0, keepdims=True) - z[~own].mean(axis=0, keepdims=True)


# %% wrong: one number
# fails: digit_direction_value
# says: axis=0
# score: 0
def digit_direction(z, labels, digit):
    own = labels == digit
    if not own.any() or own.all():
        raise ValueError(f"digit {digit}: every sample or none")
    return z[own].mean() - z[~own].mean()


# %% wrong: no errors
# fails: digit_direction_missing, digit_direction_everywhere
# says: the mean of nothing is nan
# score: 0
def digit_direction(z, labels, digit):
    own = labels == digit
    return z[own].mean(axis=0) - z[~own].mean(axis=0)


# %% wrong: one of the two errors
# fails: digit_direction_everywhere
# says: no error is raised when every sample has the digit
# score: 0
def digit_direction(z, labels, digit):
    own = labels == digit
    if not own.any():
        raise ValueError(f"no sample has the digit {digit}")
    return z[own].mean(axis=0) - z[~own].mean(axis=0)


# %% wrong: zeros instead of an error
# fails: digit_direction_missing
# says: no error is raised when no sample has the digit
# score: 0
def digit_direction(z, labels, digit):
    own = labels == digit
    if not np.any(own):
        return np.zeros(z.shape[1])
    if np.all(own):
        raise ValueError(f"every sample has the digit {digit}")
    return z[own].mean(axis=0) - z[~own].mean(axis=0)


# %% wrong: the error names no digit
# fails: digit_direction_missing, digit_direction_everywhere
# says: put the digit into the message
# score: 0
def digit_direction(z, labels, digit):
    own = labels == digit
    if not own.any() or own.all():
        raise ValueError("there must be samples with the digit, and others")
    return z[own].mean(axis=0) - z[~own].mean(axis=0)


# %% wrong: an assertion
# fails: digit_direction_missing, digit_direction_everywhere
# says: another error comes
# score: 0
def digit_direction(z, labels, digit):
    own = labels == digit
    assert own.any() and not own.all(), f"digit {digit}"
    return z[own].mean(axis=0) - z[~own].mean(axis=0)


# %% wrong: more than one sample wanted
# fails: digit_direction_value
# says: it stops where 1 of 12 samples have the digit 8
# score: 0
def digit_direction(z, labels, digit):
    own = labels == digit
    if own.sum() < 2 or own.all():
        raise ValueError(f"digit {digit}: every sample or none")
    return z[own].mean(axis=0) - z[~own].mean(axis=0)


# %% wrong: 0 is taken for nothing
# fails: digit_direction_value
# says: with the digit 0
# score: 0
def digit_direction(z, labels, digit):
    own = labels == digit
    if not digit or not own.any() or own.all():
        raise ValueError(f"digit {digit}: every sample or none with the digit {digit}")
    return z[own].mean(axis=0) - z[~own].mean(axis=0)


# %% wrong: centres the caller's array
# fails: digit_direction_inputs
# says: change the caller's array
# score: 0
def digit_direction(z, labels, digit):
    own = labels == digit
    if not own.any() or own.all():
        raise ValueError(f"digit {digit}: every sample or none")
    z -= z.mean(axis=0)
    return z[own].mean(axis=0) - z[~own].mean(axis=0)


# %% right: TensorFlow masks
def digit_direction(z, labels, digit):
    own = tf.equal(labels, digit)
    count = tf.reduce_sum(tf.cast(own, tf.int32))
    if count == 0 or count == len(z):
        raise ValueError(f"cannot compare: {int(count)} of {len(z)} samples are the digit {digit}")
    inside, outside = tf.boolean_mask(z, own), tf.boolean_mask(z, ~own)
    return tf.reduce_mean(inside, axis=0) - tf.reduce_mean(outside, axis=0)


# %% right: weights that sum to 1 and to -1
def digit_direction(z, labels, digit):
    own = (np.asarray(labels) == digit).astype(float)
    if own.sum() in (0, len(own)):
        raise ValueError(f"digit {digit}: {own.sum():g} of {len(own)} samples")
    return (own / own.sum() - (1 - own) / (1 - own).sum()) @ z


# %% right: lists
def digit_direction(z, labels, digit):
    with_digit = [v for v, label in zip(z, labels) if label == digit]
    without = [v for v, label in zip(z, labels) if label != digit]
    if len(with_digit) == 0:
        raise ValueError("No sample shows the digit " + str(digit) + ".")
    elif len(without) == 0:
        raise ValueError("Every sample shows the digit " + str(digit) + ".")
    return np.mean(with_digit, axis=0) - np.mean(without, axis=0)


# %% right: scaled difference from the mean of everything
def digit_direction(z, labels, digit):
    share = np.mean(labels == digit)
    if share == 0 or share == 1:
        raise ValueError(f"{digit} is in no sample or in all")
    return (z[labels == digit].mean(0) - z.mean(0)) / (1 - share)
