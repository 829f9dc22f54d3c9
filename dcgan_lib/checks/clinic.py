"""Checks of 10_clinic: the causes of broken GANs, and their repairs.

Where a repair is a function that an earlier notebook teaches, that notebook's checks look at it.
"""

import functools

import keras
import numpy as np
import tensorflow as tf

from dcgan_lib.checks import data, gan_theory, train_step
from dcgan_lib.checks import losses as loss_checks
from dcgan_lib.checks.framework import (
    CheckFailed,
    Exercise,
    as_array,
    expect,
    expect_close,
    fail,
    one_array,
    progress,
    short,
)

__all__ = [
    "cause_collapse_choice",
    "cause_data_choice",
    "cause_labels_choice",
    "cause_loss_choice",
    "cause_sampling_choice",
    "cause_step_choice",
    "evidence_collapse_choice",
    "progress",
    "repair_data_dtype",
    "repair_data_keeps_input",
    "repair_data_shape",
    "repair_data_values",
    "repair_labels_finite",
    "repair_labels_gradient",
    "repair_labels_value",
    "repair_loss_ends",
    "repair_loss_gradient",
    "repair_loss_value",
    "repair_sampling_inference",
    "repair_sampling_images",
    "repair_sampling_independent",
    "repair_sampling_new",
    "repair_sampling_noise_dim",
    "repair_sampling_normal",
    "repair_step_batch",
    "repair_step_discriminator",
    "repair_step_generator",
    "repair_step_graph",
    "repair_step_losses",
    "repair_step_moves",
    "repair_step_noise",
    "repair_step_noise_dim",
    "repair_step_sets",
    "repair_step_training",
]

LESSON = "10_clinic"


def _adopt(exercise, section, check, answer_of=lambda answer: answer, **defaults):
    """Let a check of an earlier exercise look at its repair.

    Args:
        exercise: the repair's `Exercise`.
        section: heading of this notebook's section about it.
        check: check of an earlier exercise.
        answer_of: function from the repair to what the earlier check expects.
        **defaults: inputs of the check that differ from the earlier ones.

    Returns:
        The check of the repair.
    """
    body = check.__wrapped__
    earlier = next(name for name in EARLIER if body.__name__.startswith(name))

    @functools.wraps(body)
    def look(answer, **inputs):
        try:
            body(answer_of(answer), **{**defaults, **inputs})
        except CheckFailed as failure:
            raise type(failure)(str(failure).replace(earlier, exercise.name)) from None

    look.__name__ = body.__name__.replace(earlier, exercise.name)
    return exercise.check(section)(look)


EARLIER = ("generator_loss", "make_train_step", "normalize_images", "sample_latent")


# ---- Case 1 ------------------------------------------------------------------------------

CASE_1 = "Case 1: everything is a fake"
CAUSE_LOSS = Exercise("cause_loss", LESSON)
LOSS = Exercise("repair_loss", LESSON, references=["clinic.repair_loss"])

cause_loss_choice = CAUSE_LOSS.choice(
    CASE_1,
    right="C",
    reasons={
        "A": "1.386 is also the loss of a discriminator that says 0.5 to everything; but this one "
        "says 0 to everything, as the curves of the probabilities show, and the samples are no "
        "digits",
        "B": "a slow generator cannot keep the discriminator's loss at one number; a healthy "
        "discriminator would learn to recognize its fakes",
        "C": "right: every probability is near 0, and a loss from logits takes that for the logit "
        "0, 'I do not know', which costs 0.693, twice. The sigmoid is flat near its ends, so "
        "hardly any gradient leads back",
        "D": "a discriminator that knew the training images by heart would give them a "
        "probability near 1",
        "E": "with exchanged labels the discriminator would still learn: it would give real "
        "images 0 and fakes 1, and its loss would fall",
    },
)

# The loss at 0 and 1 is finite, and no smaller than at this distance from them.
NEAR = 1e-3


def _costs(p, label):
    return -np.log(p) if label else -np.log1p(-p)


def _mean(p, label):
    return np.mean(_costs(p, label))


# Halves of wrong losses, with the mistake that each betrays.
WRONG_HALVES = [
    (
        lambda p, label: np.mean(np.logaddexp(0, p) - label * p),
        "this is the broken loss: it takes probabilities for logits",
    ),
    (lambda p, label: np.sum(_costs(p, label)), "the costs are added up: take the mean"),
    (
        lambda p, label: _mean(p, 1 - label),
        "the labels are swapped, or the two arguments: real against ones, fake against zeros",
    ),
    (lambda p, label: -_mean(p, label), "the sign is turned: a cost is positive"),
    (
        lambda p, label: _mean(np.mean(p), label),
        "the mean is taken before the logarithm: take the mean of the logarithms",
    ),
    (lambda p, label: _mean(p, label) / 2, "the loss is halved: add the two means"),
    (
        lambda p, label: _mean(p, label) / np.log(2),
        "this is the logarithm to base 2: take the natural one",
    ),
    (
        lambda p, label: _mean(p, label) / np.log(10),
        "this is the logarithm to base 10: take the natural one",
    ),
    (
        # Keras keeps float32 probabilities 1e-7 away from 0 and 1.
        lambda p, label: np.mean(np.abs(p - label)) * (15.942385 if label else 16.118096),
        "label and probability are exchanged: in BinaryCrossentropy the label comes first",
    ),
    (lambda p, label: _mean(p, 1), "fakes get the label 1: they need 0"),
    (lambda p, label: _mean(p, 0), "real images get the label 0: they need 1"),
    (lambda p, label: _mean(p, 1) if label else 0, "only the real half is there: add the fakes"),
    (lambda p, label: 0 if label else _mean(p, 0), "only the fake half is there: add the real"),
    (
        lambda p, label: np.mean((p - label) ** 2),
        "this is a squared error: take the cross-entropy",
    ),
    *(
        (
            lambda p, label, e=e: _mean(np.clip(p, e, 1 - e), label),
            f"the probabilities are clipped at {e:g}, which changes small ones: clip nearer to 0",
        )
        for e in (0.1, 0.05, 0.01, 0.005, 0.002, 0.001)
    ),
    *(
        (
            lambda p, label, e=e: -np.mean(np.log((p if label else 1 - p) + e)),
            f"{e:g} is added before the logarithm, which changes small probabilities: add less, "
            "or clip",
        )
        for e in (0.1, 0.01, 1e-3, 1e-4)
    ),
    *(
        (
            lambda p, label, s=s: (1 - s) * _mean(p, label) + s * _mean(p, 1 - label),
            "the labels are smoothed: take exactly 1 and 0",
        )
        for s in (0.05, 0.1, 0.2)
    ),
]


def _probabilities(numbers, column):
    tensor = tf.constant(numbers, tf.float32)
    return tensor[:, tf.newaxis] if column else tensor


def _written(numbers):
    return "(" + ", ".join(f"{x:g}" for x in numbers) + ")"


@LOSS.check(CASE_1)
def repair_loss_value(answer, real=(0.9, 0.002, 0.8), fake=(0.3, 0.998), column=True):
    """is the cross-entropy of real against ones plus fake against zeros."""
    x, y = (np.float32(numbers).astype(float) for numbers in (real, fake))
    everything = np.concatenate([_costs(x, 1), _costs(y, 0)])
    whole = [
        (np.mean(everything), "this is one mean over all images: add the means of the halves"),
        (2 * np.mean(everything), "the larger batch counts more: take two means, and add them"),
        (_mean(x, 1) - _mean(y, 0), "the halves are subtracted: add them"),
    ]

    def cause(array):
        if array.ndim:
            return "a number for each image came: take the mean, and return a scalar of shape ()"
        if not np.isfinite(array):
            return "a logarithm of a number that is not above 0"
        for half, text in WRONG_HALVES:
            if np.isclose(array, half(x, 1) + half(y, 0), rtol=1e-4, atol=1e-6):
                return text
        for value, text in whole:
            if np.isclose(array, value, rtol=1e-4, atol=1e-6):
                return text
        return "the mean of -log(real) plus the mean of -log(1 - fake)"

    try:
        came = answer(_probabilities(real, column), _probabilities(fake, column))
    except (ValueError, tf.errors.InvalidArgumentError) as error:
        fail(
            f"it stops with {len(real)} real and {len(fake)} fake probabilities",
            came=f"{type(error).__name__}: {short(str(error))}",
            expected="a number",
            cause="the two batches may differ in size: take each mean by itself"
            if column
            else "the probabilities may have the shape (n,), too: do not count on two axes",
        )
    expect_close(
        came,
        _mean(x, 1) + _mean(y, 0),
        f"the loss for real {_written(real)} and fake {_written(fake)}",
        cause=cause,
        rtol=1e-3,
    )


@LOSS.check(CASE_1)
def repair_loss_ends(answer, column=True):
    """is finite at 0 and 1, where it still punishes errors."""
    sure, wrong = 0.0, -np.log(NEAR)
    for real, fake, least, most in (
        ((1.0, 1.0), (0.0, 0.0), sure, sure),
        ((0.0, 0.0), (0.0, 0.0), wrong, np.inf),
        ((1.0, 1.0), (1.0, 1.0), wrong, np.inf),
        ((0.0, 1.0, 0.0), (1.0, 0.0), wrong * 7 / 6, np.inf),
    ):
        what = f"the loss for real {_written(real)} and fake {_written(fake)}"
        inputs = [_probabilities(real, column), _probabilities(fake, column)]
        loss, gradients = loss_checks._differentiate(answer, inputs)
        came = as_array(loss, what)
        expect(
            came.ndim == 0 and np.isfinite(came) and least - 1e-3 <= came <= most + 1e-3,
            f"{what} is wrong",
            came=short(came),
            expected="0"
            if most == sure
            else f"a finite number from {least:.3g} on: an error costs no less at the end than "
            f"at a distance of {NEAR:g} from it",
            cause="take the mean, and return a scalar of shape ()"
            if came.ndim
            else "a logarithm of 0: keep the probabilities a very small distance away from 0 and 1"
            if not np.isfinite(came)
            else "a cost is never negative: the sign is turned, or too much is added before the "
            "logarithm"
            if came < -1e-3
            else "nothing is wrong there, so nothing is paid: the probabilities are cut too early, "
            "or the value is wrong elsewhere, too"
            if most == sure
            else "the costs at 0 and 1 are left out, set to 0 or cut too early: limit the "
            "probabilities very near to the ends, such as at 1e-7",
        )
        for gradient in gradients:
            expect(
                gradient is None or np.all(np.isfinite(gradient)),
                f"the gradient of {what} is not finite",
                came=short(gradient),
                expected="finite numbers",
                cause="tf.where does not help, since the tape also goes through the branch that "
                "is dropped: limit the probability before the logarithm",
            )


@LOSS.check(CASE_1)
def repair_loss_gradient(answer, real=(0.9, 0.25), fake=(0.3, 0.02, 0.8), column=True):
    """has the right gradient for both inputs."""
    x, y = (np.float32(numbers).astype(float) for numbers in (real, fake))
    loss_checks._expect_gradients(
        answer,
        [_probabilities(real, column), _probabilities(fake, column)],
        [-1 / x / x.size, 1 / (1 - y) / y.size],
        ["real_probability", "fake_probability"],
        [real, fake],
    )


# ---- Case 2 ------------------------------------------------------------------------------

CASE_2 = "Case 2: two calm losses"
CAUSE_STEP = Exercise("cause_step", LESSON)
STEP = Exercise(
    "repair_step",
    LESSON,
    references=[
        "clinic.repair_step",
        "clinic.make_step",
        "training.make_train_step",
        "training.update_networks",
    ],
)

cause_step_choice = CAUSE_STEP.choice(
    CASE_2,
    right="B",
    reasons={
        "A": "against a generator that stands still the discriminator would soon recognize every "
        "fake: its answer to fakes would go to 0",
        "B": "right: the sum of both losses is smallest when real images get 1 and fakes get 0.5, "
        "and both networks work for it together. Nobody plays against anybody, so nobody needs to "
        "draw digits",
        "C": "where the game ends well, real images get 0.5 as well; and the samples would be "
        "digits",
        "D": "the discriminator would still go down its own loss: where it knows all real images, "
        "such fakes, which are nearly the same, would not keep one half",
        "E": "a generator that is paid for being caught makes fakes which the discriminator "
        "recognizes: its answer to fakes would go to 0",
    },
)

_step = functools.partial(_adopt, STEP, CASE_2)
repair_step_moves = _step(train_step.make_train_step_moves)
repair_step_losses = _step(train_step.make_train_step_losses)
repair_step_discriminator = _step(train_step.make_train_step_discriminator)
repair_step_generator = _step(train_step.make_train_step_generator)
repair_step_training = _step(train_step.make_train_step_training)
repair_step_noise = _step(train_step.make_train_step_noise)
repair_step_noise_dim = _step(train_step.make_train_step_noise_dim)
repair_step_batch = _step(train_step.make_train_step_batch)
repair_step_sets = _step(train_step.make_train_step_sets)
repair_step_graph = _step(train_step.make_train_step_graph)


# ---- Case 3 ------------------------------------------------------------------------------

CASE_3 = "Case 3: grey paper"
CAUSE_DATA = Exercise("cause_data", LESSON)
DATA = Exercise("repair_data", LESSON, references=["clinic.repair_data", "data.normalize_images"])

cause_data_choice = CAUSE_DATA.choice(
    CASE_3,
    right="D",
    reasons={
        "A": "without tanh the generator's numbers could leave the range from -1 to 1; but the "
        "paper of the real images would still be -1, and the generator would learn it",
        "B": "then only the pictures would be ill, and the curves healthy; here the discriminator "
        "wins more and more. And the same function draws the healthy GAN's samples",
        "C": "the healthy GAN's paper is black after 200 steps; this paper is as grey after 600 "
        "steps as after 150",
        "D": "right: the discriminator learns that paper is 0, which is grey for a generator "
        "whose black is -1. So the generator must meet 0 exactly in most of its pixels, in the "
        "steepest part of tanh, and half of its range is forbidden",
        "E": "a discriminator that is too strong makes learning slow; it does not prefer one grey",
    },
)

_data = functools.partial(_adopt, DATA, CASE_3)
repair_data_shape = _data(data.normalize_images_shape)
repair_data_dtype = _data(data.normalize_images_dtype)
repair_data_values = _data(data.normalize_images_values)
repair_data_keeps_input = _data(data.normalize_images_keeps_input)


# ---- Case 4 ------------------------------------------------------------------------------

CASE_4 = "Case 4: both losses fall to 0"
CAUSE_LABELS = Exercise("cause_labels", LESSON)
LABELS = Exercise(
    "repair_labels",
    LESSON,
    references=["clinic.repair_labels", "losses.generator_loss", "losses._cross_entropy"],
)

cause_labels_choice = CAUSE_LABELS.choice(
    CASE_4,
    right="A",
    reasons={
        "A": "right: its loss compares fakes with the label 0, so it is smallest when every fake "
        "is caught. Both networks want the same, and both get it",
        "B": "what is good for one player is bad for the other: in a healthy game the two losses "
        "cannot both stay near 0",
        "C": "against a discriminator that is too strong the generator's loss rises; here it falls",
        "D": "the saturating loss, log(1 - D), is never above 0: its curve would come from below",
        "E": "if the generator had won, fakes would get a probability near 1",
    },
)

_labels = functools.partial(_adopt, LABELS, CASE_4)
repair_labels_value = _labels(loss_checks.generator_loss_value)
repair_labels_finite = _labels(loss_checks.generator_loss_finite)
repair_labels_gradient = _labels(loss_checks.generator_loss_gradient)


# ---- Case 5 ------------------------------------------------------------------------------

CASE_5 = "Case 5: one image, sixteen times"
CAUSE_SAMPLING = Exercise("cause_sampling", LESSON)
SAMPLING = Exercise("repair_sampling", LESSON, references=["clinic.repair_sampling"])

cause_sampling_choice = CAUSE_SAMPLING.choice(
    CASE_5,
    right="E",
    reasons={
        "A": "a collapsed generator still draws a little differently for each latent vector; "
        "these images agree to the last pixel. And a discriminator would soon recognize a single "
        "image, but these curves are healthy",
        "B": "the same seed gives the same images again at every mark, but 16 different ones",
        "C": "from one kind of digit the GAN would learn this digit in many handwritings",
        "D": "if the generator ignored its input during the training, the discriminator would "
        "see one image only, and would soon recognize it; these curves are healthy",
        "E": "right: n copies of one vector give n copies of one image. In training mode it is "
        "worse: a batch of equal rows has the variance 0, BatchNormalization turns all of them "
        "into the same numbers, and the image no longer depends on the latent vector at all",
    },
)

SCALE = 16  # latent numbers are at most so large: chance gets there less than once in 10**50 times
MARK = 0.25  # a pixel that shows whether the images were changed


class Recorder(keras.Model):
    """A generator whose images hold the latent vectors, their length, and the mode."""

    trained = False  # whether it was called in training mode since this was set

    def call(self, z, training=None):
        """Write what came into the pixels."""
        self.trained |= bool(training)
        z = tf.cast(z, tf.float32)
        width = tf.shape(z)[1]
        rest = [MARK, tf.cast(width, tf.float32) / 1000]
        tail = tf.repeat(tf.stack(rest)[tf.newaxis], tf.shape(z)[0], axis=0)
        pixels = tf.pad(z / SCALE, [[0, 0], [0, 784 - len(rest) - width]])
        return tf.reshape(tf.concat([pixels, tail], axis=1), (-1, 28, 28, 1))

    def compute_output_shape(self, shape):
        """Return the shape of images."""
        return (shape[0], 28, 28, 1)


@functools.cache
def _recorder():
    """One for all checks: `predict` would trace a new one every time."""
    return Recorder()


def _sample(answer, n, **noise_dim):
    """Let an answer draw; returns its latent vectors, and how long they are."""
    written = ", ".join(["generator", f"{n}", *(f"{k}={v}" for k, v in noise_dim.items())])
    what = f"repair_sampling({written})"
    images = one_array(answer(_recorder(), n, **noise_dim), what)
    expect(
        images.shape == (n, 28, 28, 1),
        f"{what} has the wrong shape",
        came=f"shape {images.shape}",
        expected=f"shape {(n, 28, 28, 1)}",
        cause="one image for each latent vector, with its channel axis: draw n vectors, in one "
        "array of shape (n, noise_dim)",
    )
    pixels = images.reshape(n, 784).astype(float)
    expect(
        np.allclose(pixels[:, -2], MARK, atol=1e-6),
        f"{what} does not return the images as the generator draws them",
        came=f"{short(pixels[0, -2])} in a pixel",
        expected=f"{MARK:g}, as the generator has it",
        cause="return what the generator gives, in [-1, 1], without scaling or rounding",
    )
    width = int(np.rint(pixels[0, -1] * 1000))
    return pixels[:, :width] * SCALE, width


@SAMPLING.check(CASE_5)
def repair_sampling_images(answer, n=5):
    """returns n images of shape (28, 28, 1), as the generator draws them."""
    _sample(answer, n)


@SAMPLING.check(CASE_5)
def repair_sampling_independent(answer, n=60):
    """draws every image from a latent vector of its own."""
    vectors, width = _sample(answer, n)
    different = len(np.unique(vectors, axis=0))
    expect(
        different == n,
        "some images come from the same latent vector",
        came=f"{different} different vectors for {n} images",
        expected=f"{n}",
        cause="a vector is repeated: draw numbers of the shape (n, noise_dim) at once",
    )
    values = len(np.unique(vectors))
    # Float32 numbers agree by chance now and then.
    expect(
        values > 0.9 * vectors.size,
        "the numbers of a latent vector repeat",
        came=f"{values:,} different numbers of {vectors.size:,}",
        expected=f"about {vectors.size:,}",
        cause="draw n times noise_dim numbers, not fewer",
    )
    centred = vectors - vectors.mean()
    lengths = np.linalg.norm(centred, axis=1)
    links = centred @ centred.T / np.maximum(np.outer(lengths, lengths), 1e-9)
    np.fill_diagonal(links, 0)
    # The correlation of two independent vectors of 100 numbers exceeds 0.75 in size less than
    # once in 10**18 times. Its square is 0.01 on average, with a deviation of 0.014; so the mean
    # over the 300 pairs of 25 vectors lies 12 deviations below 0.02.
    expect(
        width < 100 or np.abs(links).max() < 0.75 and np.sum(links**2) / (n * (n - 1)) < 0.02,
        "the images come from latent vectors that depend on each other",
        came=f"correlations of up to {np.abs(links).max():.2f}",
        expected="correlations near 0",
        cause="one vector is made from another, or all have a part in common: draw all of them, "
        "with the whole shape, at once",
    )


@SAMPLING.check(CASE_5)
def repair_sampling_normal(answer, n=100):
    """draws latent vectors of standard normal numbers."""
    train_step._expect_normal(_sample(answer, n)[0])


def _latent(answer):
    """The latent vectors that an answer draws, as the checks of 01_gan_theory expect them."""
    return lambda batch_size, noise_dim: _sample(answer, batch_size, noise_dim=noise_dim)[0]


repair_sampling_new = _adopt(
    SAMPLING,
    CASE_5,
    gan_theory.sample_latent_new,
    answer_of=_latent,
    batch_size=20,
    noise_dim=100,
)


@SAMPLING.check(CASE_5)
def repair_sampling_noise_dim(answer, noise_dim=7):
    """uses latent vectors of noise_dim numbers, 100 if not told."""
    for given in ({"noise_dim": noise_dim}, {}):
        _, width = _sample(answer, 4, **given)
        right = given.get("noise_dim", 100)
        expect(
            width == right,
            f"the latent vectors have another length with noise_dim={right}"
            if given
            else "the latent vectors have another length when noise_dim is not given",
            came=f"{width} numbers",
            expected=f"{right} numbers",
            cause="use the parameter noise_dim, with the default 100",
        )


@SAMPLING.check(CASE_5)
def repair_sampling_inference(answer, n=3):
    """draws in inference mode."""
    generator = _recorder()
    generator.trained = False
    _sample(answer, n)
    expect(
        not generator.trained,
        "the generator is called in training mode",
        came="training=True",
        expected="training=False",
        cause="in training mode BatchNormalization normalizes by the batch, and every drawing "
        "moves its statistics: call generator(noise, training=False)",
    )


# ---- Case 6 ------------------------------------------------------------------------------

CASE_6 = "Case 6: only a few digits"
CAUSE_COLLAPSE = Exercise("cause_collapse", LESSON)
EVIDENCE_COLLAPSE = Exercise("evidence_collapse", LESSON)

cause_collapse_choice = CAUSE_COLLAPSE.choice(
    CASE_6,
    right="B",
    reasons={
        "A": "a discriminator that learns from few kinds of digits would learn to refuse all "
        "others, and its two answers would part; here its answer to real images hardly moves",
        "B": "right: the discriminator stands still. The generator finds what this one judge likes "
        "best and makes all its images like that; nobody answers by refusing the repetition. The "
        "inventors of the GAN warn of it: the generator must not be trained too much without "
        "updating the discriminator (Goodfellow and others 2014, 'Advantages and disadvantages')",
        "C": "a generator that hardly learns would go on drawing the same digits; here they become "
        "blocks",
        "D": "such long steps would throw the discriminator's answers to and fro, and both losses "
        "up to many millions; and against one that is too strong, the generator's loss rises",
        "E": "copies of training digits would be of all kinds, and the discriminator would not "
        "be deceived by one kind more than by another",
    },
)

evidence_collapse_choice = EVIDENCE_COLLAPSE.choice(
    CASE_6,
    right="ADF",
    reasons={
        "A": "right: if all ten digits were drawn evenly, the judge would find each of them in "
        "about 10 % of the samples",
        "B": "a low loss says that this discriminator is deceived, not by how many kinds of images",
        "C": "the judge must name a digit for every image, and it was sure of each by itself. "
        "Ten kinds of images, each easy to name, would give the same number",
        "D": "right: log 10 is the largest value there is, that of a single digit; digits drawn "
        "evenly have 0",
        "E": "this shows that the samples are unlike any digit of the training set, so they are no "
        "copies; a generator that draws all ten digits badly is far from them as well, as the "
        "healthy GAN's 1.45 shows",
        "F": "right: the latent vectors are independent. If ten digits were drawn evenly, 16 "
        "images of one kind would come by chance once in 10**15 times",
        "G": "a high loss says that the discriminator errs, not over what kinds of images",
    },
)
