# %% wrong: zeros give nan
# fails: jensen_shannon_divergence_zeros
# says: 0 * log(0) is nan
# score: 1
def jensen_shannon_divergence(p, q):
    m = (p + q) / 2
    return 0.5 * np.sum(p * np.log(p / m)) + 0.5 * np.sum(q * np.log(q / m))


# %% wrong: leaves out entries where either is zero
# fails: jensen_shannon_divergence_zeros
# says: where only p is 0, q still counts
# score: 1
def jensen_shannon_divergence(p, q):
    both = (p > 0) & (q > 0)
    p, q = p[both], q[both]
    m = (p + q) / 2
    return 0.5 * np.sum(p * np.log(p / m)) + 0.5 * np.sum(q * np.log(q / m))


# %% wrong: nan turned into 0 after the sums
# fails: jensen_shannon_divergence_zeros
# says: leave it out of one sum only
# score: 1
def jensen_shannon_divergence(p, q):
    m = (p + q) / 2
    return np.nan_to_num(0.5 * np.sum(p * np.log(p / m)) + 0.5 * np.sum(q * np.log(q / m)))


# %% wrong: a large constant against zeros
# fails: jensen_shannon_divergence_value, jensen_shannon_divergence_zeros
# says: is wrong
# score: 0
def jensen_shannon_divergence(p, q):
    p, q = p + 1e-2, q + 1e-2
    m = (p + q) / 2
    return 0.5 * np.sum(p * np.log(p / m)) + 0.5 * np.sum(q * np.log(q / m))


# %% wrong: the KL divergence of p from q
# fails: jensen_shannon_divergence_value, jensen_shannon_divergence_zeros
# says: this is the KL divergence of p from q
# score: 0
def jensen_shannon_divergence(p, q):
    seen = p > 0
    return np.sum(p[seen] * np.log(p[seen] / q[seen]))


# %% wrong: the KL divergences between p and q
# fails: jensen_shannon_divergence_value, jensen_shannon_divergence_zeros
# says: the mean of the KL divergences between p and q
# score: 0
def jensen_shannon_divergence(p, q):
    def kl(a, b):
        seen = a > 0
        return np.sum(a[seen] * np.log(a[seen] / b[seen]))

    return (kl(p, q) + kl(q, p)) / 2


# %% wrong: one side only
# fails: jensen_shannon_divergence_value, jensen_shannon_divergence_zeros
# says: only p is compared
# score: 0
def jensen_shannon_divergence(p, q):
    m = (p + q) / 2
    seen = p > 0
    return np.sum(p[seen] * np.log(p[seen] / m[seen]))


# %% wrong: no half
# fails: jensen_shannon_divergence_value, jensen_shannon_divergence_zeros
# says: the half is missing
# score: 0
def jensen_shannon_divergence(p, q):
    m = (p + q) / 2

    def kl(a):
        seen = a > 0
        return np.sum(a[seen] * np.log(a[seen] / m[seen]))

    return kl(p) + kl(q)


# %% wrong: the middle without its half
# fails: jensen_shannon_divergence_value, jensen_shannon_divergence_zeros
# says: the middle is (p + q) / 2
# score: 0
def jensen_shannon_divergence(p, q):
    m = p + q

    def kl(a):
        seen = a > 0
        return np.sum(a[seen] * np.log(a[seen] / m[seen]))

    return (kl(p) + kl(q)) / 2


# %% wrong: log2
# fails: jensen_shannon_divergence_value, jensen_shannon_divergence_zeros
# says: log2 is used
# score: 0
def jensen_shannon_divergence(p, q):
    m = (p + q) / 2

    def kl(a):
        seen = a > 0
        return np.sum(a[seen] * np.log2(a[seen] / m[seen]))

    return (kl(p) + kl(q)) / 2


# %% wrong: scipy's distance, which is the root
# fails: jensen_shannon_divergence_value, jensen_shannon_divergence_zeros
# says: the square root
# score: 0
def jensen_shannon_divergence(p, q):
    from scipy.spatial.distance import jensenshannon

    return jensenshannon(p, q)


# %% wrong: the mean over the entries
# fails: jensen_shannon_divergence_value, jensen_shannon_divergence_zeros
# says: the divergence is a sum
# score: 0
def jensen_shannon_divergence(p, q):
    m = (p + q) / 2
    parts = np.where(p > 0, p * np.log(p / m), 0) + np.where(q > 0, q * np.log(q / m), 0)
    return np.mean(parts) / 2


# %% wrong: one number per entry
# fails: jensen_shannon_divergence_value, jensen_shannon_divergence_zeros
# says: take the mean or sum over all entries
# score: 0
def jensen_shannon_divergence(p, q):
    m = (p + q) / 2
    return (np.where(p > 0, p * np.log(p / m), 0) + np.where(q > 0, q * np.log(q / m), 0)) / 2


# %% wrong: the value of the game
# fails: jensen_shannon_divergence_value, jensen_shannon_divergence_zeros
# says: this is V(D*, G)
# score: 0
def jensen_shannon_divergence(p, q):
    total = p + q
    real = np.sum(p[p > 0] * np.log(p[p > 0] / total[p > 0]))
    return real + np.sum(q[q > 0] * np.log(q[q > 0] / total[q > 0]))


# %% wrong: the fraction upside down
# fails: jensen_shannon_divergence_value, jensen_shannon_divergence_zeros
# says: the sign is turned
# score: 0
def jensen_shannon_divergence(p, q):
    m = (p + q) / 2

    def kl(a):
        seen = a > 0
        return np.sum(a[seen] * np.log(m[seen] / a[seen]))

    return (kl(p) + kl(q)) / 2


# %% wrong: the total variation
# fails: jensen_shannon_divergence_value, jensen_shannon_divergence_zeros
# says: compare with the formula
# score: 0
def jensen_shannon_divergence(p, q):
    return np.abs(p - q).sum() / 2


# %% wrong: nothing returned
# fails: jensen_shannon_divergence_value, jensen_shannon_divergence_zeros
# says: is there a `return`
# score: 0
def jensen_shannon_divergence(p, q):
    m = (p + q) / 2
    result = 0.5 * np.sum(p * np.log(p / m)) + 0.5 * np.sum(q * np.log(q / m))


# %% right: nansum
def jensen_shannon_divergence(p, q):
    m = (p + q) / 2
    return 0.5 * np.nansum(p * np.log(p / m)) + 0.5 * np.nansum(q * np.log(q / m))


# %% right: where
def jensen_shannon_divergence(p, q):
    m = (p + q) / 2
    left = np.where(p > 0, p * np.log(p / m), 0).sum()
    right = np.where(q > 0, q * np.log(q / m), 0).sum()
    return float((left + right) / 2)


# %% right: entropies
def jensen_shannon_divergence(p, q):
    def entropy(a):
        a = a[a > 0]
        return -np.sum(a * np.log(a))

    return entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2


# %% right: scipy's distance, squared
def jensen_shannon_divergence(p, q):
    from scipy.spatial.distance import jensenshannon

    return jensenshannon(p, q) ** 2


# %% right: scipy's relative entropy
def jensen_shannon_divergence(p, q):
    from scipy.special import rel_entr

    m = 0.5 * (p + q)
    return (rel_entr(p, m) + rel_entr(q, m)).sum() / 2


# %% right: a loop
import math


def jensen_shannon_divergence(p, q):
    total = 0.0
    for a, b in zip(p, q):
        m = (a + b) / 2
        if a > 0:
            total += a * math.log(a / m) / 2
        if b > 0:
            total += b * math.log(b / m) / 2
    return total


# %% right: TensorFlow's multiply that keeps zero
def jensen_shannon_divergence(p, q):
    p, q = tf.constant(p), tf.constant(q)
    m = (p + q) / 2
    kl = lambda a: tf.reduce_sum(tf.math.xlogy(a, a) - tf.math.xlogy(a, m))
    return (kl(p) + kl(q)) / 2


# %% right: a tiny constant in the logarithms alone
def jensen_shannon_divergence(p, q):
    m = (p + q) / 2
    log = lambda a: np.log(a + 1e-15)
    return np.sum(p * (log(p) - log(m)) + q * (log(q) - log(m))) / 2
