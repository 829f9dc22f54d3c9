"""The game between the two networks, in NumPy: the functions of the theory of GANs.

The formulas are those of Goodfellow and others, "Generative Adversarial Nets" (2014),
https://arxiv.org/abs/1406.2661, sections 3 and 4. All logarithms are natural.
"""

import numpy as np


def sample_latent(batch_size, noise_dim):
    """Draw latent vectors: what the generator makes its images from.

    Args:
        batch_size: number of vectors, at least 0.
        noise_dim: length of each vector, at least 1.

    Returns:
        A float32 array of shape `(batch_size, noise_dim)`: independent draws from the normal
        distribution with mean 0 and standard deviation 1, new at every call.

    Raises:
        ValueError: if a size is negative.

    Taught in: 01_gan_theory
    """
    return np.random.default_rng().standard_normal((batch_size, noise_dim), dtype=np.float32)


def value_function(d_real, d_fake):
    """Compute V(D, G), which the discriminator makes large and the generator makes small.

    V(D, G) = mean of log D(x) over real x + mean of log(1 - D(G(z))) over fakes
    (Goodfellow and others 2014, equation 1).

    Args:
        d_real: probabilities in (0, 1) that the discriminator gives to real images; an array
            of any shape. 0 and 1 are taken too, with the limit: 0 gives minus infinity.
        d_fake: the same for generated images; it may differ in length from `d_real`.

    Returns:
        A float, at most 0. A discriminator that answers 0.5 to everything gives -log 4.

    Raises:
        ValueError: if an array is empty, or holds a number that is no probability.

    Taught in: 01_gan_theory
    """
    d_real = _numbers("d_real", d_real)
    d_fake = _numbers("d_fake", d_fake)
    for name, values in (("d_real", d_real), ("d_fake", d_fake)):
        if values.size == 0:
            raise ValueError(f"{name} is empty: give at least one probability.")
        if values.max() > 1:
            raise ValueError(
                f"{name} holds {values.max():g}, which is no probability: "
                "if these are logits, put them through a sigmoid first."
            )
    with np.errstate(divide="ignore"):
        return float(np.mean(np.log(d_real)) + np.mean(np.log1p(-d_fake)))


def optimal_discriminator(p_data, p_model):
    """Compute the answer of the best discriminator for a fixed generator.

    D*(x) = p_data(x) / (p_data(x) + p_model(x)) (Goodfellow and others 2014, proposition 1).

    Args:
        p_data: densities of the real data at some points, 0 or more; an array of any shape.
        p_model: densities of the generated data at the same points; a shape that fits `p_data`.

    Returns:
        A float64 array of the same shape, in [0, 1]: the probability that a sample at this
        point is real. It is 0.5 where both densities are 0: nothing ever falls there.

    Raises:
        ValueError: if a density is negative or not a number, or if the shapes do not fit.

    Taught in: 01_gan_theory
    """
    p_data = _numbers("p_data", p_data)
    p_model = _numbers("p_model", p_model)
    total = p_data + p_model
    # No small constant is added to the total: it would spoil densities as small as itself.
    best = np.divide(p_data, total, out=np.full(total.shape, 0.5), where=total > 0)
    return best[()]


def jensen_shannon_divergence(p, q):
    """Compute the Jensen-Shannon divergence of two discrete distributions.

    JSD(p, q) = KL(p, m) / 2 + KL(q, m) / 2 with m = (p + q) / 2. It is what the generator
    makes small when the discriminator is the best one: V(D*, G) = 2 JSD - log 4
    (Goodfellow and others 2014, theorem 1).

    Args:
        p: probabilities, 0 or more, with the sum 1; an array of any shape.
        q: the same, of the same shape.

    Returns:
        A float between 0 (equal distributions) and log 2 (no common entry).

    Raises:
        ValueError: if the shapes differ, a probability is negative or not a number, or a sum
            is not 1.

    Taught in: 01_gan_theory
    """
    p = _numbers("p", p)
    q = _numbers("q", q)
    if p.shape != q.shape:
        raise ValueError(f"p and q must have one shape, but got {p.shape} and {q.shape}.")
    for name, values in (("p", p), ("q", q)):
        # 1e-3 leaves room for a long float32 array; counts that were never divided miss it.
        if abs(values.sum() - 1) > 1e-3:
            raise ValueError(f"{name} must sum to 1, not {values.sum():g}: divide it by its sum.")
    divergence = (_kl_from_middle(p, q) + _kl_from_middle(q, p)) / 2
    return float(np.clip(divergence, 0, np.log(2)))


def _kl_from_middle(p, q):
    """KL divergence of `p` from the middle of `p` and `q`; entries with p = 0 add nothing."""
    seen = p > 0
    p, q = p[seen], q[seen]
    return np.sum(p * np.log(2 * p / (p + q)))


def _numbers(name, values):
    """Return `values` as a float64 array of finite numbers that are not negative."""
    values = np.asarray(values, dtype=np.float64)
    if not np.all(values >= 0) or not np.all(np.isfinite(values)):
        raise ValueError(f"{name} must hold finite numbers that are not negative.")
    return values
