"""Broken GANs, their repairs, and the recorded runs of both.

A `Case` is one training, healthy by default. Each broken case has one faulty part in the place of
a healthy one, so the fault is all that differs. The repairs bear the names of their exercises;
where an earlier lesson taught the healthy function, the repair calls it.

`scripts/record_clinic.py` trains every case and writes the file that `load_records` reads.
"""

import functools
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from dcgan_lib import evaluation, losses
from dcgan_lib.animation import image_grid
from dcgan_lib.data import (
    denormalize_images,
    endless_batches,
    load_digits,
    normalize_images,
)
from dcgan_lib.files import ASSETS, atomic_path
from dcgan_lib.models import (
    NOISE_DIM,
    generate_images,
    load_trained_discriminator,
    load_trained_generator,
    make_discriminator_model,
    make_generator_model,
    probability_real,
)
from dcgan_lib.training import PRESETS, make_train_step

SMALLEST = 1e-7  # probabilities are kept so far from 0 and 1: their logarithm stays finite
RECORDS = ASSETS / "clinic.npz"
SETTINGS = PRESETS["fast"]
PICTURES = 16  # samples at each mark
MARKS = 4  # samples are drawn before the training and after each of so many equal parts of it
LOOKS = 5  # the discriminator is asked so many times from mark to mark
ASKED = 100  # real images, and fakes, that the discriminator is asked about
FINAL_SAMPLES = 200  # enough to see which digits are missing
SMOOTH = 10  # steps in a moving mean of the losses
GREY_STEP = 8  # samples are stored in 33 greys, which take much less room than 256


# ---- The faults --------------------------------------------------------------------------


def broken_loss(real_probability, fake_probability):
    """Feed probabilities to a loss that expects logits."""
    cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits
    real_costs = cross_entropy(tf.ones_like(real_probability), real_probability)
    fake_costs = cross_entropy(tf.zeros_like(fake_probability), fake_probability)
    return tf.reduce_mean(real_costs) + tf.reduce_mean(fake_costs)


def broken_step(
    generator,
    discriminator,
    generator_optimizer,
    discriminator_optimizer,
    noise_dim=NOISE_DIM,
):
    """Make a train step in which one optimizer moves both networks."""
    variables = generator.trainable_variables + discriminator.trainable_variables
    generator_optimizer.build(variables)

    @tf.function
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as tape:
            generated = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(generated, training=True)
            gen_loss = losses.generator_loss(fake_output)
            disc_loss = losses.discriminator_loss(real_output, fake_output)
            both = gen_loss + disc_loss
        gradients = tape.gradient(both, variables)
        generator_optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return gen_loss, disc_loss

    return train_step


def broken_data(images):
    """Scale digits to [0, 1], whatever the generator's range."""
    return np.asarray(images, np.float32)[..., np.newaxis] / 255.0


def broken_labels(fake_output):
    """Reward a generator whose images are recognized as fakes."""
    cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits
    return tf.reduce_mean(cross_entropy(tf.zeros_like(fake_output), fake_output))


def broken_sampling(generator, n, noise_dim=NOISE_DIM):
    """Repeat one latent vector, in training mode."""
    noise = tf.random.normal((1, noise_dim))
    noise = tf.repeat(noise, n, axis=0)
    return generator(noise, training=True)


# ---- The repairs -------------------------------------------------------------------------


def repair_loss(real_probability, fake_probability):
    """Loss of a discriminator that ends in a sigmoid.

    Args:
        real_probability: probabilities of "real" for real images, in [0, 1], any shape.
        fake_probability: the same for generated images; may have another size.

    Returns:
        Scalar tensor: mean cross-entropy of real against ones plus mean cross-entropy of fake
        against zeros.

    Taught in: 10_clinic
    """
    real, fake = (
        tf.clip_by_value(tf.cast(p, tf.float32), SMALLEST, 1.0 - SMALLEST)
        for p in (real_probability, fake_probability)
    )
    return -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log1p(-fake))


def repair_step(
    generator,
    discriminator,
    generator_optimizer,
    discriminator_optimizer,
    noise_dim=NOISE_DIM,
):
    """Make a train step in which each optimizer moves its own network only.

    Args:
        generator: model from `(n, noise_dim)` to `(n, 28, 28, 1)`.
        discriminator: model from `(n, 28, 28, 1)` to logits `(n, 1)`.
        generator_optimizer: Keras optimizer of the generator.
        discriminator_optimizer: Keras optimizer of the discriminator.
        noise_dim: length of the latent vector.

    Returns:
        A function from a batch of images to `(gen_loss, disc_loss)`; see
        `training.make_train_step`.

    Taught in: 10_clinic
    """
    return make_train_step(
        generator, discriminator, generator_optimizer, discriminator_optimizer, noise_dim
    )


def repair_data(images):
    """Scale digits to the range of the generator's tanh.

    Args:
        images: uint8 `(n, 28, 28)`. Left unchanged.

    Returns:
        float32 array `(n, 28, 28, 1)` in [-1, 1].

    Taught in: 10_clinic
    """
    return normalize_images(images)


def repair_labels(fake_output):
    """Loss of a generator that is rewarded when its images pass for real.

    Args:
        fake_output: logits for generated images.

    Returns:
        Scalar tensor; see `losses.generator_loss`.

    Taught in: 10_clinic
    """
    return losses.generator_loss(fake_output)


def repair_sampling(generator, n, noise_dim=NOISE_DIM):
    """Draw images from independent latent vectors, in inference mode.

    Args:
        generator: model from `(n, noise_dim)` to `(n, 28, 28, 1)`.
        n: how many images, from 1.
        noise_dim: length of the latent vector.

    Returns:
        Images `(n, 28, 28, 1)` in [-1, 1], a tensor.

    Taught in: 10_clinic
    """
    return generate_images(generator, tf.random.normal((n, noise_dim)))


# ---- The cases ---------------------------------------------------------------------------


def make_step(
    generator,
    discriminator,
    generator_optimizer,
    discriminator_optimizer,
    noise_dim=NOISE_DIM,
    *,
    gen_loss_of=losses.generator_loss,
    disc_loss_of=losses.discriminator_loss,
):
    """Make a train step like `training.make_train_step`, with losses of one's choice.

    Args:
        generator: model from `(n, noise_dim)` to `(n, 28, 28, 1)`.
        discriminator: model from `(n, 28, 28, 1)` to what the losses expect, `(n, 1)`.
        generator_optimizer: Keras optimizer of the generator.
        discriminator_optimizer: Keras optimizer of the discriminator.
        noise_dim: length of the latent vector.
        gen_loss_of: function from the output for fakes to the generator's loss.
        disc_loss_of: function from the outputs for real images and for fakes to the
            discriminator's loss.

    Returns:
        A function from a batch of images to `(gen_loss, disc_loss)`.
    """
    generator_optimizer.build(generator.trainable_variables)
    discriminator_optimizer.build(discriminator.trainable_variables)

    @tf.function
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            generated = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(generated, training=True)
            gen_loss = gen_loss_of(fake_output)
            disc_loss = disc_loss_of(real_output, fake_output)
        for tape, loss, network, optimizer in (
            (gen_tape, gen_loss, generator, generator_optimizer),
            (disc_tape, disc_loss, discriminator, discriminator_optimizer),
        ):
            variables = network.trainable_variables
            optimizer.apply(tape.gradient(loss, variables), variables)
        return gen_loss, disc_loss

    return train_step


def make_sigmoid_discriminator():
    """Make the course's discriminator with one more layer: it ends in a probability.

    Returns:
        A `keras.Model` from images `(n, 28, 28, 1)` to probabilities `(n, 1)`.
    """
    discriminator = make_discriminator_model()
    discriminator.add(keras.layers.Activation("sigmoid"))
    return discriminator


@dataclass(frozen=True)
class Case:
    """One training of the clinic; the defaults are healthy.

    Attributes:
        steps: updates of each network.
        normalize: function from uint8 digits to what the discriminator sees.
        make_generator: function without arguments to a generator.
        make_discriminator: function without arguments to a discriminator.
        probability: function from the discriminator's output to the probability of "real".
        make_step: function with the arguments of `training.make_train_step`.
        learning_rates: of the generator's and the discriminator's Adam.
        sample: function from a generator and n to n images.
    """

    steps: int = 800
    normalize: Callable = normalize_images
    make_generator: Callable = make_generator_model
    make_discriminator: Callable = make_discriminator_model
    probability: Callable = probability_real
    make_step: Callable = make_train_step
    learning_rates: tuple = (SETTINGS.learning_rate, SETTINGS.learning_rate)
    sample: Callable = repair_sampling


def loss_case(loss=broken_loss, steps=150):
    """A GAN whose discriminator ends in a sigmoid, with this loss for it.

    Args:
        loss: function `(real_probability, fake_probability)` to the discriminator's loss.
        steps: updates of each network.

    Returns:
        A `Case`.
    """

    def gen_loss_of(fake_probability):
        return -tf.reduce_mean(tf.math.log(tf.maximum(fake_probability, SMALLEST)))

    return Case(
        steps,
        make_discriminator=make_sigmoid_discriminator,
        probability=tf.identity,
        make_step=functools.partial(make_step, gen_loss_of=gen_loss_of, disc_loss_of=loss),
    )


def step_case(make_step=broken_step, steps=150):
    """A GAN with this train step; `make_step` as `training.make_train_step`."""
    return Case(steps, make_step=make_step)


def data_case(normalize=broken_data, steps=600):
    """A GAN that learns from digits in this range; `normalize` as `data.normalize_images`."""
    return Case(steps, normalize=normalize)


def labels_case(loss=broken_labels, steps=150):
    """A GAN whose generator has this loss; `loss` as `losses.generator_loss`."""
    return Case(steps, make_step=functools.partial(make_step, gen_loss_of=loss))


def sampling_case(sample=broken_sampling, steps=600):
    """A healthy GAN whose images are drawn in this way; `sample` as `repair_sampling`."""
    return Case(steps, sample=sample)


def collapse_case(learning_rates=(SETTINGS.learning_rate, 5e-8), steps=240):
    """The course's trained GAN, trained on with these learning rates.

    Args:
        learning_rates: of the generator's and the discriminator's Adam. By default the
            discriminator's is 10,000 times too small, so it stands still.
        steps: updates of each network.

    Returns:
        A `Case`.
    """
    return Case(
        steps,
        make_generator=load_trained_generator,
        make_discriminator=load_trained_discriminator,
        learning_rates=learning_rates,
    )


CASES = {
    "healthy": Case(),
    "loss": loss_case(),
    "step": step_case(),
    "data": data_case(),
    "labels": labels_case(),
    "sampling": sampling_case(),
    "collapse": collapse_case(),
}


# ---- Training and recording --------------------------------------------------------------


class Record(NamedTuple):
    """What was seen of one training.

    Attributes:
        gen_loss: float32 `(steps,)`, the generator's loss at each step.
        disc_loss: float32 `(steps,)`, the discriminator's.
        looks: int64 `(k,)`, the steps done when the discriminator was asked.
        real: float32 `(k,)`, the mean probability of "real" that it gave to real images.
        fake: float32 `(k,)`, the same for fakes.
        marks: int64 `(m,)`, the steps done when samples were drawn.
        samples: uint8 `(m, 16, 28, 28)`, the samples of each mark, in steps of 8 greys.
        final: uint8 `(n, 28, 28)`, samples after the last step.
    """

    gen_loss: np.ndarray
    disc_loss: np.ndarray
    looks: np.ndarray
    real: np.ndarray
    fake: np.ndarray
    marks: np.ndarray
    samples: np.ndarray
    final: np.ndarray


def train_case(case, steps=None, final=FINAL_SAMPLES):
    """Train the GAN of a case on the embedded digits, and note what is seen.

    Args:
        case: a `Case`.
        steps: updates of each network, from 1; those of the case when None.
        final: number of samples after the last step, from 1.

    Returns:
        A `Record`.
    """
    steps = case.steps if steps is None else steps
    images = case.normalize(load_digits().x_train)
    generator, discriminator = case.make_generator(), case.make_discriminator()
    optimizers = [keras.optimizers.Adam(r, beta_1=SETTINGS.beta_1) for r in case.learning_rates]
    train_step = case.make_step(generator, discriminator, *optimizers)
    latent = tf.constant(np.random.default_rng(0).standard_normal((ASKED, NOISE_DIM), np.float32))

    def ask(shown):
        return float(tf.reduce_mean(case.probability(discriminator(shown, training=False))))

    def draw(n):
        pixels = np.rint(denormalize_images(case.sample(generator, n)) / GREY_STEP) * GREY_STEP
        return np.minimum(pixels, 255).astype(np.uint8)

    # In a short training, that many questions would take longer than the steps.
    asks = min(MARKS * LOOKS, max(1, steps // 5))
    looks = np.unique(np.linspace(0, steps, asks + 1).astype(int))
    marks = np.unique(np.linspace(0, steps, MARKS + 1).astype(int))
    noted, asked, samples = [], [], []
    batches = iter(endless_batches(images, SETTINGS.batch_size, seed=0))
    for done in range(steps + 1):
        if done in looks:
            fakes = generate_images(generator, latent)
            asked.append((ask(images[:ASKED]), ask(fakes)))
        if done in marks:
            samples.append(draw(PICTURES))
        if done < steps:
            noted.append(train_step(next(batches)))
    gen_loss, disc_loss = np.array(noted, np.float32).T
    real, fake = np.array(asked, np.float32).T
    return Record(gen_loss, disc_loss, looks, real, fake, marks, np.array(samples), draw(final))


def record_case(name, steps=None):
    """Train a case of `CASES` so that the same machine and versions give the same record.

    This makes TensorFlow deterministic for the rest of the process.

    Args:
        name: key of `CASES`.
        steps: at most so many updates of each network; all when None.

    Returns:
        A `Record`.
    """
    case = CASES[name]
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(0)
    return train_case(case, case.steps if steps is None else min(steps, case.steps))


def save_records(records, path):
    """Write records into one file.

    Args:
        records: dict from the case's name to its `Record`.
        path: the `.npz` file. Losses and probabilities are stored as float16.
    """
    arrays = {
        f"{name}/{field}": array.astype(np.float16) if array.dtype == np.float32 else array
        for name, record in records.items()
        for field, array in record._asdict().items()
    }
    with atomic_path(path) as temporary:
        np.savez_compressed(temporary, **arrays)


def load_records(path=RECORDS):
    """Read the records that the course ships; their card is `assets/clinic.md`.

    Args:
        path: `.npz` file that `save_records` wrote.

    Returns:
        A dict from each name in `CASES` to its `Record`.

    Raises:
        ValueError: if the file cannot be read or lacks a record.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: _read_record(arrays, name) for name in CASES}
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"{path} holds no records of the clinic ({error}): install the course's library "
            "again, or make them by scripts/record_clinic.py"
        ) from error


def _read_record(arrays, name):
    fields = {field: arrays[f"{name}/{field}"] for field in Record._fields}
    return Record(
        **{k: a.astype(np.float32) if a.dtype == np.float16 else a for k, a in fields.items()}
    )


# ---- Figures and pictures ----------------------------------------------------------------


class Figures(NamedTuple):
    """What 200 or so samples say about the generator that drew them.

    Attributes:
        shares: float64 `(10,)`, the share of each digit, as the digit judge sees it.
        covered: number of digits with a share of at least `evaluation.COVERED_SHARE`.
        kl: KL divergence of the shares from uniform, 0 to log 10.
        confident: share of samples that the judge is sure about.
        distance: mean distance between two samples, divided by that of two real digits.
        nearest: how far the nearest training digit is, compared with that of new real digits;
            the `ratio` of `evaluation.Memorising`.
        copied: share of samples that are as near to a training digit as a copy.
    """

    shares: np.ndarray
    covered: int
    kl: float
    confident: float
    distance: float
    nearest: float
    copied: float


def measure_samples(pixels):
    """Measure samples against the digits inside the package.

    Args:
        pixels: uint8 `(n, 28, 28)`, n at least 2.

    Returns:
        `Figures`.
    """
    digits = load_digits()
    images, training, new = map(normalize_images, (pixels, digits.x_train, digits.x_test))
    judged = evaluation.judge_digits(images)
    shares = evaluation.class_histogram(judged.labels)
    missing = evaluation.missing_digits(judged.labels, evaluation.COVERED_SHARE)
    memory = evaluation.memorising(
        evaluation.nearest_digits(images, training).distances,
        judged.labels,
        evaluation.nearest_digits(new, training).distances,
        digits.y_test,
    )
    return Figures(
        shares,
        len(shares) - len(missing),
        evaluation.kl_from_uniform(shares),
        evaluation.confident_share(judged.confidence),
        _mean_distance(images) / _mean_distance(new),
        memory.ratio,
        memory.copied,
    )


def _mean_distance(images):
    """The mean Euclidean distance between two different images."""
    flat = images.reshape(len(images), -1).astype(np.float64)
    squares = np.sum(flat**2, axis=1)
    distances = np.sqrt(np.maximum(squares[:, np.newaxis] + squares - 2 * flat @ flat.T, 0))
    np.fill_diagonal(distances, 0)
    return distances.sum() / (len(flat) * (len(flat) - 1))


def draw_case(record, other=None, name="healthy"):
    """Draw a record's curves and samples, beside those of another.

    Args:
        record: a `Record`.
        other: the `Record` of another GAN, of which as many steps are shown, dashed. When None,
            earlier samples of the record itself are shown instead.
        name: what the other GAN is called in the figure.

    Returns:
        A matplotlib figure: both losses, what the discriminator says, and the samples.
    """
    from matplotlib import pyplot

    steps = len(record.gen_loss)
    figure, (left, middle, *panels) = pyplot.subplots(1, 4, figsize=(11.5, 3), layout="constrained")
    for axes, curves in ((left, ("gen_loss", "disc_loss")), (middle, ("real", "fake"))):
        for curve, colour in zip(curves, ("tab:blue", "tab:red"), strict=True):
            if other:
                axes.plot(*_points(other, curve, steps), "--", color=colour, alpha=0.5)
            axes.plot(*_points(record, curve, steps), color=colour, label=curve)
        axes.set(xlabel="step", xlim=(0, steps))
        axes.grid(alpha=0.3)
        axes.legend()
    left.set(title="losses", ylim=(0, None))
    middle.set(title="probability of real", ylim=(-0.05, 1.05))
    own = (record, "this GAN", steps)
    pairs = (own, (other, name, steps)) if other else ((*own[:2], record.marks[1]), own)
    for axes, (shown, title, step) in zip(panels, pairs, strict=True):
        mark = min(int(np.searchsorted(shown.marks, step)), len(shown.marks) - 1)
        axes.imshow(tile(shown.samples[mark]), cmap="gray", vmin=0, vmax=255)
        axes.set(title=f"{title}, step {shown.marks[mark]}", xticks=[], yticks=[])
    return figure


def describe_case(record):
    """Say in numbers what `draw_case` shows of a record.

    Args:
        record: a `Record`.

    Returns:
        Three sentences, for readers who cannot see the figure.
    """
    steps = len(record.gen_loss)
    part = min(SMOOTH, steps)
    return (
        f"From the first {part} to the last {part} of {steps} steps the generator's loss goes "
        f"from {record.gen_loss[:part].mean():.2f} to {record.gen_loss[-part:].mean():.2f}, the "
        f"discriminator's from {record.disc_loss[:part].mean():.2f} to "
        f"{record.disc_loss[-part:].mean():.2f}. At the end the discriminator gives real images "
        f"the mean probability {record.real[-1]:.2f} and fakes {record.fake[-1]:.2f}. "
        f"Different images among the last {len(record.final)} samples: "
        f"{len(np.unique(record.final, axis=0))}."
    )


def tile(pixels, columns=4):
    """Put uint8 images `(n, 28, 28)` side by side, as `animation.image_grid` does."""
    return image_grid(normalize_images(pixels), columns)


def _points(record, curve, steps):
    """The points of a curve up to a step; losses as moving means."""
    values = getattr(record, curve)
    if curve in ("real", "fake"):
        near = record.looks <= steps
        return record.looks[near], values[near]
    part = min(SMOOTH, steps)
    means = np.convolve(values[:steps], np.full(part, 1 / part), "valid")
    return np.arange(part, part + len(means)), means
