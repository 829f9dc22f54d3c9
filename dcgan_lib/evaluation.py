"""How good are the samples? The digit judge, what it sees, distances, and a table of it all.

Losses do not answer this: a GAN's losses can look the same for good digits and for bad ones.
The judge is a small classifier of our own, trained on MNIST by `scripts/train_judge.py`.
"""

import functools
from typing import NamedTuple

import keras
import numpy as np
from keras import layers

from dcgan_lib.data import IMAGE_SHAPE, normalize_images
from dcgan_lib.files import ASSETS
from dcgan_lib.models import load_weights

N_DIGITS = 10
JUDGE_WEIGHTS = ASSETS / "judge.npz"
JUDGE_BATCH = 500  # bounds the memory; the result does not depend on it
CONFIDENT = 0.9  # a sample counts as confident when the judge gives its digit this much or more
COVERED_SHARE = 0.03  # a digit counts as covered from this share on; a fair share is 0.1
COPY_QUANTILE = 0.01  # as near to a training digit as the nearest 1 % of new digits: a copy
MIN_IMAGES = 100  # with fewer, a share of 3 % is one or two images


# ---- Which digits are there: figures from labels alone ----------------------------------


def class_histogram(labels, n_classes=N_DIGITS):
    """Compute how often each class occurs.

    Args:
        labels: whole numbers from 0 to `n_classes - 1`, shape `(n,)`, n at least 1.
        n_classes: number of classes, at least 1.

    Returns:
        A float64 array `(n_classes,)` of shares that sum to 1; 0 for an absent class.

    Raises:
        ValueError: if there is no label, or one that is no class.

    Taught in: 09_evaluation
    """
    labels = np.asarray(labels)
    if labels.size == 0:
        raise ValueError("labels is empty: give at least one label.")
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(
            f"labels must be whole numbers of shape (n,), not {labels.dtype} of shape "
            f"{labels.shape}: take the argmax of logits or probabilities first."
        )
    if labels.min() < 0 or labels.max() >= n_classes:
        raise ValueError(
            f"labels must lie between 0 and {n_classes - 1}, "
            f"but they reach from {labels.min()} to {labels.max()}."
        )
    return np.bincount(labels.astype(np.int64), minlength=n_classes) / labels.size


def missing_digits(labels, threshold=0.01, n_classes=N_DIGITS):
    """List the digits that hardly occur: the sign of mode collapse.

    Args:
        labels: whole numbers from 0 to `n_classes - 1`, shape `(n,)`, n at least 1.
        threshold: share in [0, 1]; a digit with a smaller share is missing.
        n_classes: number of classes, at least 1.

    Returns:
        A sorted list of ints.

    Raises:
        ValueError: if there is no label, or one that is no class.

    Taught in: 09_evaluation
    """
    return np.flatnonzero(class_histogram(labels, n_classes) < threshold).tolist()


def kl_from_uniform(histogram):
    """Compute the KL divergence of a histogram from the uniform distribution.

    KL(p, u) = sum of p log(p / u) with u = 1 / len(p), natural log; p = 0 contributes 0
    (Kullback and Leibler 1951, https://doi.org/10.1214/aoms/1177729694).

    Args:
        histogram: shares, 0 or more, with the sum 1, shape `(k,)`.

    Returns:
        A float from 0, all classes equally often, to log k, one class alone.

    Raises:
        ValueError: if these are no shares, e.g. counts.

    Taught in: 09_evaluation
    """
    shares = np.asarray(histogram, np.float64)
    if shares.ndim != 1 or shares.size == 0:
        raise ValueError(f"histogram must have shape (k,), not {shares.shape}.")
    # 1e-3 leaves room for float32 and rounded shares; counts miss it.
    if not np.all(shares >= 0) or not abs(shares.sum() - 1) < 1e-3:
        raise ValueError(
            "histogram must hold shares that are 0 or more and sum to 1: "
            "divide counts by their sum, or use class_histogram."
        )
    seen = shares[shares > 0]
    return float(max(0.0, np.sum(seen * np.log(seen * shares.size))))


# ---- The digit judge ---------------------------------------------------------------------


class Judgement(NamedTuple):
    """What the judge says of n images.

    Attributes:
        labels: int64 `(n,)`, the digit it sees, 0 to 9.
        confidence: float32 `(n,)`, the probability it gives to that digit, 0.1 to 1.
        features: float32 `(n, 64)`, the layer before its logits: what it looks at.
    """

    labels: np.ndarray
    confidence: np.ndarray
    features: np.ndarray


def make_judge():
    """Make the judge's network, with random weights.

    Returns:
        A `keras.Model` from images `(n, 28, 28, 1)` in [-1, 1] to logits `(n, 10)`; its layer
        "features" gives the 64 features.
    """
    # float32 whatever the global policy: a figure must not depend on how the GAN was trained.
    dtype = "float32"
    images = x = keras.Input(IMAGE_SHAPE)
    for filters, pool in ((16, 2), (32, 2), (32, 1)):  # 28x28 -> 14x14 -> 7x7 -> 7x7
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False, dtype=dtype)(x)
        x = layers.MaxPooling2D(pool, dtype=dtype)(x)
        x = layers.BatchNormalization(dtype=dtype)(x)
        x = layers.ReLU(dtype=dtype)(x)
    x = layers.Flatten(dtype=dtype)(x)
    x = layers.Dropout(0.3, dtype=dtype)(x)
    x = layers.Dense(64, activation="relu", dtype=dtype, name="features")(x)
    return keras.Model(images, layers.Dense(N_DIGITS, dtype=dtype)(x), name="judge")


def load_judge(path=JUDGE_WEIGHTS):
    """Load the judge that the course ships; its card is `assets/judge.md`.

    Args:
        path: `.npz` file that `models.save_weights` wrote.

    Returns:
        A `keras.Model` as `make_judge` makes it.

    Raises:
        ValueError: if the file does not fit the network.
    """
    return load_weights(make_judge(), path)


@functools.cache
def _shipped_judge():
    judge = load_judge()
    return keras.Model(judge.input, [judge.output, judge.get_layer("features").output])


def judge_digits(images):
    """Let the judge look at images, in inference mode.

    Args:
        images: float `(n, 28, 28, 1)` in [-1, 1], array or tensor, n at least 1.

    Returns:
        A `Judgement` of n labels, confidences and feature vectors. The judge always names a
        digit. Low confidence is a bad sign; high confidence is no proof of a digit.

    Raises:
        ValueError: if the images have another shape or range, or are not finite.
    """
    images = _checked_images(images)
    judge = _shipped_judge()
    logits, features = [], []
    for start in range(0, len(images), JUDGE_BATCH):
        batch = judge(images[start : start + JUDGE_BATCH], training=False)
        logits.append(np.asarray(batch[0]))
        features.append(np.asarray(batch[1]))
    logits = np.concatenate(logits)
    # The softmax of the largest logit: 1 / sum of exp(logit - largest).
    confidence = 1 / np.exp(logits - logits.max(axis=1, keepdims=True)).sum(axis=1)
    return Judgement(logits.argmax(axis=1), confidence, np.concatenate(features))


def confident_share(confidence):
    """Compute the share of samples that the judge is sure about.

    Args:
        confidence: probabilities `(n,)`, as in a `Judgement`, n at least 1.

    Returns:
        A float: the share of samples with a confidence of at least `CONFIDENT` (0.9).

    Raises:
        ValueError: if there is no number, or one that is no probability.
    """
    confidence = np.asarray(confidence)
    if confidence.size == 0 or not np.all((confidence >= 0) & (confidence <= 1)):
        raise ValueError("confidence must hold at least one number, all of them in [0, 1].")
    return float(np.mean(confidence >= CONFIDENT))


def _checked_images(images):
    """Return float32 `(n, 28, 28, 1)` in [-1, 1], or say what is wrong with the images."""
    images = np.asarray(images)
    if images.dtype.kind in "iub":
        raise ValueError(
            f"images must be floats in [-1, 1], not {images.dtype}: use data.normalize_images."
        )
    if images.ndim != 4 or images.shape[1:] != IMAGE_SHAPE or len(images) == 0:
        raise ValueError(
            f"images must have shape (n, 28, 28, 1), n at least 1, not {images.shape}."
        )
    images = images.astype(np.float32, copy=False)
    # The comparison is also false for NaN. 1e-3 leaves room for half precision.
    if not (images.min() >= -1 - 1e-3 and images.max() <= 1 + 1e-3):
        raise ValueError(
            f"images must lie in [-1, 1], but they reach from {images.min():g} to "
            f"{images.max():g}: use data.normalize_images on digits, tanh on a generator."
        )
    return images


# ---- Fréchet distance --------------------------------------------------------------------


def frechet_distance(mean1, cov1, mean2, cov2):
    """Compute the squared Fréchet distance of two Gaussians.

    |m1 - m2|² + Tr(C1 + C2 - 2 (C1 C2)^½) (Dowson and Landau 1982,
    https://doi.org/10.1016/0047-259X(82)90077-X), as in the FID of Heusel and others (2017),
    https://arxiv.org/abs/1706.08500. Also called the squared 2-Wasserstein distance.

    Args:
        mean1: mean of the first Gaussian, `(d,)`; a number for d = 1.
        cov1: its covariance, `(d, d)`, symmetric, no negative eigenvalue; may be singular.
        mean2: mean of the second Gaussian, `(d,)`.
        cov2: its covariance, `(d, d)`.

    Returns:
        A float, 0 or more; the same if the Gaussians change places.

    Raises:
        ValueError: if the shapes do not fit, or a matrix is no covariance.

    Taught in: 09_evaluation
    """
    mean1, factor1 = _mean_and_factor(mean1, cov1, "1")
    mean2, factor2 = _mean_and_factor(mean2, cov2, "2")
    if mean1.shape != mean2.shape:
        raise ValueError(f"mean1 has length {len(mean1)}, mean2 {len(mean2)}: they must agree.")
    # With C1 = A Aᵀ and C2 = B Bᵀ, the eigenvalues of C1 C2 are the squared singular values of
    # Aᵀ B. So Tr (C1 C2)^½ is the sum of the latter: real, and exact for singular matrices,
    # where the square root of the product C1 C2 itself turns complex or loses half the digits.
    overlap = np.linalg.svd(factor1.T @ factor2, compute_uv=False).sum()
    spread = np.sum(factor1**2) + np.sum(factor2**2)  # Tr C = sum of squares of A
    return float(max(0.0, np.sum((mean1 - mean2) ** 2) + spread - 2 * overlap))


def _mean_and_factor(mean, cov, which):
    """Return the mean, and a matrix A with A Aᵀ = cov."""
    mean = np.atleast_1d(np.asarray(mean, np.float64))
    cov = np.atleast_2d(np.asarray(cov, np.float64))
    if mean.ndim != 1 or cov.shape != (mean.size, mean.size):
        raise ValueError(
            f"mean{which} and cov{which} must have the shapes (d,) and (d, d), "
            f"not {mean.shape} and {cov.shape}."
        )
    if not np.all(np.isfinite(mean)) or not np.all(np.isfinite(cov)):
        raise ValueError(f"mean{which} and cov{which} must be finite.")
    # Rounding leaves small faults in a covariance, above all in float32: they are put right.
    tolerance = 1e-4 * np.abs(cov).max()
    values, vectors = np.linalg.eigh((cov + cov.T) / 2)
    if np.abs(cov - cov.T).max() > tolerance or values.min() < -tolerance:
        raise ValueError(
            f"cov{which} is no covariance: it must be symmetric, without negative eigenvalues."
        )
    return mean, vectors * np.sqrt(np.maximum(values, 0))


def frechet_digit_distance(features, reference_features):
    """Compute the squared Fréchet distance between the judge's features of two sets of images.

    This is no FID: the features are those of our judge, not of the Inception network, so it
    can be compared only with other values from this judge. It also depends on the number of
    images, because few images estimate a covariance badly: compare equal numbers only.

    Args:
        features: `(n, d)`, as in a `Judgement`, n at least 2.
        reference_features: `(m, d)`, m at least 2.

    Returns:
        A float, 0 or more.

    Raises:
        ValueError: if the shapes do not fit.
    """
    moments = []
    for name, values in (("features", features), ("reference_features", reference_features)):
        values = np.asarray(values, np.float64)
        if values.ndim != 2 or len(values) < 2:
            raise ValueError(f"{name} must have shape (n, d), n at least 2, not {values.shape}.")
        moments += [values.mean(axis=0), np.cov(values, rowvar=False)]
    return frechet_distance(*moments)


# ---- Memorising --------------------------------------------------------------------------


class Nearest(NamedTuple):
    """The nearest digit of each of n images.

    Attributes:
        distances: float32 `(n,)`, Euclidean over the 784 pixels, each in [-1, 1].
        indices: int64 `(n,)`, the place of the nearest digit in the digits given.
    """

    distances: np.ndarray
    indices: np.ndarray


def nearest_digits(images, digits, chunk=256):
    """Find the nearest digit of each image, pixel by pixel.

    Args:
        images: float `(n, 28, 28, 1)` in [-1, 1], n at least 1.
        digits: float `(m, 28, 28, 1)` in [-1, 1], m at least 1: where to look.
        chunk: images at a time, which bounds the memory to `chunk * m` numbers.

    Returns:
        A `Nearest` of n distances and indices; a copy has the distance 0.

    Raises:
        ValueError: if an array has another shape or range, or is not finite.
    """
    images, digits = (_checked_images(x).reshape(len(x), -1) for x in (images, digits))
    squares = np.sum(digits**2, axis=1)
    indices = np.concatenate(
        [
            # |a - b|² = |a|² - 2 ab + |b|², and |a|² is the same for every b.
            np.argmin(squares - 2 * (images[start : start + chunk] @ digits.T), axis=1)
            for start in range(0, len(images), chunk)
        ]
    )
    # That formula rounds too much for the distance of a copy, so the winner's is taken anew.
    return Nearest(np.linalg.norm(images - digits[indices], axis=1), indices)


class Memorising(NamedTuple):
    """Signs that a generator has learned its training digits by heart.

    Attributes:
        ratio: float, the median of the samples' distances to the nearest training digit, each
            divided by the median of held-out digits of its kind. 1: as new as real digits.
            0: copies. Above 1: the samples are unlike every training digit.
        copied: float, the share of samples that are, by that measure, as near to a training
            digit as the nearest 1 % of the held-out digits are.
    """

    ratio: float
    copied: float


def memorising(distances, labels, held_out_distances, held_out_labels):
    """Compare distances to the nearest training digit with those of digits never trained on.

    Ones lie much closer together than other digits. So a one is compared with ones: otherwise
    a collapse onto ones would look like memorising, and a learned eight would not.

    Args:
        distances: of samples, `(n,)`, n at least 1, as in `Nearest`.
        labels: the samples' digits, `(n,)`, as in `Judgement`.
        held_out_distances: of held-out digits, `(m,)`, m at least 1.
        held_out_labels: the held-out digits' labels, `(m,)`. A kind of which none is held out
            is compared with all.

    Returns:
        A `Memorising`.

    Raises:
        ValueError: if an array is empty or has another length, or if the held-out digits are
            in the training set.
    """
    distances, labels = np.asarray(distances), np.asarray(labels)
    held_out, held_out_labels = np.asarray(held_out_distances), np.asarray(held_out_labels)
    if distances.size == 0 or held_out.size == 0:
        raise ValueError("distances and held_out_distances must hold at least one distance each.")
    if distances.shape != labels.shape or held_out.shape != held_out_labels.shape:
        raise ValueError("distances and held_out_distances must have one label for each distance.")
    typical = np.full(N_DIGITS, np.median(held_out))
    for digit in np.unique(held_out_labels):
        typical[digit] = np.median(held_out[held_out_labels == digit])
    if not np.all(typical > 0):
        raise ValueError("half of the held-out digits are in the training set: hold others out.")
    relative = distances / typical[labels]
    limit = np.quantile(held_out / typical[held_out_labels], COPY_QUANTILE)
    return Memorising(float(np.median(relative)), float(np.mean(relative <= limit)))


# ---- The table ---------------------------------------------------------------------------


class QualityRow(NamedTuple):
    """One row of the quality table.

    Attributes:
        name: what was measured.
        images: number of images, the same for every row of a table.
        reference_images: number of training digits they were compared with.
        digits_covered: number of digits, 0 to 10, with a share of at least `COVERED_SHARE`.
        missing: tuple of the other digits.
        kl: KL divergence of the digits from uniform, 0 to log 10.
        confident: share of images that the judge is sure about.
        frechet: squared Fréchet digit distance to the training digits.
        nearest: ratio of distances to the nearest training digit; see `Memorising`.
        copied: share of copies; see `Memorising`.
    """

    name: str
    images: int
    reference_images: int
    digits_covered: int
    missing: tuple
    kl: float
    confident: float
    frechet: float
    nearest: float
    copied: float


def quality_table(samples, digits, name="generator"):
    """Measure samples, and beside them what the same figures say of known cases.

    The reference rows are real digits that were held out of training (the best that can be
    reached), training digits themselves (perfect memorising, which only the last two figures
    see), noise, and one digit repeated (mode collapse). Every row has the same number of
    images, because the Fréchet distance depends on it.

    Args:
        samples: float `(n, 28, 28, 1)` in [-1, 1], n at least 100.
        digits: `data.Digits` with at least 100 held-out digits: those the GAN learned from.
        name: of the first row.

    Returns:
        A list of five `QualityRow`; the first is that of the samples.

    Raises:
        ValueError: if there are too few images, or they have another shape or range.
    """
    samples = _checked_images(samples)
    count = min(len(samples), len(digits.x_test), len(digits.x_train))
    if count < MIN_IMAGES:
        raise ValueError(
            f"{len(samples)} samples, {len(digits.x_test)} held-out and {len(digits.x_train)} "
            f"training digits: a quality table needs at least {MIN_IMAGES} of each."
        )
    training = normalize_images(digits.x_train)
    held_out = normalize_images(digits.x_test)
    last = int(digits.y_test.max())  # any one digit would do
    cases = {
        name: samples,
        "real digits, held out": held_out,
        "training digits, copied": training,
        "noise": np.random.default_rng(0).uniform(-1, 1, (count, *IMAGE_SHAPE)),
        f"only the digit {last}": held_out[digits.y_test == last],
    }
    reference_features = judge_digits(training).features
    new_digits = nearest_digits(_take(held_out, count), training).distances
    new_labels = _take(digits.y_test, count)
    rows = []
    for case, images in cases.items():
        images = _take(images, count)
        judged = judge_digits(images)
        missing = missing_digits(judged.labels, COVERED_SHARE)
        distances = nearest_digits(images, training).distances
        memory = memorising(distances, judged.labels, new_digits, new_labels)
        rows.append(
            QualityRow(
                name=case,
                images=count,
                reference_images=len(training),
                digits_covered=N_DIGITS - len(missing),
                missing=tuple(missing),
                kl=kl_from_uniform(class_histogram(judged.labels)),
                confident=confident_share(judged.confidence),
                frechet=frechet_digit_distance(judged.features, reference_features),
                nearest=memory.ratio,
                copied=memory.copied,
            )
        )
    return rows


def _take(images, count):
    """Take `count` images, the same at every call, repeating them if there are too few.

    They are mixed first: a file may hold its digits in order, and then the first ones are no
    fair choice.
    """
    order = np.random.default_rng(0).permutation(len(images))
    return images[np.resize(order, count)]


def format_quality_table(rows):
    """Write a quality table as text: Markdown, with columns that also align when printed.

    Args:
        rows: list of `QualityRow`, as from `quality_table`.

    Returns:
        A string of several lines, with a legend at the end.
    """
    header = (
        "images of",
        "digits covered",
        "missing",
        "KL from uniform",
        "confident",
        "Fréchet digit distance",
        "nearest ratio",
        "copies",
    )
    cells = [
        (
            row.name,
            f"{row.digits_covered}",
            " ".join(map(str, row.missing)) or "none",
            f"{row.kl:.3f}",
            f"{row.confident:.1%}",
            f"{row.frechet:.2f}",
            f"{row.nearest:.2f}",
            f"{row.copied:.1%}",
        )
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(header, *cells, strict=True)]

    def line(texts):
        # The names are read from the left, the figures compared from the right.
        name, *figures = (
            text.ljust(width) if i == 0 else text.rjust(width)
            for i, (text, width) in enumerate(zip(texts, widths, strict=True))
        )
        return "| " + " | ".join([name, *figures]) + " |"

    rule = [":" + "-" * (widths[0] - 1), *("-" * (width - 1) + ":" for width in widths[1:])]
    legend = (
        f"Every row: {rows[0].images} images, compared with {rows[0].reference_images} training "
        f"digits.\nCovered: at least {COVERED_SHARE:.0%} of the images. Confident: the judge gives "
        f"its digit {CONFIDENT:.0%} or more.\nNearest ratio: the distance to the nearest "
        "training digit, divided by that of held-out\ndigits of its kind (medians). Copies: "
        f"as near, by that measure, as the nearest {COPY_QUANTILE:.0%} of the\nheld-out digits."
    )
    return "\n".join([line(header), line(rule), *map(line, cells), "", legend])
