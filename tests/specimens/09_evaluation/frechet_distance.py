# %% wrong: the distance of the means is not squared
# fails: frechet_distance_means, frechet_distance_value, frechet_distance_dimensions, frechet_distance_singular
# says: or the distance of the means is not squared
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    values = np.linalg.eigvals(cov1 @ cov2).real
    root = np.sqrt(np.maximum(values, 0)).sum()
    distance = np.linalg.norm(mean1 - mean2) + np.trace(cov1) + np.trace(cov2) - 2 * root
    return max(0.0, distance)


# %% wrong: a square root at the end
# fails: frechet_distance_means, frechet_distance_value, frechet_distance_dimensions, frechet_distance_singular, frechet_distance_small
# says: a root is taken at the end
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    values = np.linalg.eigvals(cov1 @ cov2).real
    root = np.sqrt(np.maximum(values, 0)).sum()
    distance = np.sum((mean1 - mean2) ** 2) + np.trace(cov1) + np.trace(cov2) - 2 * root
    return np.sqrt(max(0.0, distance))


# %% wrong: the mean of the squares
# fails: frechet_distance_means, frechet_distance_value, frechet_distance_dimensions, frechet_distance_singular
# says: take the sum of the squares, not their mean
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    values = np.linalg.eigvals(cov1 @ cov2).real
    root = np.sqrt(np.maximum(values, 0)).sum()
    distance = np.mean((mean1 - mean2) ** 2) + np.trace(cov1) + np.trace(cov2) - 2 * root
    return max(0.0, distance)


# %% wrong: no factor 2
# fails: frechet_distance_means, frechet_distance_value, frechet_distance_dimensions, frechet_distance_equal, frechet_distance_singular, frechet_distance_small
# says: the factor 2 before the root is missing
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    values = np.linalg.eigvals(cov1 @ cov2).real
    root = np.sqrt(np.maximum(values, 0)).sum()
    return np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2) - root


# %% wrong: the means are left out
# fails: frechet_distance_means, frechet_distance_value, frechet_distance_dimensions, frechet_distance_singular
# says: the distance of the means is left out
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    values = np.linalg.eigvals(cov1 @ cov2).real
    return max(0.0, np.trace(cov1 + cov2) - 2 * np.sqrt(np.maximum(values, 0)).sum())


# %% wrong: the root entry by entry
# fails: frechet_distance_value, frechet_distance_dimensions, frechet_distance_equal, frechet_distance_singular, frechet_distance_not_negative, frechet_distance_small
# says: np.sqrt takes the root of each entry
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    root = np.sqrt(cov1 @ cov2)
    return np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2 - 2 * root)


# %% wrong: the product entry by entry
# fails: frechet_distance_value, frechet_distance_dimensions, frechet_distance_symmetric, frechet_distance_equal, frechet_distance_singular, frechet_distance_small
# says: `@` multiplies matrices
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    values, vectors = np.linalg.eigh(cov1)
    root1 = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    values = np.linalg.eigvalsh(root1 * cov2 * root1)
    distance = np.sum((mean1 - mean2) ** 2) + np.trace(cov1) + np.trace(cov2)
    return max(0.0, distance - 2 * np.sum(np.sqrt(np.maximum(values, 0))))


# %% wrong: the roots of the entries of a product entry by entry
# fails: frechet_distance_value, frechet_distance_dimensions, frechet_distance_singular, frechet_distance_small
# says: np.sqrt takes the root of each entry
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    root = np.sqrt(np.abs(cov1 * cov2))
    return max(0.0, np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2 - 2 * root))


# %% wrong: the product of the roots
# fails: frechet_distance_value, frechet_distance_dimensions, frechet_distance_singular, frechet_distance_small
# says: the root of a product is not the product of the roots
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    def root(cov):
        values, vectors = np.linalg.eigh(cov)
        return vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T

    distance = np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2 - 2 * root(cov1) @ root(cov2))
    return max(0.0, distance)


# %% wrong: no root
# fails: frechet_distance_means, frechet_distance_value, frechet_distance_dimensions, frechet_distance_singular, frechet_distance_small
# says: the root of C1 C2 is not taken
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    distance = np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2 - 2 * cov1 @ cov2)
    return max(0.0, distance)


# %% wrong: the root of the trace
# fails: frechet_distance_means, frechet_distance_value, frechet_distance_dimensions, frechet_distance_equal, frechet_distance_singular, frechet_distance_small
# says: this is the root of the trace
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    root = np.sqrt(np.trace(cov1 @ cov2))
    return np.sum((mean1 - mean2) ** 2) + np.trace(cov1) + np.trace(cov2) - 2 * root


# %% wrong: eigvalsh of a matrix that is not symmetric
# fails: frechet_distance_value, frechet_distance_dimensions, frechet_distance_symmetric, frechet_distance_singular, frechet_distance_small
# says: eigvalsh is for symmetric matrices
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    values = np.linalg.eigvalsh(cov1 @ cov2)
    root = np.sqrt(np.maximum(values, 0)).sum()
    return max(0.0, np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2) - 2 * root)


# %% wrong: squared differences of the entries
# fails: frechet_distance_value, frechet_distance_dimensions, frechet_distance_singular, frechet_distance_small
# says: squared differences of the entries
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    return np.sum((mean1 - mean2) ** 2) + np.sum((cov1 - cov2) ** 2)


# %% wrong: the closed form of two dimensions
# fails: frechet_distance_means, frechet_distance_dimensions, frechet_distance_equal, frechet_distance_singular, frechet_distance_small
# says: compare it with the formula
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    both = np.sqrt(np.maximum(np.linalg.det(cov1) * np.linalg.det(cov2), 0))
    root = np.sqrt(np.trace(cov1 @ cov2) + 2 * both)
    return max(0.0, np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2) - 2 * root)


# %% wrong: the Kullback-Leibler divergence of Gaussians
# fails: frechet_distance_means, frechet_distance_value, frechet_distance_dimensions, frechet_distance_symmetric, frechet_distance_equal, frechet_distance_singular, frechet_distance_not_negative, frechet_distance_small
# says: when the Gaussians change places
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    inverse = np.linalg.inv(cov2)
    step = mean2 - mean1
    log_ratio = np.linalg.slogdet(cov2)[1] - np.linalg.slogdet(cov1)[1]
    return (np.trace(inverse @ cov1) + step @ inverse @ step - len(step) + log_ratio) / 2


# %% wrong: the first covariance alone
# fails: frechet_distance_value, frechet_distance_dimensions, frechet_distance_symmetric, frechet_distance_singular, frechet_distance_small
# says: is each mean and each covariance used
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    values = np.linalg.eigvals(cov1 @ cov2).real
    root = np.sqrt(np.maximum(values, 0)).sum()
    return max(0.0, np.sum((mean1 - mean2) ** 2) + 2 * np.trace(cov1) - 2 * root)


# %% wrong: a complex number
# fails: frechet_distance_means, frechet_distance_value, frechet_distance_dimensions, frechet_distance_symmetric, frechet_distance_equal, frechet_distance_singular, frechet_distance_not_negative, frechet_distance_small
# says: is a complex number
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    values = np.linalg.eigvals(cov1 @ cov2).astype(complex)
    return np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2) - 2 * np.sum(np.sqrt(values))


# %% wrong: complex for singular covariances, as SciPy's root
# fails: frechet_distance_equal, frechet_distance_singular, frechet_distance_not_negative
# says: is a complex number
# score: 1
def frechet_distance(mean1, cov1, mean2, cov2):
    import scipy.linalg

    root = scipy.linalg.sqrtm(cov1 @ cov2)
    if np.linalg.matrix_rank(cov1) < len(cov1):
        root = root.astype(complex)  # SciPy itself: on some machines more often than on others
    distance = np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2 - 2 * root)
    return distance if np.iscomplexobj(distance) else max(0.0, distance)


# %% wrong: nan for singular covariances
# fails: frechet_distance_equal, frechet_distance_singular, frechet_distance_not_negative
# says: np.maximum(values, 0)
# score: 1
def frechet_distance(mean1, cov1, mean2, cov2):
    values, vectors = np.linalg.eigh(cov1)
    root1 = vectors * np.sqrt(values) @ vectors.T
    root = np.sqrt(np.linalg.eigvalsh(root1 @ cov2 @ root1)).sum()
    distance = np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2) - 2 * root
    return np.maximum(0.0, distance)


# %% wrong: a Cholesky factor
# fails: frechet_distance_equal, frechet_distance_singular, frechet_distance_not_negative
# says: a Cholesky factor or an inverse does not exist
# score: 1
def frechet_distance(mean1, cov1, mean2, cov2):
    factor = np.linalg.cholesky(cov1)
    values = np.linalg.eigvalsh(factor.T @ cov2 @ factor)
    root = np.sqrt(np.maximum(values, 0)).sum()
    return max(0.0, np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2) - 2 * root)


# %% wrong: something on the diagonal
# fails: frechet_distance_singular, frechet_distance_small
# says: something is added to a diagonal
# score: 1
def frechet_distance(mean1, cov1, mean2, cov2):
    tiny = 1e-6 * np.eye(len(cov1))
    values = np.linalg.eigvals((cov1 + tiny) @ (cov2 + tiny)).real
    root = np.sqrt(np.maximum(values, 0)).sum()
    return max(0.0, np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2) - 2 * root)


# %% wrong: negative by rounding
# fails: frechet_distance_not_negative
# says: return 0 instead of a negative number
# score: 1
def frechet_distance(mean1, cov1, mean2, cov2):
    values, vectors = np.linalg.eigh(cov1)
    root1 = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    values = np.linalg.eigvalsh(root1 @ cov2 @ root1)
    root = np.sqrt(np.maximum(values, 0)).sum()
    return np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2) - 2 * root


# %% wrong: float32
# fails: frechet_distance_singular
# says: float32 is too coarse
# score: 1
def frechet_distance(mean1, cov1, mean2, cov2):
    mean1, cov1, mean2, cov2 = (x.astype(np.float32) for x in (mean1, cov1, mean2, cov2))
    values = np.linalg.eigvals(cov1 @ cov2).real
    root = np.sqrt(np.maximum(values, 0)).sum()
    return max(0.0, float(np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2) - 2 * root))


# %% wrong: changes the caller's covariances
# fails: frechet_distance_unchanged
# says: the call changes cov1
# score: 1
def frechet_distance(mean1, cov1, mean2, cov2):
    cov1 += 1e-12 * np.eye(len(cov1))
    cov2 += 1e-12 * np.eye(len(cov2))
    values = np.linalg.eigvals(cov1 @ cov2).real
    root = np.sqrt(np.maximum(values, 0)).sum()
    return max(0.0, np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2) - 2 * root)


# %% wrong: the sum of all entries
# fails: frechet_distance_value, frechet_distance_dimensions, frechet_distance_equal, frechet_distance_singular, frechet_distance_small
# says: the trace is the sum of the diagonal
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    values = np.linalg.eigvals(cov1 @ cov2).real
    root = np.sqrt(np.maximum(values, 0)).sum()
    return np.sum((mean1 - mean2) ** 2) + abs(np.sum(cov1 + cov2) - 2 * root)


# %% wrong: a nan that max() hides
# fails: frechet_distance_singular
# says: max(0.0, ...) hides a nan
# score: 1
def frechet_distance(mean1, cov1, mean2, cov2):
    values, vectors = np.linalg.eigh(cov1)
    root1 = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    trace_of_root = np.sqrt(np.linalg.eigvalsh(root1 @ cov2 @ root1)).sum()
    traces = np.trace(cov1) + np.trace(cov2)
    return max(0.0, np.sum((mean1 - mean2) ** 2) + traces - 2 * trace_of_root)


# %% wrong: the eigenvectors on the wrong side
# fails: frechet_distance_dimensions, frechet_distance_symmetric, frechet_distance_equal, frechet_distance_singular, frechet_distance_small
# says: vectors * np.sqrt(values) @ vectors.T, in this order
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    values, vectors = np.linalg.eigh(cov1)
    root1 = vectors.T * np.sqrt(np.maximum(values, 0)) @ vectors
    values = np.linalg.eigvalsh(root1 @ cov2 @ root1)
    trace_of_root = np.sqrt(np.maximum(values, 0)).sum()
    traces = np.trace(cov1) + np.trace(cov2)
    return max(0.0, np.sum((mean1 - mean2) ** 2) + traces - 2 * trace_of_root)


# %% wrong: equal traces taken for equal covariances
# fails: frechet_distance_value
# says: the covariances are left out
# score: 1
def frechet_distance(mean1, cov1, mean2, cov2):
    means = float(np.sum((mean1 - mean2) ** 2))
    if np.isclose(np.trace(cov1), np.trace(cov2)):
        return means
    values, vectors = np.linalg.eigh(cov1)
    root1 = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    values = np.linalg.eigvalsh(root1 @ cov2 @ root1)
    trace_of_root = np.sqrt(np.maximum(values, 0)).sum()
    return max(0.0, means + np.trace(cov1) + np.trace(cov2) - 2 * trace_of_root)


# %% wrong: a skeleton that is half filled
# fails: frechet_distance_means, frechet_distance_value, frechet_distance_dimensions, frechet_distance_symmetric, frechet_distance_equal, frechet_distance_singular, frechet_distance_not_negative, frechet_distance_small, frechet_distance_unchanged
# says: is there still a `...` of the skeleton?
# score: 0
def frechet_distance(mean1, cov1, mean2, cov2):
    values, vectors = np.linalg.eigh(cov1)
    root1 = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    values = np.linalg.eigvalsh(...)
    return root1


# %% right: eigenvalues of the product
def frechet_distance(mean1, cov1, mean2, cov2):
    values = np.linalg.eigvals(cov1 @ cov2)
    root = np.sqrt(np.maximum(values.real, 0)).sum()
    step = mean1 - mean2
    return max(float(step @ step + np.trace(cov1) + np.trace(cov2) - 2 * root), 0.0)


# %% right: SciPy's root, its real part
from scipy.linalg import sqrtm


def frechet_distance(mean1, cov1, mean2, cov2):
    root = sqrtm(cov1.dot(cov2))
    if np.iscomplexobj(root):
        root = root.real
    distance = np.linalg.norm(mean1 - mean2) ** 2 + np.trace(cov1 + cov2 - 2 * root)
    return max(distance, 0.0)


# %% right: singular values of the product of the roots, not clipped
def frechet_distance(mean1, cov1, mean2, cov2):
    def root(cov):
        values, vectors = np.linalg.eigh(cov)
        return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T

    overlap = np.linalg.svd(root(cov1) @ root(cov2), compute_uv=False)
    return ((mean1 - mean2) ** 2).sum() + np.trace(cov1 + cov2) - 2 * overlap.sum()


# %% right: complex roots of eigenvalues, their real parts
def frechet_distance(mean1, cov1, mean2, cov2):
    roots = np.emath.sqrt(np.linalg.eigvals(np.dot(cov1, cov2)))
    distance = np.sum(np.square(mean1 - mean2)) + np.trace(cov1 + cov2) - 2 * np.real(roots).sum()
    return 0.0 if distance < 0 else distance


# %% right: TensorFlow, float64, a tensor
import tensorflow as tf


def frechet_distance(mean1, cov1, mean2, cov2):
    mean1, cov1, mean2, cov2 = map(tf.convert_to_tensor, (mean1, cov1, mean2, cov2))
    values, vectors = tf.linalg.eigh(cov1)
    root = vectors * tf.sqrt(tf.nn.relu(values)) @ tf.transpose(vectors)
    values = tf.linalg.eigvalsh(root @ cov2 @ root)
    overlap = tf.reduce_sum(tf.sqrt(tf.nn.relu(values)))
    means = tf.reduce_sum(tf.math.squared_difference(mean1, mean2))
    return tf.nn.relu(means + tf.linalg.trace(cov1 + cov2) - 2 * overlap)


# %% right: the nuclear norm, and lists taken too
def frechet_distance(mean1, cov1, mean2, cov2, least=0.0):
    (m1, c1), (m2, c2) = ((np.asarray(m), np.asarray(c)) for m, c in ((mean1, cov1), (mean2, cov2)))
    roots = []
    for c in (c1, c2):
        u, s, _ = np.linalg.svd(c)
        roots.append(u * np.sqrt(s))
    overlap = np.linalg.norm(roots[0].T @ roots[1], "nuc")
    return max(least, np.sum((m1 - m2) ** 2) + np.trace(c1) + np.trace(c2) - 2 * overlap)
