"""Checks of 09_evaluation: shares, missing digits, a divergence and a distance, by closed forms."""

import math

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
    "class_histogram_classes",
    "class_histogram_types",
    "class_histogram_unchanged",
    "class_histogram_value",
    "frechet_distance_dimensions",
    "frechet_distance_equal",
    "frechet_distance_means",
    "frechet_distance_not_negative",
    "frechet_distance_singular",
    "frechet_distance_small",
    "frechet_distance_symmetric",
    "frechet_distance_unchanged",
    "frechet_distance_value",
    "kl_from_uniform_classes",
    "kl_from_uniform_nearly",
    "kl_from_uniform_unchanged",
    "kl_from_uniform_uniform",
    "kl_from_uniform_value",
    "kl_from_uniform_zeros",
    "missing_digits_classes",
    "missing_digits_list",
    "missing_digits_none",
    "missing_digits_threshold",
    "missing_digits_value",
    "progress",
]

LESSON = "09_evaluation"
HISTOGRAM = Exercise("class_histogram", LESSON, references=["evaluation.class_histogram"])
MISSING = Exercise("missing_digits", LESSON, references=["evaluation.missing_digits"])
KL = Exercise("kl_from_uniform", LESSON, references=["evaluation.kl_from_uniform"])
FRECHET = Exercise(
    "frechet_distance",
    LESSON,
    references=["evaluation.frechet_distance", "evaluation._mean_and_factor"],
)

COUNT = "Count the digits"
LACKING = "Which digits are missing?"
BALANCE = "One number for the balance"
DISTANCE = "The Fréchet distance"
OVERFLOW = "a count overflows: count in a larger type than the labels'"
ROOT = "The square root of a matrix"
NAN_ROOT = (
    "the root of a tiny negative eigenvalue, or of a singular matrix, is nan: "
    "take np.maximum(values, 0) before np.sqrt"
)


def _expect_unchanged(before, after, what):
    """Check that an answer left its inputs, dicts of arrays by name, as they were."""
    for name, array in before.items():
        expect(
            np.array_equal(array, after[name]),
            f"{what} changes {name}",
            came=f"{short(after[name])} after the call",
            expected=f"{short(array)}, as before",
            cause="an array is changed in place (by x[...] = ..., x += ... or x.sort()): "
            "make a new one",
        )


# ---- class_histogram -----------------------------------------------------------------------


def _expect_shares(came, labels, n_classes):
    counts = np.array([np.count_nonzero(labels == digit) for digit in range(n_classes)])
    right = counts / len(labels)
    given = f"{len(labels)} labels" if len(labels) > 12 else f"the labels {labels.tolist()}"
    what = f"the histogram of {given}, n_classes={n_classes},"
    seen = np.flatnonzero(counts)
    span = seen[-1] - seen[0]
    mistakes = [
        (counts, "these are counts: divide them by the number of labels"),
        (right * 100, "these are percentages: a share lies between 0 and 1"),
        (counts / max(counts.max(), 1), "divide by the number of labels, not by the largest count"),
        (counts / n_classes, "divide by the number of labels, not by n_classes"),
        *(
            (counts.astype(small) / len(labels), OVERFLOW)
            for small in ("uint8", "int8", "uint16", "int16")
        ),
        (
            np.append(right[1:], 0),
            "the classes begin at 0: the share of class k stands at place k, counted from 0",
        ),
        (
            np.histogram(labels, bins=n_classes)[0] / len(labels),
            "np.histogram spreads its bins from the smallest to the largest label: "
            "give it range=(0, n_classes)",
        ),
        (
            np.histogram(labels, bins=n_classes, density=True)[0] if span else counts,
            "np.histogram spreads its bins from the smallest to the largest label: "
            "give it range=(0, n_classes)",
        ),
    ]

    def cause(array):
        if array.shape == (len(seen),) != right.shape:
            return "absent classes are left out: each class has its place, with share 0 if absent"
        if array.ndim == 1 and array.size == seen[-1] + 1 < n_classes:
            return "the classes after the largest label are left out: they have the share 0"
        if array.shape == (10,) and n_classes != 10:
            return "n_classes is not used: the result has one share for each class"
        if array.shape == (len(labels), n_classes):
            return "this is one row for each label: take the mean over the labels"
        if array.shape != right.shape:
            return "one share for each class, in an array of shape (n_classes,)"
        for wrong, text in mistakes:
            if wrong.shape == array.shape and np.allclose(array, wrong, rtol=1e-4):
                return text
        if any(np.allclose(array, right.round(digits), rtol=0, atol=1e-6) for digits in (1, 2, 3)):
            return "the shares are rounded"
        if not np.isclose(array.sum(), 1, atol=1e-3):
            return "the shares must sum to 1: divide each count by the number of labels"
        if np.allclose(array, right, rtol=0, atol=2e-3):
            return "too coarse a type holds the shares, or some labels are not counted"
        return "the share of class k is the number of labels equal to k, divided by all labels"

    expect_close(came, right, what, cause=cause, rtol=1e-4, atol=1e-7)


@HISTOGRAM.check(COUNT)
def class_histogram_value(answer, labels=(3, 1, 3, 7, 3, 1, 7)):
    """gives the share of each of ten digits, 0 for an absent one."""
    labels = np.array(labels)
    _expect_shares(answer(labels.copy()), labels, 10)


@HISTOGRAM.check(COUNT)
def class_histogram_classes(answer, n_classes=4, labels=(2, 0, 2), by_name=True, dtype="int64"):
    """has one share for each of n_classes classes."""
    labels = np.array(labels, dtype)
    given = labels.copy()
    came = answer(given, n_classes=n_classes) if by_name else answer(given, n_classes)
    _expect_shares(came, labels, n_classes)


@HISTOGRAM.check(COUNT)
def class_histogram_types(answer, dtype="uint8", count=1200):
    """takes many labels, of any integer type."""
    # Digit 5 more than 255 times: as often as uint8 cannot count.
    labels = np.where(np.arange(count) % 3 == 0, np.arange(count) % 10, 5).astype(dtype)
    try:
        came = answer(labels.copy())
    except NotImplementedError:
        raise
    except Exception as error:
        fail(
            f"it stops with {count} labels of the type {dtype}",
            came=f"{type(error).__name__}: {short(str(error))}",
            expected="ten shares",
            cause=OVERFLOW
            if isinstance(error, OverflowError)
            else "a function that does not take this type: labels.astype(int) makes int64",
        )
    _expect_shares(came, labels, 10)


@HISTOGRAM.check(COUNT)
def class_histogram_unchanged(answer, labels=(3, 1, 3, 7, 0)):
    """leaves the labels unchanged."""
    labels = np.array(labels)
    given = labels.copy()
    answer(given)
    _expect_unchanged({"labels": labels}, {"labels": given}, "the call")


# ---- missing_digits ------------------------------------------------------------------------


def _labels_of(counts):
    """Labels with these counts, mixed in a fixed way."""
    labels = np.repeat(np.arange(len(counts)), counts)
    return np.concatenate([labels[start::7] for start in range(7)])


def _expect_list(came):
    if isinstance(came, list) and all(
        isinstance(digit, (int, np.integer)) and not isinstance(digit, bool) for digit in came
    ):
        return
    array = None if came is None else np.asarray(came)
    if came is None:
        cause = "is there a `return` at the end, also for the case that no digit is missing?"
    elif isinstance(came, list):
        cause = "the list must hold the digits themselves, as whole numbers"
    elif array.dtype == bool:
        cause = "this is True or False for each class: np.flatnonzero(...) gives their numbers"
    elif isinstance(came, tuple) and len(came) == 1:
        cause = "np.where gives a tuple: take its first entry, and .tolist() of that"
    elif isinstance(came, (set, frozenset)):
        cause = "a set has no order: sorted(...) makes a sorted list of it"
    elif array.ndim == 0 and array.dtype.kind in "iuf":
        cause = "this is one number: return the digits, not how many there are"
    else:
        cause = "array.tolist(), or list(...), makes a list of it"
    fail(
        "it does not return a list of whole numbers",
        came=f"{short(came)}, a {type(came).__name__}",
        expected="a list such as [2, 7]",
        cause=cause,
    )


def _expect_missing(answer, counts, by_name=True, dtype="int64", **given):
    labels = _labels_of(counts).astype(dtype)
    threshold = given.get("threshold", 0.01)
    n_classes = given.get("n_classes", 10)
    came = answer(labels, **given) if by_name else answer(labels, *given.values())
    _expect_list(came)
    counts = np.pad(counts, (0, n_classes - len(counts)))
    shares = counts / counts.sum()
    right = np.flatnonzero(shares < threshold).tolist()

    def cause():
        if sorted(came) == right:
            return "the list is not sorted: sorted(...) puts the digits in order"
        if came == np.flatnonzero(shares <= threshold).tolist():
            return "a share equal to the threshold is not missing: compare with <, not <="
        if came == np.flatnonzero(counts % 256 / counts.sum() < threshold).tolist():
            return OVERFLOW
        if came == np.flatnonzero(shares >= threshold).tolist():
            return "these are the digits that are there: the others are missing"
        if threshold != 0.01 and came == np.flatnonzero(shares < 0.01).tolist():
            return "the threshold that is given is not used"
        if came == np.flatnonzero(counts < threshold).tolist():
            return (
                "a digit that occurs, but too rarely, is left out: compare shares, not counts, "
                "with the threshold"
            )
        if came == np.flatnonzero(shares == 0).tolist():
            return "a digit that occurs, but too rarely, is left out: use the threshold"
        if n_classes != 10 and came == [
            digit for digit in range(10) if digit >= n_classes or shares[digit] < threshold
        ]:
            return "n_classes is not used: look at the classes from 0 to n_classes - 1"
        if any(digit >= n_classes for digit in came):
            return "there is no such class: the classes go from 0 to n_classes - 1"
        if came == [digit + 1 for digit in right] or came == [digit for digit in right if digit]:
            return "the classes begin at 0"
        last = np.flatnonzero(counts)[-1]
        if came == [digit for digit in right if digit <= last]:
            return "digits above the largest label are left out: use n_classes"
        if came == [digit for digit in right if digit < n_classes - 1]:
            return "the last class is left out: range(n_classes) ends with n_classes - 1"
        if came == right[:1]:
            return "only the first one came: is there a `return` inside the loop?"
        if came == [digit for digit in right if counts[digit]]:
            return "digits that never occur are left out: their share, 0, is below the threshold"
        return "list each class whose share of all labels is below the threshold"

    if came != right:
        settings = "".join(f", {name}={value:g}" for name, value in given.items())
        fail(
            f"the list for the shares {short(shares)}{settings} is wrong",
            came=short([int(digit) for digit in came]),
            expected=short(right),
            cause=cause(),
        )


@MISSING.check(LACKING)
def missing_digits_value(answer, counts=(120, 9, 110, 0, 201, 12, 150, 100, 5, 293)):
    """lists, in order, the digits with a share below 0.01."""
    _expect_missing(answer, counts)


@MISSING.check(LACKING)
def missing_digits_threshold(
    answer, threshold=0.125, counts=(32, 16, 64, 16, 48, 0, 32, 1, 16, 31), by_name=False
):
    """uses the threshold that it is given; a share equal to it is not missing."""
    _expect_missing(answer, counts, by_name, threshold=threshold)


@MISSING.check(LACKING)
def missing_digits_classes(
    answer, n_classes=4, counts=(50, 0, 40, 0), threshold=0.01, by_name=True
):
    """looks at n_classes classes."""
    _expect_missing(answer, counts, by_name, threshold=threshold, n_classes=n_classes)


@MISSING.check(LACKING)
def missing_digits_none(answer, counts=(1,) * 10, dtype="int64"):
    """returns an empty list when no digit is missing."""
    _expect_missing(answer, counts, dtype=dtype)


@MISSING.check(LACKING)
def missing_digits_list(answer, counts=(3, 0, 5, 1, 1, 2, 0, 4, 4, 4)):
    """returns a list of whole numbers."""
    _expect_list(answer(_labels_of(counts)))


# ---- kl_from_uniform -----------------------------------------------------------------------


ALL_CLASSES = "K counts all classes, also the empty ones"


def _kl(p, q):
    """KL divergence; entries with p = 0 contribute 0."""
    with np.errstate(divide="ignore"):
        return sum(a * (math.log(a) - np.log(b)) for a, b in zip(p, q, strict=True) if a > 0)


def _expect_divergence(answer, histogram, what, atol=2e-6):
    histogram = np.array(histogram)
    k = len(histogram)
    uniform = np.full(k, 1 / k)
    right = _kl(histogram, uniform)
    entropy = math.log(k) - right
    middle = (histogram + uniform) / 2
    seen = np.count_nonzero(histogram)
    mistakes = [
        (right / math.log(2), "this is the logarithm to base 2: take the natural one"),
        (
            right / math.log(10),
            "this is the logarithm to base 10: take the natural one"
            + (", and do not divide by log K" if k == 10 else ""),
        ),
        *([(right + math.log(seen / k), ALL_CLASSES)] if seen < k else []),
        (entropy, "this is the entropy: subtract it from log K"),
        (-entropy, "p log p alone is not enough: divide each share by 1/K in the logarithm"),
        (-right, "the sign is turned: the divergence is 0 or more"),
        (
            _kl(uniform, histogram),
            "the two distributions are exchanged: the weight before the logarithm is "
            "the histogram's share",
        ),
        (
            right - math.log(k / 10),
            "10 is written into the formula: the number of classes is len(histogram)",
        ),
        (right / k, "this is the mean over the classes: take the sum"),
        (right / math.log(k) if k > 1 else right, "do not divide by log K"),
        (
            (_kl(histogram, middle) + _kl(uniform, middle)) / 2,
            "this is the Jensen-Shannon divergence",
        ),
        (
            (right + _kl(uniform, histogram)) / 2,
            "this is the mean of both directions: take KL(histogram, uniform) alone",
        ),
        *(
            (
                _kl(histogram * (histogram > least), uniform),
                "shares above 0 are left out: all of them count, small ones and those after a 0",
            )
            for least in np.unique(histogram)[:-1]
            if least > 0
        ),
        (np.sum((histogram - uniform) ** 2), "these are squared differences: take the logarithm"),
        (np.sum(np.abs(histogram - uniform)), "these are differences: take the logarithm"),
        (
            np.sum(histogram * np.log1p(histogram * k)),
            "log1p adds 1: leave out the shares that are 0, and take np.log",
        ),
    ]

    def cause(array):
        if array.ndim:
            return "a number for each class came: take the sum"
        if not np.isfinite(array):
            return "the logarithm of 0: a share of 0 contributes 0, so leave it out of the sum"
        for value, text in mistakes:
            if np.isfinite(value) and np.isclose(array, value, rtol=1e-4, atol=1e-6):
                return text
        if abs(array - right) < 0.01:
            return (
                "nearly right: a small number is added somewhere, or the result is rounded; "
                "leave out the shares that are 0 instead"
            )
        return "sum over the classes: share times the logarithm of share / (1/K)"

    expect_close(answer(histogram.copy()), right, what, cause=cause, atol=atol)


@KL.check(BALANCE)
def kl_from_uniform_value(
    answer, histogram=(0.2, 0.05, 0.1, 0.15, 0.02, 0.08, 0.25, 0.05, 0.06, 0.04)
):
    """sums share times log(share / (1/K))."""
    _expect_divergence(answer, histogram, f"the divergence of {histogram}")


@KL.check(BALANCE)
def kl_from_uniform_uniform(answer, n_classes=10):
    """is 0 for a uniform histogram."""
    histogram = np.full(n_classes, 1 / n_classes)
    _expect_divergence(answer, histogram, f"the divergence for {n_classes} equal shares")


@KL.check(BALANCE)
def kl_from_uniform_nearly(answer, difference=0.001):
    """is right for a nearly uniform histogram."""
    histogram = 0.1 + difference * np.array([1, -1] * 5)
    _expect_divergence(answer, histogram, f"the divergence of the shares 0.1 ± {difference:g}")


@KL.check(BALANCE)
def kl_from_uniform_zeros(answer, histogram=(0.5, 0, 0.25, 0.25, 0, 0, 0, 0, 0, 0)):
    """takes shares of 0, which contribute 0."""
    histogram = np.array(histogram, float)
    _expect_divergence(answer, histogram, f"the divergence of {short(histogram)}")


@KL.check(BALANCE)
def kl_from_uniform_classes(answer, histogram=(0.7, 0.2, 0.1)):
    """takes any number of classes."""
    _expect_divergence(answer, histogram, f"the divergence of {histogram}")


@KL.check(BALANCE)
def kl_from_uniform_unchanged(answer, histogram=(0.5, 0, 0.3, 0.2)):
    """leaves the histogram unchanged."""
    histogram = np.array(histogram)
    given = histogram.copy()
    with np.errstate(all="ignore"):
        answer(given)
    _expect_unchanged({"histogram": histogram}, {"histogram": given}, "the call")


# ---- frechet_distance ----------------------------------------------------------------------


def _reflection(dimension, start):
    """An orthogonal matrix without a zero entry, the same at every call."""
    v = np.sin(start + 1.7 * np.arange(1, dimension + 1))
    return np.eye(dimension) - 2 * np.outer(v, v) / np.dot(v, v)


def _symmetric(dimension, start, values):
    """A matrix with these eigenvalues, in directions that depend on `start`."""
    turn = _reflection(dimension, start) @ _reflection(dimension, 3 * start + 1)
    matrix = turn * values @ turn.T
    return (matrix + matrix.T) / 2


def _covariance(dimension, rank, start=1):
    values = np.where(np.arange(dimension) < rank, 1.0 + np.arange(dimension) % 5, 0)
    return _symmetric(dimension, start, values)


def _mapped(dimension, rank):
    """Two covariances that do not commute, and their distance, in any dimension.

    If x has the covariance C, then T x has T C T. For a symmetric T without negative eigenvalue
    no map moves less (Brenier's theorem), so the distance is the mean of |T x - x|²,
    Tr (T - I) C (T - I).
    """
    cov1 = _covariance(dimension, rank)
    stretch = _symmetric(dimension, 2, 0.3 + np.arange(dimension) % 3)
    cov2 = stretch @ cov1 @ stretch
    move = stretch - np.eye(dimension)
    return cov1, (cov2 + cov2.T) / 2, np.trace(move @ cov1 @ move)


def _means(dimension):
    mean1 = 0.5 * np.cos(np.arange(dimension))
    return mean1, mean1 + 0.4 * np.sin(1 + np.arange(dimension))


def _root(cov):
    values, vectors = np.linalg.eigh(cov)
    return vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T


def _frechet_mistakes(mean1, cov1, mean2, cov2, right):
    """Values of wrong formulas, with what is wrong in each."""
    step = mean1 - mean2
    means = np.dot(step, step)
    traces = np.trace(cov1) + np.trace(cov2)
    root = (means + traces - right) / 2  # the trace of the root of C1 C2
    product = cov1 @ cov2
    each = "np.sqrt takes the root of each entry: take the root of the matrix, from its eigenvalues"
    norm = "the distance of the means must be squared"
    end = "the square root is taken at the end: return the square"
    if np.isclose(right, means):  # both give the same number
        end = "a root is taken at the end, or the distance of the means is not squared"
    entries = "`*` multiplies entry by entry: `@` multiplies matrices"
    root1, root2 = _root(cov1), _root(cov2)
    apart = np.trace(root1 @ root2)
    values, vectors = np.linalg.eigh(cov1)
    turned = vectors.T * np.sqrt(np.maximum(values, 0)) @ vectors
    with np.errstate(invalid="ignore"):
        mistakes = [
            (math.sqrt(max(right, 0)), end),
            (math.sqrt(means) + traces - 2 * root, norm),
            (np.abs(step).sum() + traces - 2 * root, norm),
            (np.mean(step**2) + traces - 2 * root, "take the sum of the squares, not their mean"),
            (np.sum(step) ** 2 + traces - 2 * root, "square first, then take the sum"),
            (traces - 2 * root, "the distance of the means is left out"),
            (means, "the covariances are left out"),
            (means + traces - root, "the factor 2 before the root is missing"),
            (means + traces, "the root of C1 C2 is left out"),
            (means + traces + 2 * root, "the root of C1 C2 is subtracted, not added"),
            (means + traces - 4 * root, "the factor before the root is 2"),
            (
                means + traces - 2 * apart,
                "the root of a product is not the product of the roots, unless the matrices "
                "commute: take the root of C1 C2 itself",
            ),
            (
                means + np.sum(cov1) + np.sum(cov2) - 2 * root,
                "the trace is the sum of the diagonal, not of all entries: np.trace",
            ),
            (
                means + traces - 2 * _roots_of(np.linalg.eigvalsh(turned @ cov2 @ turned)),
                "the root of cov1 is vectors * np.sqrt(values) @ vectors.T, in this order",
            ),
            (means + traces - 2 * np.trace(product), "the root of C1 C2 is not taken"),
            (
                means + traces - 2 * math.sqrt(max(np.trace(product), 0)),
                "this is the root of the trace: take the trace of the root",
            ),
            *(
                (means + traces - 2 * _roots_of(np.linalg.eigvals(wrong).real), entries)
                for wrong in (
                    root1 * cov2 * root1,
                    root1 @ cov2 * root1,
                    root1 * cov2 @ root1,
                    root2 * cov1 * root2,
                    cov1 * cov2,
                )
            ),
            (means + traces - 2 * np.trace(np.sqrt(product)), each),
            (means + traces - 2 * np.trace(np.sqrt(np.abs(product))), each),
            (means + traces - 2 * np.trace(np.sqrt(np.maximum(product, 0))), each),
            (means + traces - 2 * np.trace(np.sqrt(np.abs(cov1 * cov2))), each),
            (means + traces - 2 * np.trace(np.sqrt(np.abs(cov1)) @ np.sqrt(np.abs(cov2))), each),
            (
                means + traces - 2 * _roots_of(np.linalg.eigvalsh(product)),
                "np.linalg.eigvalsh is for symmetric matrices, and C1 C2 is none: use "
                "C1^½ C2 C1^½, or np.linalg.eigvals",
            ),
            (
                means + np.sum((cov1 - cov2) ** 2),
                "these are squared differences of the entries, not the formula's trace",
            ),
        ]
    return mistakes


def _roots_of(values):
    return np.sum(np.sqrt(np.maximum(values, 0)))


def _real_number(came, what):
    """The one real number that came, or a message."""
    if came is not None and np.asarray(came).dtype.kind == "c":
        fail(
            f"{what} is a complex number",
            came=short(came),
            expected="a real number",
            cause="rounding puts tiny imaginary parts into the root: take its .real",
        )
    number = as_array(came, what)
    expect(
        number.shape == (),
        f"{what} is not one number",
        came=f"shape {number.shape}",
        expected="one number",
        cause="np.trace gives the sum of the diagonal, and np.sum of the squares one number",
    )
    return float(number)


def _measure(answer, mean1, cov1, mean2, cov2, what):
    try:
        came = answer(mean1.copy(), cov1.copy(), mean2.copy(), cov2.copy())
    except np.linalg.LinAlgError as error:
        if "converge" in str(error):
            cause = NAN_ROOT
        elif "dimension" in str(error):
            cause = "np.linalg takes a whole matrix: is there still a `...` of the skeleton?"
        else:
            cause = (
                "a Cholesky factor or an inverse does not exist for a singular covariance: "
                "use eigenvalues"
            )
        fail(
            f"it stops at {what}",
            came=f"LinAlgError: {error}",
            expected="a number",
            cause=cause,
        )
    return _real_number(came, what)


def _expect_distance(answer, gaussians, right, what):
    mean1, cov1, mean2, cov2 = gaussians
    came = _measure(answer, *gaussians, what)
    traces = np.trace(cov1) + np.trace(cov2)
    allowed = 1e-5 * traces + 1e-6 * right

    def cause():
        if not np.isfinite(came):
            return NAN_ROOT
        for value, text in _frechet_mistakes(*gaussians, right):
            if np.isclose(came, value, rtol=1e-5, atol=allowed / 2):
                return text
        if came == 0:
            return f"max(0.0, ...) hides a nan, or a negative number. If it is a nan: {NAN_ROOT}"
        # A fixed number on a diagonal weighs more where the covariances are small.
        if abs(came - right) < (0.1 if traces < 0.1 else 0.002) * (traces + right):
            return (
                "nearly right: the result is rounded, something is added to a diagonal or cut off "
                "at a fixed number, or float32 is too coarse for a square root near 0; compute in "
                "float64"
            )
        return "compare it with the formula, one term after the other"

    expect(
        abs(came - right) <= allowed,
        f"{what} is wrong",
        came=short(came),
        expected=short(float(right)),
        cause=cause(),
    )


@FRECHET.check(DISTANCE)
def frechet_distance_means(answer, dimension=3, step=(3.0, 0.0, 4.0)):
    """is the squared distance of the means for equal covariances."""
    mean1, _ = _means(dimension)
    cov = np.diag(1.0 + np.arange(dimension))  # its root is easy: the matrix is for other checks
    gaussians = mean1, cov, mean1 + np.array(step), cov
    what = f"the distance of two Gaussians with one covariance, the means {step} apart,"
    _expect_distance(answer, gaussians, np.dot(step, step), what)


@FRECHET.check(ROOT)
def frechet_distance_value(
    answer,
    mean1=(0.0, 0.0),
    cov1=((2.0, 1.0), (1.0, 2.0)),
    mean2=(3.0, 4.0),
    cov2=((6.0, 3.0), (3.0, 2.0)),
):
    """is right for two dimensions."""
    gaussians = [np.array(part) for part in (mean1, cov1, mean2, cov2)]
    mean1, cov1, mean2, cov2 = gaussians
    # The eigenvalues a and b of C1 C2 have (√a + √b)² = a + b + 2√(ab).
    determinant = np.linalg.det(cov1) * np.linalg.det(cov2)
    root = math.sqrt(np.trace(cov1 @ cov2) + 2 * math.sqrt(max(determinant, 0)))
    right = np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2) - 2 * root
    what = (
        f"the distance for the means {short(mean1)} and {short(mean2)} and the covariances "
        f"{short(cov1)} and {short(cov2)}"
    )
    _expect_distance(answer, gaussians, right, what)


@FRECHET.check(ROOT)
def frechet_distance_dimensions(answer, dimension=8):
    """is right for any number of dimensions."""
    mean1, mean2 = _means(dimension)
    cov1, cov2, right = _mapped(dimension, dimension)
    gaussians = mean1, cov1, mean2, cov2
    what = f"the distance of two Gaussians of {dimension} dimensions"
    _expect_distance(answer, gaussians, right + np.sum((mean1 - mean2) ** 2), what)


@FRECHET.check(DISTANCE)
def frechet_distance_symmetric(answer, dimension=5):
    """is the same when the Gaussians change places."""
    mean1, mean2 = _means(dimension)
    cov1, cov2, _ = _mapped(dimension, dimension)
    what = "the distance of two Gaussians"
    there = _measure(answer, mean1, cov1, mean2, cov2, what)
    back = _measure(answer, mean2, cov2, mean1, cov1, what)
    expect(
        abs(there - back) <= 1e-5 * (np.trace(cov1) + np.trace(cov2)),
        "it changes when the Gaussians change places",
        came=f"{there:.6g} and {back:.6g}",
        expected="the same number twice",
        cause="both Gaussians enter the formula in the same way: is each mean and each covariance "
        "used?",
    )


@FRECHET.check(ROOT)
def frechet_distance_equal(answer, dimension=64, rank=64):
    """is 0 for equal Gaussians."""
    mean, _ = _means(dimension)
    cov = _covariance(dimension, rank)
    what = f"the distance of a Gaussian of {dimension} dimensions from itself"
    _expect_distance(answer, (mean, cov, mean, cov), 0.0, what)


@FRECHET.check(ROOT)
def frechet_distance_singular(answer, dimension=3, rank=1):
    """is right for singular covariances."""
    mean1, mean2 = _means(dimension)
    cov1, cov2, right = _mapped(dimension, rank)
    right += np.sum((mean1 - mean2) ** 2)
    what = f"the distance for singular covariances (dimension {dimension}, rank {rank})"
    _expect_distance(answer, (mean1, cov1, mean2, cov2), right, what)
    _expect_distance(answer, (mean2, cov2, mean1, cov1), right, what)


@FRECHET.check(ROOT)
def frechet_distance_not_negative(answer, dimension=64, rank=20):
    """is never negative."""
    mean, _ = _means(dimension)
    cov = _covariance(dimension, rank)
    what = "the distance of a Gaussian with a singular covariance from itself"
    came = _measure(answer, mean, cov, mean, cov, what)
    expect(
        # What the last digits of the sum of the traces can do is not looked at.
        came >= -1e-12 * np.trace(cov),
        f"{what} is not 0 or more",
        came=short(came),
        expected="0, or a little more",
        cause=NAN_ROOT
        if np.isnan(came)
        else "rounding: return 0 instead of a negative number, by max(0.0, ...)",
    )


@FRECHET.check(ROOT)
def frechet_distance_small(answer, scale=1e-4, dimension=6):
    """is right for small covariances."""
    cov1, cov2, right = _mapped(dimension, dimension)
    mean = np.zeros(dimension)
    gaussians = mean, scale * cov1, mean, scale * cov2
    what = f"the distance for covariances near {scale:g}"
    _expect_distance(answer, gaussians, scale * right, what)


@FRECHET.check(DISTANCE)
def frechet_distance_unchanged(answer, dimension=4):
    """leaves its inputs unchanged."""
    mean1, mean2 = _means(dimension)
    cov1, cov2, _ = _mapped(dimension, dimension)
    before = {"mean1": mean1, "cov1": cov1, "mean2": mean2, "cov2": cov2}
    after = {name: array.copy() for name, array in before.items()}
    answer(*after.values())
    _expect_unchanged(before, after, "the call")
