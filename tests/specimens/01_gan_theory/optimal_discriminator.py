# %% wrong: no rule for zero
# fails: optimal_discriminator_nowhere
# says: 0 / 0 gives nan
# score: 1
def optimal_discriminator(p_data, p_model):
    return p_data / (p_data + p_model)


# %% wrong: a constant in the sum
# fails: optimal_discriminator_small, optimal_discriminator_nowhere
# says: a small number added to the sum
# score: 1
def optimal_discriminator(p_data, p_model):
    return p_data / (p_data + p_model + 1e-8)


# %% wrong: a tiny constant in the sum
# fails: optimal_discriminator_small, optimal_discriminator_nowhere
# says: a small number added to the sum
# score: 1
def optimal_discriminator(p_data, p_model):
    return p_data / (p_data + p_model + 1e-12)


# %% wrong: constants that give one half at zero
# fails: optimal_discriminator_small
# says: a small number added to the sum
# score: 1
def optimal_discriminator(p_data, p_model):
    return (p_data + 1e-12) / (p_data + p_model + 2e-12)


# %% wrong: zero where both are zero
# fails: optimal_discriminator_nowhere
# says: the answer is 0.5 by agreement
# score: 1
def optimal_discriminator(p_data, p_model):
    total = p_data + p_model
    return np.divide(p_data, total, out=np.zeros_like(total), where=total > 0)


# %% wrong: nan turned into zero
# fails: optimal_discriminator_nowhere
# says: the answer is 0.5 by agreement
# score: 1
def optimal_discriminator(p_data, p_model):
    return np.nan_to_num(p_data / (p_data + p_model))


# %% wrong: one half for all points as soon as one is zero
# fails: optimal_discriminator_nowhere
# says: decide for every point by itself
# score: 1
def optimal_discriminator(p_data, p_model):
    if np.any(p_data + p_model == 0):
        return 0.5
    return p_data / (p_data + p_model)


# %% wrong: one half only when every point is zero
# fails: optimal_discriminator_nowhere
# says: 0 / 0 gives nan
# score: 1
def optimal_discriminator(p_data, p_model):
    total = p_data + p_model
    return p_data / total if total.any() else np.full(total.shape, 0.5)


# %% wrong: one half wherever either is zero
# fails: optimal_discriminator_value
# says: compare with the formula
# score: 1
def optimal_discriminator(p_data, p_model):
    return np.where((p_data == 0) | (p_model == 0), 0.5, p_data / (p_data + p_model))


# %% wrong: small densities taken for zero
# fails: optimal_discriminator_small
# says: small densities are taken for 0
# score: 1
def optimal_discriminator(p_data, p_model):
    total = p_data + p_model
    return np.where(total < 1e-10, 0.5, p_data / total)


# %% wrong: exchanged
# fails: optimal_discriminator_value, optimal_discriminator_small
# says: p_data belongs on top
# score: 0
def optimal_discriminator(p_data, p_model):
    total = p_data + p_model
    return np.where(total > 0, p_model / total, 0.5)


# %% wrong: the ratio
# fails: optimal_discriminator_value, optimal_discriminator_small, optimal_discriminator_nowhere
# says: this is the ratio
# score: 0
def optimal_discriminator(p_data, p_model):
    return p_data / p_model


# %% wrong: the sum over all points
# fails: optimal_discriminator_value, optimal_discriminator_small, optimal_discriminator_nowhere
# says: the sum runs over all points
# score: 0
def optimal_discriminator(p_data, p_model):
    return p_data / np.sum(p_data + p_model)


# %% wrong: divided by the middle
# fails: optimal_discriminator_value, optimal_discriminator_small
# says: the middle of both is used
# score: 0
def optimal_discriminator(p_data, p_model):
    middle = (p_data + p_model) / 2
    return np.where(middle > 0, p_data / middle, 0.5)


# %% wrong: yes or no
# fails: optimal_discriminator_value, optimal_discriminator_small, optimal_discriminator_nowhere
# says: D* is a probability
# score: 0
def optimal_discriminator(p_data, p_model):
    return (p_data > p_model).astype(float)


# %% wrong: a sigmoid of the difference
# fails: optimal_discriminator_value, optimal_discriminator_small
# says: a sigmoid of the difference
# score: 0
def optimal_discriminator(p_data, p_model):
    return 1 / (1 + np.exp(-(p_data - p_model)))


# %% wrong: one minus the other share, which loses digits
# fails: optimal_discriminator_small
# says: loses digits
# score: 1
def optimal_discriminator(p_data, p_model):
    total = p_data + p_model
    return np.where(total > 0, 1 - p_model / total, 0.5)


# %% wrong: rounded
# fails: optimal_discriminator_value, optimal_discriminator_small
# says: is wrong
# score: 0
def optimal_discriminator(p_data, p_model):
    total = p_data + p_model
    return np.where(total > 0, np.round(p_data / total, 3), 0.5)


# %% wrong: half precision
# fails: optimal_discriminator_value, optimal_discriminator_small
# says: is wrong
# score: 0
def optimal_discriminator(p_data, p_model):
    p, q = np.float16(p_data), np.float16(p_model)
    return np.where(p + q > 0, p / (p + q), 0.5)


# %% wrong: a condition for single numbers
# fails: optimal_discriminator_value, optimal_discriminator_small, optimal_discriminator_nowhere
# says: truth value
# score: 0
def optimal_discriminator(p_data, p_model):
    if p_data + p_model == 0:
        return 0.5
    return p_data / (p_data + p_model)


# %% wrong: a whole number array takes the result
# fails: optimal_discriminator_value, optimal_discriminator_small, optimal_discriminator_nowhere
# says: is wrong
# score: 0
def optimal_discriminator(p_data, p_model):
    best = np.zeros(p_data.shape, int)
    for i in range(len(p_data)):
        total = p_data[i] + p_model[i]
        best[i] = p_data[i] / total if total else 0.5
    return best


# %% wrong: no return
# fails: optimal_discriminator_value, optimal_discriminator_small, optimal_discriminator_nowhere
# says: is there a `return`
# score: 0
def optimal_discriminator(p_data, p_model):
    best = p_data / (p_data + p_model)


# %% right: where, with a warning
def optimal_discriminator(p_data, p_model):
    total = p_data + p_model
    return np.where(total == 0, 0.5, p_data / total)


# %% right: nan replaced
def optimal_discriminator(p_data, p_model):
    return np.nan_to_num(p_data / (p_data + p_model), nan=0.5)


# %% right: divide with out and where
def optimal_discriminator(p_data, p_model):
    total = np.add(p_data, p_model)
    return np.divide(p_data, total, out=np.full_like(total, 0.5), where=total != 0)


# %% right: a mask
def optimal_discriminator(p_data, p_model):
    best = 0.5 * np.ones_like(p_data)
    seen = (p_data + p_model) > 0
    best[seen] = p_data[seen] / (p_data[seen] + p_model[seen])
    return best


# %% right: a list by a loop
def optimal_discriminator(p_data, p_model):
    return [a / (a + b) if a + b > 0 else 0.5 for a, b in zip(p_data, p_model)]


# %% right: np.vectorize
optimal_discriminator = np.vectorize(lambda a, b: a / (a + b) if a + b else 0.5)


# %% right: TensorFlow
def optimal_discriminator(p_data, p_model):
    total = p_data + p_model
    half = tf.fill(total.shape, tf.constant(0.5, tf.float64))
    return tf.where(total > 0, tf.math.divide_no_nan(p_data, total), half)


# %% right: sigmoid of the logit
def optimal_discriminator(p_data, p_model):
    with np.errstate(all="ignore"):
        logit = np.log(p_data) - np.log(p_model)
        best = 1 / (1 + np.exp(-logit))
    return np.where(np.isnan(best), 0.5, best)


# %% right: float32, which is exact enough
def optimal_discriminator(p_data, p_model):
    p, q = np.float32(p_data), np.float32(p_model)
    return np.where(p + q > 0, p / (p + q), np.float32(0.5))


# %% right: constants far below all densities
def optimal_discriminator(p_data, p_model):
    return (p_data + 1e-300) / (p_data + p_model + 2e-300)
