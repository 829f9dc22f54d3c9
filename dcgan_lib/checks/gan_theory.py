"""Checks of 01_gan_theory.

The checks of `sample_latent` look at random numbers. Their bounds are so wide that a right answer
fails less than once in 1,000,000,000 runs.
"""

import math
import re

import numpy as np

from dcgan_lib.checks.framework import (
    Exercise,
    as_array,
    expect,
    expect_close,
    fail,
    progress,
    short,
)

__all__ = [
    "jensen_shannon_divergence_value",
    "jensen_shannon_divergence_zeros",
    "mode_collapse_symptoms_choice",
    "optimal_discriminator_nowhere",
    "optimal_discriminator_small",
    "optimal_discriminator_value",
    "progress",
    "sample_latent_float32",
    "sample_latent_independent",
    "sample_latent_new",
    "sample_latent_normal",
    "sample_latent_shape",
    "value_function_lengths",
    "value_function_small",
    "value_function_value",
]

LESSON = "01_gan_theory"

SAMPLE_LATENT = Exercise("sample_latent", LESSON, ["theory.sample_latent"])
VALUE_FUNCTION = Exercise("value_function", LESSON, ["theory.value_function"])
OPTIMAL_DISCRIMINATOR = Exercise("optimal_discriminator", LESSON, ["theory.optimal_discriminator"])
JENSEN_SHANNON = Exercise("jensen_shannon_divergence", LESSON, ["theory.jensen_shannon_divergence"])
MODE_COLLAPSE = Exercise("mode_collapse_symptoms", LESSON)


@SAMPLE_LATENT.check("The latent space")
def sample_latent_shape(answer, batch_size=5, noise_dim=3):
    """returns one latent vector per row."""
    came = as_array(answer(batch_size, noise_dim), f"sample_latent({batch_size}, {noise_dim})")
    expected = (batch_size, noise_dim)
    if came.shape == expected[::-1]:
        cause = "the two sizes are swapped: one row per vector, one column per number"
    elif came.shape == (noise_dim,):
        cause = "this is a single vector: draw batch_size of them at once"
    elif came.ndim != 2:
        cause = "give the function that draws the shape (batch_size, noise_dim)"
    else:
        cause = "use the two parameters; a size written as a number fits one case only"
    expect(
        came.shape == expected,
        f"sample_latent({batch_size}, {noise_dim}) has the wrong shape",
        came=f"shape {came.shape}",
        expected=f"shape {expected}",
        cause=cause,
    )


@SAMPLE_LATENT.check("The latent space")
def sample_latent_float32(answer, batch_size=5, noise_dim=3):
    """returns float32 numbers."""
    value = answer(batch_size, noise_dim)
    what = f"sample_latent({batch_size}, {noise_dim})"
    came = as_array(value, what)
    held = hasattr(value, "dtype")
    expect(
        held and came.dtype == np.float32,
        f"{what} is not a float32 array or tensor",
        came=came.dtype.name if held else f"a {type(value).__name__}",
        expected="float32",
        cause="np.random draws float64: convert with .astype('float32'), or draw with tf.random"
        if held
        else "turn it into an array or tensor of float32 before you return it",
    )


@SAMPLE_LATENT.check("The latent space")
def sample_latent_normal(answer, batch_size=2000, noise_dim=100):
    """draws from the standard normal distribution."""
    z = _draw(answer, batch_size, noise_dim).ravel()
    size = math.sqrt(z.size)
    right = (
        abs(z.mean()) * size < 7
        and abs((z**2).mean() - 1) * size < 7 * math.sqrt(2)
        and np.abs(z).max() > 3.8
        and all(
            abs((z < t).mean() - _below(t)) * size < 7 * math.sqrt(_below(t) * _below(-t))
            for t in (-2.5, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2.5)
        )
    )
    expect(
        right,
        f"the {z.size:,} numbers of sample_latent({batch_size}, {noise_dim}) are not standard "
        "normal",
        came=f"mean {z.mean():.3f}, standard deviation {z.std():.3f}, "
        f"from {z.min():.2f} to {z.max():.2f}",
        expected="mean 0, standard deviation 1, from about -4.5 to 4.5, bell-shaped",
        cause=_why_not_normal(z),
    )


@SAMPLE_LATENT.check("The latent space")
def sample_latent_independent(answer):
    """draws every number independently of the others."""
    wide = _draw(answer, 50, 4000)
    if (wide == wide[0]).all():
        cause = "one row is drawn and copied: draw the whole shape (batch_size, noise_dim) at once"
    elif (wide == wide[:, :1]).all():
        cause = (
            "one number is drawn for each row and copied: draw batch_size times noise_dim numbers"
        )
    else:
        cause = (
            "some numbers are built from others: draw all of them, with the whole shape, at once"
        )
    batches = np.stack([_draw(answer, 20, 50).ravel() for _ in range(50)])
    groups = {"row": wide, "column": _draw(answer, 4000, 50).T, "batch": batches}
    if np.isin(batches[1], batches[0]).mean() > 0.5:
        del groups["batch"]  # equal batches are the concern of sample_latent_new
    for name, group in groups.items():
        # Another mean or deviation is the concern of sample_latent_normal.
        group = (group - group.mean()) / (group.std() or 1)
        n = group.shape[1]
        lengths = np.linalg.norm(group, axis=1, keepdims=True)
        links = group @ group.T / np.maximum(lengths * lengths.T, 1e-9)
        np.fill_diagonal(links, 0)
        expect(
            np.abs(links).max() * math.sqrt(n) < 8.5,
            f"the {name}s are not independent of each other",
            came=f"two {name}s with a correlation of {np.abs(links).max():.2f}",
            expected="correlations near 0",
            cause=cause,
        )
        # Sums of 50 squared standard normal numbers: chance puts them below 5 once in 10**14.
        means = np.sum(group.mean(axis=1) ** 2) * n
        squares = np.sum(((group**2).mean(axis=1) - 1) ** 2) * n / 2
        expect(
            means > 5 and squares > 5,
            f"every {name} has the same mean or the same length",
            came=f"{name} means that differ by {np.ptp(group.mean(axis=1)):.2g}, "
            f"mean squares that differ by {np.ptp((group**2).mean(axis=1)):.2g}",
            expected=f"about {4.5 / math.sqrt(n):.2g} and {6.4 / math.sqrt(n):.2g}, by chance",
            cause="the numbers were shifted or scaled after the draw: return them as drawn",
        )


@SAMPLE_LATENT.check("The latent space")
def sample_latent_new(answer, batch_size=20, noise_dim=50):
    """draws new numbers at every call."""
    before = _draw(answer, batch_size, noise_dim)
    for _ in range(4):
        after = _draw(answer, batch_size, noise_dim)
        repeated = np.isin(after, before).mean()
        expect(
            repeated < 0.5,
            "two calls gave the same numbers",
            came=f"{repeated:.0%} of the second call's numbers were in the first",
            expected="new numbers at every call",
            cause="a seed is set inside the function, or the numbers were drawn outside it",
        )
        before = after


@VALUE_FUNCTION.check("The value of the game")
def value_function_value(answer, real=(0.9, 0.6, 0.8), fake=(0.3, 0.1, 0.4)):
    """gives the mean of log d_real plus the mean of log(1 - d_fake)."""
    _compare_value(answer, real, fake)


@VALUE_FUNCTION.check("The value of the game")
def value_function_lengths(answer, real=(0.9, 0.6, 0.8), fake=(0.3, 0.1)):
    """takes arrays of any shape, which may differ in length."""
    _compare_value(answer, real, fake)


@VALUE_FUNCTION.check("The value of the game")
def value_function_small(answer, real=(0.5, 1e-12), fake=(0.5, 1 - 2**-20)):
    """is right for probabilities very near 0 and 1."""
    # 1 - 2**-20 is exact in float32, so an answer may calculate in float32, too.
    _compare_value(
        answer,
        real,
        fake,
        "a small number is added or a limit is set before the logarithm; the probabilities "
        "are never 0 or 1, so nothing is needed",
        np.float32,
    )


@OPTIMAL_DISCRIMINATOR.check("The best discriminator")
def optimal_discriminator_value(answer, p=(0.3, 0.1, 0.2, 0.0), q=(0.1, 0.4, 0.2, 0.5)):
    """gives p_data / (p_data + p_model), point by point."""
    p, q = np.array(p), np.array(q)
    _compare_best(answer, p, q, f"D* for p_data {short(p)} and p_model {short(q)}")


@OPTIMAL_DISCRIMINATOR.check("The best discriminator")
def optimal_discriminator_small(answer, p=(1e-12, 3e-12, 1e-12), q=(3e-12, 1e-12, 1.0)):
    """is right for very small densities, too."""
    p, q = np.array(p), np.array(q)
    _compare_best(
        answer,
        p,
        q,
        f"D* for the small densities p_data {short(p)} and p_model {short(q)}",
        _why_not_small(p, q),
    )


@OPTIMAL_DISCRIMINATOR.check("The best discriminator")
def optimal_discriminator_nowhere(answer, p=(0.0, 0.2, 0.0), q=(0.0, 0.3, 0.0)):
    """gives 0.5 where both densities are 0."""
    p, q = np.array(p), np.array(q)
    what = f"D* for p_data {short(p)} and p_model {short(q)}"
    came = as_array(answer(p.copy(), q.copy()), what)
    nowhere = p + q == 0
    expect(
        came.shape == p.shape,
        f"{what} has the wrong shape",
        came=f"shape {came.shape}",
        expected=f"shape {p.shape}",
        cause="decide for every point by itself whether both densities are 0, with np.where",
    )
    expect(
        np.allclose(came[nowhere], 0.5, rtol=1e-6),
        f"{what} is wrong where both are 0",
        came=short(came[nowhere]),
        expected=short(np.full(nowhere.sum(), 0.5)),
        cause="0 / 0 gives nan: choose 0.5 there with np.where"
        if np.isnan(came[nowhere]).any()
        else "where neither real nor generated samples fall, the answer is 0.5 by agreement",
    )


@JENSEN_SHANNON.check("Where the game ends")
def jensen_shannon_divergence_value(answer, p=(5, 3, 2), q=(1, 3, 6)):
    """gives the mean of the two KL divergences from the middle."""
    _compare_divergence(answer, p, q, "compare with the formula, term by term")


@JENSEN_SHANNON.check("Where the game ends")
def jensen_shannon_divergence_zeros(answer, p=(1, 1, 0), q=(0, 1, 3)):
    """lets an entry with probability 0 contribute 0."""
    _compare_divergence(
        answer,
        p,
        q,
        "an entry that is 0 in one distribution alone still counts for the other one: "
        "leave it out of one sum only",
    )


mode_collapse_symptoms_choice = MODE_COLLAPSE.choice(
    "Mode collapse",
    right="ABDH",
    reasons={
        "A": "right: three digits out of ten are few modes, however good they look",
        "B": "right: the generator jumps from one mode to the next and never covers both",
        "C": "noise covers no mode at all: this generator has not learnt yet, or has failed "
        "in another way",
        "D": "right: when many latent vectors give one picture, one mode is all there is",
        "E": "the two losses go up and down as the opponent changes: a loss alone says nothing "
        "about the modes",
        "F": "chance does this: 16 digits hold no 2 with probability 0.9 to the power 16, "
        "which is 19 %",
        "G": "this is how the game should end; it is also what a discriminator says that has "
        "learnt nothing. Modes cannot be seen in it",
        "H": "right: counting many pictures is the test, and each digit should have 10 %",
    },
)


def _draw(answer, batch_size, noise_dim):
    """A batch as float64; another shape that holds as many numbers is another check's concern."""
    what = f"sample_latent({batch_size}, {noise_dim})"
    z = as_array(answer(batch_size, noise_dim), what)
    expect(
        z.size == batch_size * noise_dim,
        f"{what} has the wrong shape",
        came=f"shape {z.shape}",
        expected=f"shape {(batch_size, noise_dim)}",
        cause="draw batch_size times noise_dim numbers",
    )
    return z.reshape(batch_size, noise_dim).astype(np.float64)


def _below(t):
    """Probability that a standard normal number is below t."""
    return (1 + math.erf(t / math.sqrt(2))) / 2


def _why_not_normal(z):
    largest = np.abs(z).max()
    if not np.isfinite(z).all():
        return "some numbers are infinite or nan"
    if z.std() < 1e-6:
        return "all numbers are equal: draw them at random"
    if z.min() >= 0:
        return "no number is negative: this is a uniform draw from 0 to 1, or absolute values"
    if largest <= 1 and abs(z.std() - 3**-0.5) < 0.01:
        return "this is a uniform draw from -1 to 1; the bell-shaped one is called normal"
    if largest <= 3.8 and z.std() > 0.5:
        return "the draw is cut off, clipped or uniform: use the plain normal distribution"
    if abs(z.mean()) > 0.05:
        return "the mean is not 0"
    if abs(z.std() - 1) > 0.02:
        return "the numbers are scaled: the standard deviation must be 1, whatever the sizes"
    return "mean and standard deviation fit, but the shape does not: draw from the normal one"


def _why_not_small(p, q):
    total = p + q
    tiny = total < 1e-6

    def cause(came):
        if np.allclose(came[tiny], (p / total)[tiny], rtol=1e-6, atol=0):
            return (
                "1 - p_model / (p_data + p_model) loses digits where p_model is much larger: "
                "divide p_data by the sum"
            )
        if (came[tiny] == 0.5).all():
            return "small densities are taken for 0: the answer 0.5 is for a sum of exactly 0"
        return (
            "a small number added to the sum is as large as the densities themselves: "
            "divide p_data by the plain sum"
        )

    return cause


def _value(r, f):
    return np.log(r).mean() + np.log(1 - f).mean()


def _compare_value(
    answer, real, fake, otherwise="compare with the formula, term by term", dtype=np.float64
):
    # Twelve digits: 0.999999046326 written as 0.999999 would have another logarithm.
    written = [" ".join(np.array2string(np.array(d), precision=12).split()) for d in (real, fake)]
    what = f"V for d_real {written[0]} and d_fake {written[1]}"
    real, fake = np.array(real, dtype), np.array(fake, dtype)
    r, f = real.astype(np.float64), fake.astype(np.float64)
    right = _value(r, f)
    both = np.concatenate([np.log(r).ravel(), np.log(1 - f).ravel()])
    mistakes = {
        "the sums are added; V adds the two means": both.sum(),
        "one mean over all numbers together is taken; V adds two means": both.mean(),
        "the fake part must be log(1 - d_fake), not log(d_fake)": np.log(r).mean()
        + np.log(f).mean(),
        "the fake part must be log(1 - d_fake), not 1 - log(d_fake)": np.log(r).mean()
        + (1 - np.log(f)).mean(),
        "the two parts are subtracted; V adds them": np.log(r).mean() - np.log(1 - f).mean(),
        "the sign is turned: -V is the discriminator's loss of notebook 05": -right,
        "the result is halved; V is the sum of the two means": right / 2,
        "d_real and d_fake are exchanged": _value(f, r),
        "both sums are divided by one count; each array has its own": both.sum() / r.size,
        "log2 is used; V takes the natural logarithm, np.log": right / math.log(2),
        "log10 is used; V takes the natural logarithm, np.log": right / math.log(10),
        "the logarithm of the mean is taken; V needs the mean of the logarithms": math.log(r.mean())
        + math.log(1 - f.mean()),
        "the fake part is missing": np.log(r).mean(),
        "the real part is missing": np.log(1 - f).mean(),
        "the logarithms are missing": r.mean() + (1 - f).mean(),
    }
    try:
        came = answer(real.copy(), fake.copy())
    except Exception as error:  # NumPy and TensorFlow raise different ones
        if real.shape == fake.shape or not re.search("broadcast|ncompatible shapes", str(error)):
            raise
        fail(
            f"{what} cannot be computed",
            came=f"{type(error).__name__}: {error}",
            expected=f"{right:.6g}",
            cause="the two arrays are added, but they differ in shape: take each mean first, "
            "then add",
        )
    expect_close(
        came,
        right,
        what,
        cause=_explain(mistakes, right, otherwise),
    )


def _compare_best(answer, p, q, what, otherwise="compare with the formula, point by point"):
    total = p + q
    right = p / total
    mistakes = {
        "the two are exchanged: p_data belongs on top": q / total,
        "this is the ratio p_data / p_model; divide by the sum": p / np.where(q > 0, q, np.nan),
        "the sum runs over all points; add the two densities of each point alone": p / total.sum(),
        "p_data is divided by its own sum; divide by p_data + p_model": p / max(p.sum(), 1e-300),
        "the middle of both is used; divide by the sum": 2 * p / total,
        "this is yes or no; D* is a probability": (p > q) * 1.0,
        "a sigmoid of the difference is taken": 1 / (1 + np.exp(q - p)),
    }
    expect_close(
        answer(p.copy(), q.copy()),
        right,
        what,
        cause=_explain(mistakes, right, otherwise),
        rtol=1e-6,
        atol=np.where(right == 0, 1e-7, 0),
    )


def _kl(p, q):
    """KL divergence from q to p; entries with p = 0 add nothing."""
    seen = p > 0
    with np.errstate(divide="ignore"):
        return np.sum(p[seen] * np.log(p[seen] / q[seen]))


def _compare_divergence(answer, p, q, otherwise):
    """Compare for distributions given by counts: (1, 3) stands for 0.25 and 0.75."""
    p, q = np.array(p) / sum(p), np.array(q) / sum(q)
    middle = (p + q) / 2
    from_p, from_q = _kl(p, middle), _kl(q, middle)
    right = (from_p + from_q) / 2
    shared = (p > 0) & (q > 0)
    of_shared = sum(np.sum(x[shared] * np.log(x[shared] / middle[shared])) for x in (p, q)) / 2
    mistakes = {
        "entries are left out where either is 0; where only p is 0, q still counts": of_shared,
        "log2 is used; the natural logarithm is np.log": right / math.log(2),
        "the half is missing: take the mean of the two KL divergences": 2 * right,
        "this is the square root, the Jensen-Shannon distance; the divergence is its square": (
            math.sqrt(max(right, 0))
        ),
        "this is the KL divergence of p from q; compare both with their middle": _kl(p, q),
        "this is the KL divergence of q from p; compare both with their middle": _kl(q, p),
        "this is the mean of the KL divergences between p and q; compare both with the middle": (
            (_kl(p, q) + _kl(q, p)) / 2
        ),
        "only p is compared with the middle; q counts as much": from_p,
        "half the divergence of p alone; q counts as much": from_p / 2,
        "only q is compared with the middle; p counts as much": from_q,
        "the middle is (p + q) / 2: the half is missing there": right - math.log(2),
        "the mean over the entries is taken; the divergence is a sum": right / p.size,
        "this is V(D*, G); the divergence alone has no log 4": 2 * right - math.log(4),
        "the sign is turned": -right,
    }

    def cause(came):
        if came.ndim == 0 and not np.isfinite(came):
            return "0 * log(0) is nan in Python: sum only over the entries that are above 0"
        return _explain(mistakes, right, otherwise)(came)

    expect_close(
        answer(p.copy(), q.copy()),
        right,
        f"the divergence of p {short(p)} and q {short(q)}",
        cause=cause,
        rtol=1e-5,
    )


def _explain(mistakes, right, otherwise):
    """A function that names the mistake which gives the numbers that came."""

    def cause(came):
        if came.shape != np.shape(right):
            if np.ndim(right) == 0:
                return "one number is expected: take the mean or sum over all entries"
            return "every point gets its own answer: no sum or mean over the points"
        for mistake, value in mistakes.items():
            differs = not np.allclose(value, right, rtol=1e-4, atol=1e-6, equal_nan=True)
            if differs and np.allclose(came, value, rtol=1e-4, atol=1e-9, equal_nan=True):
                return mistake
        return otherwise(came) if callable(otherwise) else otherwise

    return cause
