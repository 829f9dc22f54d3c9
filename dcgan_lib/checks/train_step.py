"""Checks of 06_train_step: what one step moves, the loop, checkpoints.

A train step is tried on two tiny networks whose logits, losses and gradients are known exactly,
whatever the noise. No check trains for long, and none looks at how good the images are.
"""

import contextlib
import glob
import logging
import os
import re
import tempfile
import traceback
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from dcgan_lib.checks.framework import (
    Exercise,
    expect,
    expect_close,
    fail,
    progress,
    reason,
    short,
)

__all__ = [
    "make_checkpoint_manager_directory",
    "make_checkpoint_manager_networks",
    "make_checkpoint_manager_optimizers",
    "make_train_step_batch",
    "make_train_step_discriminator",
    "make_train_step_generator",
    "make_train_step_graph",
    "make_train_step_losses",
    "make_train_step_moves",
    "make_train_step_noise",
    "make_train_step_noise_dim",
    "make_train_step_sets",
    "make_train_step_training",
    "progress",
    "restore_latest_newest",
    "restore_latest_none",
    "restore_latest_optimizers",
    "train_batches",
    "train_ends",
    "train_history",
    "train_order",
]

LESSON = "06_train_step"
STEP = Exercise(
    "make_train_step",
    LESSON,
    references=["training.make_train_step", "training.update_networks"],
)
TRAIN = Exercise("train", LESSON, references=["training.train"])
MANAGER = Exercise(
    "make_checkpoint_manager", LESSON, references=["training.make_checkpoint_manager"]
)
RESTORE = Exercise("restore_latest", LESSON, references=["training.restore_latest"])

TAPES = "One step, two tapes"
UPDATES = "Gradients in, updates out"
MOVES = "Who moves"
FLAG = "The training flag"
NOISE = "Noise for every step"
GRAPH = "From Python to a graph"
TRAP = "The trap: a graph keeps its networks"
LOOP = "The loop"
CHECKPOINT = "What a checkpoint holds"
RESUME = "Back to the last checkpoint"

PASSES = 8  # of one network in one step; an answer makes one or two


def _softplus(x):
    return np.logaddexp(0, x)


def _sigmoid(x):
    return np.exp(-_softplus(-np.asarray(x, float)))


# The discriminator's weight for each pixel, and its bias. An image that gives the logit x is the
# weights' pattern, as strong as needed, and something that the weights do not see.
PATTERN = np.cos(np.arange(784.0))
WEIGHTS = 0.15 * PATTERN
BIAS = 0.1


def _image(logit, number, scale=1):
    """An image `(784,)` in [-1, 1] for which the tiny discriminator's logit is known."""
    unseen = np.sin(np.arange(784) * (0.3 + 0.1 * number))
    unseen -= PATTERN * (unseen @ PATTERN) / (PATTERN @ PATTERN)
    return 0.6 * unseen + PATTERN * (logit - BIAS) / (scale * WEIGHTS @ PATTERN)


def _batch(logits, scale=1):
    """Real images `(n, 28, 28, 1)` with these logits, as an array and as a tensor."""
    array = np.array([_image(logit, 1 + k, scale) for k, logit in enumerate(logits)])
    return array, tf.constant(array.reshape(-1, 28, 28, 1), tf.float32)


class Notes:
    """What a network was called with: training flags, and its inputs, in a graph too."""

    def __init__(self, kept=0):
        # Plain variables of fixed shape: they are no weights, and compiled graphs write to them.
        # One row for each pass: how many inputs it had and how wide they were, and their numbers.
        self.shapes = tf.Variable(tf.zeros((PASSES, 2), tf.int32), trainable=False)
        self.values = tf.Variable(tf.zeros((PASSES, kept)), trainable=False)
        self.kept = kept
        self.clear()

    def clear(self):
        """Forget everything."""
        self.flags, self.calls = [], 0
        self.shapes.assign(tf.zeros_like(self.shapes))

    def take(self, inputs, training):
        """Note one pass."""
        slot = self.calls % PASSES
        self.calls += 1
        self.flags.append(training)
        shape = tf.shape(inputs)
        self.shapes[slot].assign(tf.stack([shape[0], shape[-1]]))
        if self.kept:
            flat = tf.cast(tf.reshape(inputs, [-1]), tf.float32)
            self.values[slot].assign(tf.concat([flat, tf.zeros(self.kept)], 0)[: self.kept])

    def counts(self):
        """How many rows each pass had."""
        return [int(rows) for rows, _ in self.shapes.numpy() if rows]

    def arrays(self):
        """The inputs of each pass, `(rows, width)`: as many rows as are kept."""
        return [
            values[: self.kept // width * width].reshape(-1, width)[:rows]
            for values, (rows, width) in zip(self.values.numpy(), self.shapes.numpy(), strict=True)
            if rows
        ]


def _add(layer, name, value):
    """Add a weight that begins with this value."""
    return layer.add_weight(
        name=name,
        shape=value.shape,
        initializer=lambda shape, dtype: tf.constant(value, dtype),
    )


class Painter(keras.Model):
    """A generator: one picture, to which the noise adds nothing until `grain` has moved."""

    def __init__(self, noise_dim, logit, scale, notes):
        super().__init__()
        self.input_shape, self.notes, self.built = (None, noise_dim), notes, True
        self.input_spec = keras.layers.InputSpec(ndim=2)  # the length has a check of its own
        self.picture = _add(self, "picture", _image(logit, 0, scale).reshape(28, 28, 1))
        self.grain = _add(self, "grain", np.zeros(()))

    def call(self, noise, training=None):
        """Turn noise into images."""
        if self.notes:
            self.notes.take(noise, training)
        light = self.grain * tf.reduce_mean(noise, axis=-1)
        return self.picture + tf.reshape(light, (-1, 1, 1, 1))


class Judge(keras.Model):
    """A discriminator: the logit is a weighted sum of the pixels."""

    def __init__(self, scale, notes):
        super().__init__()
        self.input_shape, self.notes, self.built = (None, 28, 28, 1), notes, True
        self.input_spec = keras.layers.InputSpec(shape=self.input_shape)
        self.pixels = _add(self, "pixels", scale * WEIGHTS[:, np.newaxis])
        self.bias = _add(self, "bias", np.array([BIAS]))

    def call(self, images, training=None):
        """Turn images into logits."""
        if self.notes:
            self.notes.take(images, training)
        return tf.reshape(images, (-1, 784)) @ self.pixels + self.bias


class Game(NamedTuple):
    """Two tiny networks, their optimizers, and notes of what the networks are called with."""

    generator: keras.Model
    discriminator: keras.Model
    generator_optimizer: keras.optimizers.Optimizer
    discriminator_optimizer: keras.optimizers.Optimizer
    noise: Notes | None
    images: Notes | None

    def clear(self):
        """Begin the notes anew."""
        for notes in filter(None, self[4:]):
            notes.clear()

    def weights(self):
        """The weights of both networks, all of them trainable: two lists of arrays."""
        # Not trainable_variables: an answer may freeze a network for a while.
        return [[w.numpy().copy() for w in network.weights] for network in self[:2]]

    def updates(self):
        """How often each optimizer was applied."""
        return [int(optimizer.iterations) for optimizer in self[2:4]]


def _game(rates=(0.1, 0.1), fake=0.5, scale=1, noise_dim=100, notes=False, kept=0):
    """Make a game in which every fake has the logit `fake`; `scale` is of the judge's weights."""
    # Plain SGD moves a weight by rate times gradient, so one step can be known exactly.
    noise, images = (Notes(kept), Notes()) if notes else (None, None)
    return Game(
        Painter(noise_dim, fake, scale, noise),
        Judge(scale, images),
        *(keras.optimizers.SGD(float(rate)) for rate in rates),
        noise,
        images,
    )


@contextlib.contextmanager
def _quiet():
    """Keep TensorFlow's advice about many graphs away: it is the checks that need so many."""
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _make(answer, game, **noise_dim):
    """The train step that an answer makes for a game."""
    with _quiet():
        step = answer(*game[:4], **noise_dim)
    expect(
        callable(step),
        "make_train_step does not return a function",
        came=short(step),
        expected="a function train_step(images)",
        cause="end make_train_step with `return train_step`"
        if step is None
        else "return the function itself, without calling it: `return train_step`",
    )
    game.clear()
    return step


# What Keras says, and what it means here.
REFUSALS = [
    (
        "Unknown variable",
        "an optimizer gets variables that are not those of its network",
        "each optimizer moves one network only, the first the generator and the second the "
        "discriminator: do not exchange them, nor use one for both",
    ),
    (
        "No gradients provided",
        "no gradient arrives at the variables",
        "make the fakes, the logits and the losses inside the `with` block of the tapes, and "
        "pair each loss with the variables of its own network",
    ),
    (
        "not enough values to unpack (expected 2, got 0)",
        "an optimizer gets no variables at all",
        "a network with trainable = False has none, also in the next call: leave trainable as it "
        "is, since only the variables move that the optimizer gets",
    ),
    (
        "incompatible with the layer",
        "a network refuses its input",
        "noise has the shape (n, noise_dim), images have the shape (n, 28, 28, 1)",
    ),
]


def _do(step, game, images):
    """One step; the notes are of this step only."""
    game.clear()
    try:
        with _quiet():
            return step(images)
    except (ValueError, tf.errors.InvalidArgumentError) as error:
        for words, what, cause in REFUSALS:
            if words in str(error):
                lines = [line for line in reason(error).splitlines() if words in line]
                fail(
                    what,
                    came=f"ValueError: {short((lines or [words])[0].strip())}",
                    expected="one update of each network",
                    cause=cause,
                )
        where = str(error) + "".join(traceback.format_tb(error.__traceback__))
        if re.search("keras.src.optimizers", where):
            fail(
                "an optimizer refuses its gradients",
                came=f"{type(error).__name__}: {short(reason(error))}",
                expected="one update of each network",
                cause="pair the gradients with the variables for which the tape was asked",
            )
        raise


def _pair(came):
    """The two losses that a step returned, as floats."""
    expected = "(gen_loss, disc_loss), two scalar tensors"
    if not isinstance(came, (tuple, list)) or len(came) != 2:
        fail(
            "train_step does not return two losses",
            came=short(came),
            expected=expected,
            cause="there is no `return` in train_step"
            if came is None
            else "end train_step with `return gen_loss, disc_loss`",
        )
    for loss in came:
        expect(
            tf.is_tensor(loss),
            "train_step does not return tensors",
            came=f"{short(loss)}, a {type(loss).__name__}",
            expected=expected,
            cause="return the losses as the loss functions give them, without float() or .numpy()",
        )
        expect(
            loss.shape.rank == 0,
            "a loss has the wrong shape",
            came=f"shape {tuple(loss.shape)}",
            expected="shape ()",
            cause="use the loss functions of 05_losses, which take the mean over the batch",
        )
    return [float(loss) for loss in came]


def _changed(before, after):
    return [not np.array_equal(one, two) for one, two in zip(before, after, strict=True)]


NAMES = ("generator", "discriminator")


@STEP.check(MOVES)
def make_train_step_moves(answer, calls=2, real=(9.0, 7.0), fake=-9.0):
    """moves all weights of both networks at every call, by one update of each optimizer."""
    game = _game(fake=fake)
    step = _make(answer, game)
    _, images = _batch(real)
    for call in range(1, calls + 1):
        before = game.weights()
        _do(step, game, images)
        for name, old, new in zip(NAMES, before, game.weights(), strict=True):
            moved = sum(_changed(old, new))
            expect(
                moved == len(old),
                f"the {name}'s weights do not all move in call {call}",
                came=f"{moved} of {len(old)} weights moved",
                expected="all of them",
                cause="pair the gradients with all trainable_variables of the network"
                if moved
                else f"the gradients of the {name}'s loss must be applied to the variables of the "
                f"{name} that make_train_step was given, at every call, outside of `if`",
            )
        for name, count in zip(NAMES, game.updates(), strict=True):
            expect(
                count == call,
                f"the {name}'s optimizer was not applied once in each call",
                came=f"{count} updates after call {call}",
                expected=f"{call}",
                cause="the weights must be moved by the optimizer that make_train_step was given"
                if count < call
                else "one step is one update: call apply_gradients once for each network",
            )


@STEP.check(TAPES)
def make_train_step_losses(answer, real=(3.0, -1.0), fake=0.5, then=(0.5, 2.0, -1.5)):
    """returns the generator's loss, then the discriminator's, of this batch."""
    game = _game(rates=(0, 0), fake=fake)
    step = _make(answer, game)
    for logits, where in ((real, ""), (then, " of a second call")):
        came = _pair(_do(step, game, _batch(logits)[1]))
        x = np.array(logits)
        right = [_softplus(-fake), np.mean(_softplus(-x)) + _softplus(fake)]
        for name, loss, expected in zip(("gen_loss", "disc_loss"), came, right, strict=True):
            expect_close(
                loss,
                expected,
                f"{name}{where} for real logits {_written(logits)} and fake logits {fake:g}",
                cause=_why_loss(came, right, x, fake, bool(where)),
            )


def _why_loss(came, right, real, fake, second):
    n = len(real)
    known = [
        (came, right[::-1], "the two losses are exchanged: the generator's comes first"),
        (came[:1], [_softplus(fake)], "the generator's loss is fakes against ones"),
        (came[:1], [-_softplus(fake)], "this is the saturating loss: take generator_loss"),
        (came[:1], [n * right[0]], "the costs are added up: take generator_loss as it is"),
        (came[1:], [right[1] / 2], "the discriminator's loss is halved: take it as it is"),
        (
            came[1:],
            [np.mean(_softplus(real)) + _softplus(-fake)],
            "real and fake are exchanged: discriminator_loss(real_output, fake_output)",
        ),
        (came[1:], [np.mean(_softplus(-real))], "the discriminator's loss lacks the fakes"),
        (came[1:], [_softplus(fake)], "the discriminator's loss lacks the real images"),
        ([sum(came)], [sum(right)], "the two losses are mixed"),
    ]
    for loss, value, cause in known:
        if np.allclose(loss, value, rtol=1e-4):
            return cause
    if second:
        return (
            "the first call is right, so something is kept from it, or comes by chance: no average "
            "over calls, and the images as they are"
        )
    return "take generator_loss and discriminator_loss of 05_losses, of all images of the batch"


def _written(logits):
    return "(" + ", ".join(f"{x:g}" for x in logits) + ")"


def _expect_still(game, before, who, mover):
    """The network whose optimizer has the rate 0 must not move."""
    expect(
        not any(_changed(before, game.weights()[who])),
        f"the {NAMES[who]} moves although its optimizer has the learning rate 0",
        came=f"weights of the {NAMES[who]} that changed",
        expected=f"only the {NAMES[mover]} moves",
        cause="the optimizers are exchanged, or one of them moves both networks, or another "
        "optimizer than the given ones is used",
    )


def _expect_update(came, right, rate, others, what):
    """Compare how far weights moved with the closed form, and name the mistake."""

    def cause(array):
        if not np.any(array):
            return "nothing moved: is this loss left out, or made outside of the tape?"
        for gradient, text in others:
            if np.allclose(array, -rate * gradient, rtol=1e-3, atol=1e-6):
                return text
        return (
            "one update, by the gradient of its own loss with respect to its own variables, and "
            "nothing done to the gradient"
        )

    expect_close(came, -rate * right, what, cause=cause, rtol=1e-3, atol=1e-5)


TWICE = "the gradient is applied twice: one step is one update"
SUMMED = "the costs are added up: the losses of 05_losses take the mean"


@STEP.check(UPDATES)
def make_train_step_discriminator(answer, real=(-6.0, -4.0), fake=5.0, rate=0.1):
    """moves the discriminator by the gradient of its own loss, and nothing else."""
    game = _game(rates=(0, rate), fake=fake)
    step = _make(answer, game)
    array, images = _batch(real)
    before = game.weights()
    _do(step, game, images)
    _expect_still(game, before[0], 0, 1)
    came = [new - old for new, old in zip(game.weights()[1], before[1], strict=True)]
    came = np.append(came[0].ravel(), came[1])
    x = np.array(real)
    # One more pixel that is always 1 stands for the bias.
    array = np.append(array, np.ones((len(x), 1)), axis=1)
    made = np.append(_image(fake, 0), 1)
    of_real = np.mean(-_sigmoid(-x)[:, np.newaxis] * array, axis=0)
    of_fake = _sigmoid(fake) * made
    of_generator = -_sigmoid(-fake) * made
    swapped = np.mean(_sigmoid(x)[:, np.newaxis] * array, axis=0) + of_generator
    right = of_real + of_fake
    others = [
        (-right, "the sign is turned: an optimizer already goes against the gradient"),
        (of_generator, "this is the gradient of the generator's loss"),
        (right + of_generator, "the gradient of the sum of both losses: take each loss alone"),
        (swapped, "real and fake are exchanged in the discriminator's loss"),
        (of_real, "only the real images are used: the fakes belong to the loss"),
        (of_fake, "only the fakes are used: the real images belong to the loss"),
        (right / 2, "the loss is halved: take it as it is"),
        (right * len(x), SUMMED),
        (right * 2, TWICE),
    ]
    _expect_update(came, right, rate, others, f"how far the discriminator moves with SGD({rate:g})")


@STEP.check(UPDATES)
def make_train_step_generator(answer, real=(3.0, -1.0, 0.25), fake=-0.5, rate=1.0, scale=20):
    """moves the generator by the gradient of its own loss, and nothing else."""
    game = _game(rates=(rate, 0), fake=fake, scale=scale)
    step = _make(answer, game)
    _, images = _batch(real, scale)
    before = game.weights()
    _do(step, game, images)
    _expect_still(game, before[1], 1, 0)
    came = (game.weights()[0][0] - before[0][0]).ravel()
    right = -_sigmoid(-fake) * scale * WEIGHTS
    of_discriminator = _sigmoid(fake) * scale * WEIGHTS
    others = [
        (-right, "the sign is turned: an optimizer already goes against the gradient"),
        (of_discriminator, "this is the gradient of the discriminator's loss"),
        (-of_discriminator, "this is the gradient of the saturating loss: take generator_loss"),
        (right + of_discriminator, "the gradient of the sum of both losses: take each alone"),
        (right * len(real), SUMMED),
        (right * 2, TWICE),
    ]
    _expect_update(came, right, rate, others, f"how far the generator moves with SGD({rate:g})")


@STEP.check(FLAG)
def make_train_step_training(answer):
    """calls both networks in training mode."""
    game = _game(notes=True)
    step = _make(answer, game)
    _do(step, game, _batch((3.0, -1.0))[1])
    for name, notes in zip(NAMES, game[4:], strict=True):
        expect(
            notes.flags,
            f"the {name} is not called",
            came="no call",
            expected=f"{name}(..., training=True)",
            cause="call the networks that make_train_step was given",
        )
        wrong = [flag for flag in notes.flags if flag is None or not bool(flag)]
        expect(
            not wrong,
            f"the {name} is not called in training mode",
            came=f"training={wrong[0] if wrong else None} in {len(wrong)} of "
            f"{len(notes.flags)} calls",
            expected="training=True in every call",
            cause=f"write {name}(..., training=True), for real images and for fakes"
            if name == "discriminator"
            else f"write {name}(noise, training=True)",
        )


@STEP.check(NOISE)
def make_train_step_noise(answer, count=128):
    """draws new standard normal noise at every call."""
    game = _game(notes=True, kept=100 * count)
    step = _make(answer, game)
    images = tf.zeros((count, 28, 28, 1))
    calls = []
    for _ in range(2):
        _do(step, game, images)
        _expect_width(game, 100, "when noise_dim is not given")
        calls.append(_noises(game))
    _expect_fresh(*calls)
    for z in calls[0]:
        _expect_normal(z)


def _noises(game):
    noises = game.noise.arrays()
    expect(
        noises,
        "the generator is not called",
        came="no call",
        expected="generator(noise, training=True)",
        cause="call the generator that make_train_step was given, at every call of train_step",
    )
    return noises


def _expect_fresh(before, after, where=""):
    known = np.concatenate([z.ravel() for z in before])
    for z in after:
        expect(
            np.isin(z, known).mean() < 0.5,
            f"two calls of train_step{where} use the same noise",
            came="the noise of the call before",
            expected="new noise at every call",
            cause="in a graph, np.random and Python's random draw once, while it is traced: draw "
            "with tf.random.normal"
            if where
            else "draw inside train_step, with tf.random.normal, and without a fixed seed",
        )


def _expect_normal(z):
    squares = (z**2).sum(axis=1)
    # The variance of a vector's squared length is twice its number of dimensions.
    one_length = len(z) > 1 and squares.var() < 0.4 * z.shape[1]
    z, size = z.ravel(), np.sqrt(z.size)
    # Seven standard deviations: chance gets there less than once in 10**11 times.
    right = (
        abs(z.mean()) * size < 7
        and abs((z**2).mean() - 1) * size < 7 * np.sqrt(2)
        and np.abs(z).max() > 2.9
        and abs((np.abs(z) < 0.6745).mean() - 0.5) * size < 3.5
    )
    if len(np.unique(z)) < 0.9 * z.size:
        right, cause = False, "numbers are repeated: draw n * noise_dim numbers"
    elif right and one_length:
        right, cause = False, "all vectors have the same length: leave them as they are drawn"
    elif z.std() < 1e-3:
        cause = "the noise is constant"
    elif z.min() >= 0:
        cause = "no number is negative, as in uniform noise: draw with tf.random.normal"
    elif np.abs(z).max() < 2 and z.std() > 0.3:
        cause = "this looks like uniform or truncated numbers: draw with tf.random.normal"
    elif abs(z.mean()) * size > 7 or abs((z**2).mean() - 1) * size > 10:
        cause = "mean 0 and standard deviation 1 are the defaults of tf.random.normal: keep them"
    else:
        cause = "draw with tf.random.normal"
    expect(
        right,
        "the noise is not made of independent standard normal numbers",
        came=f"{len(np.unique(z)):,} different numbers of {z.size:,}, mean {z.mean():.3f}, "
        f"standard deviation {z.std():.3f}, from {z.min():.2f} to {z.max():.2f}",
        expected=f"{z.size:,} numbers with mean 0 and standard deviation 1, bell-shaped",
        cause=cause,
    )


@STEP.check(NOISE)
def make_train_step_noise_dim(answer, noise_dim=7):
    """makes noise vectors of noise_dim numbers."""
    game = _game(noise_dim=noise_dim, notes=True, kept=2 * noise_dim)
    _do(_make(answer, game, noise_dim=noise_dim), game, tf.zeros((2, 28, 28, 1)))
    _expect_width(game, noise_dim, f"with noise_dim={noise_dim}")


def _expect_width(game, noise_dim, when):
    widths = sorted({z.shape[1] for z in _noises(game)})
    expect(
        widths == [noise_dim],
        f"the noise vectors have the wrong length {when}",
        came=f"{', '.join(map(str, widths))} numbers",
        expected=f"{noise_dim} numbers",
        cause="use the parameter noise_dim, and keep its default of 100",
    )


@STEP.check(NOISE)
def make_train_step_batch(answer, sizes=(7, 1)):
    """makes as many fakes as there are real images, for a small last batch too."""
    game = _game(notes=True)
    step = _make(answer, game)
    for size in sizes:
        try:
            _do(step, game, tf.zeros((size, 28, 28, 1)))
        except (tf.errors.InvalidArgumentError, TypeError, ValueError) as error:
            fail(
                f"train_step stops at a batch of {size} image{'s' * (size > 1)}",
                came=f"{type(error).__name__}: {short(reason(error))}",
                expected="a step with as many fakes as there are real images",
                cause="take the number from the batch: tf.shape(images)[0]",
            )
        noise, seen = game.noise.counts(), game.images.counts()
        expect(
            set(noise) == {size},
            f"a batch of {size} real image{'s' * (size > 1)} meets another number of fakes",
            came=", ".join(map(str, noise)) or "none",
            expected=f"{size}",
            cause="take the number from the batch: tf.shape(images)[0]",
        )
        expect(
            sum(seen) >= 2 * size and all(rows % size == 0 for rows in seen),
            f"the discriminator does not see {size} real images and {size} fakes",
            came=f"passes with {', '.join(map(str, seen)) or 'no'} images",
            expected=f"{size} and {size}, or {2 * size} in one pass",
            cause="give it the whole batch, and all fakes",
        )


@STEP.check(TRAP)
def make_train_step_sets(answer):
    """trains the networks that it was given, also when there are two sets of them."""
    games = [_game(), _game()]
    steps = [_make(answer, game) for game in games]
    _, images = _batch((3.0, -1.0))
    for called, other in ((0, 1), (1, 0), (0, 1)):
        before = [[w for network in game.weights() for w in network] for game in games]
        _do(steps[called], games[called], images)
        after = [[w for network in game.weights() for w in network] for game in games]
        expect(
            any(_changed(before[called], after[called]))
            and not any(_changed(before[other], after[other])),
            f"with two sets of networks, the train step of set {called + 1} trains others",
            came=" and ".join(
                f"set {k + 1} {'moves' if any(_changed(before[k], after[k])) else 'stands still'}"
                for k in (0, 1)
            ),
            expected=f"only set {called + 1} moves",
            cause="train_step must use the parameters of make_train_step, not global names, and "
            "each call of make_train_step must make a new function",
        )


# What values that are not there yet lead to.
GRAPH_ERRORS = (
    AttributeError,
    NotImplementedError,
    TypeError,
    tf.errors.OperatorNotAllowedInGraphError,
)


@STEP.check(GRAPH)
def make_train_step_graph(answer, calls=2):
    """works inside a tf.function."""
    game = _game(notes=True, kept=200)
    step = tf.function(_make(answer, game))
    _, images = _batch((3.0, -1.0))
    noises = None
    for call in range(1, calls + 1):
        before = game.weights()
        try:
            _do(step, game, images)
        except GRAPH_ERRORS as error:
            fail(
                "train_step stops inside a tf.function",
                came=f"{type(error).__name__}: {short(reason(error))}",
                expected="a step as outside of it",
                cause="while a graph is traced there are no numbers yet: no .numpy(), and no "
                "NumPy function of a tensor, inside train_step",
            )
        after = _noises(game)
        if noises is not None:
            _expect_fresh(noises, after, " inside a tf.function")
        noises = after
        expect(
            any(any(_changed(*pair)) for pair in zip(before, game.weights(), strict=True)),
            f"inside a tf.function nothing moves in call {call}",
            came="the same weights",
            expected="an update at every call",
            cause="compute and apply the gradients with TensorFlow, from noise to update",
        )


def _step(losses, events):
    """A train step that notes the number in each batch and gives it planned losses."""

    @tf.autograph.experimental.do_not_convert
    def train_step(images):
        expect(
            tf.executing_eagerly(),
            "train_step is called inside of a tf.function",
            came="one call while a graph is traced",
            expected="a call for every batch",
            cause="call train_step itself, without a tf.function around it: a graph runs its "
            "Python once",
        )
        number = int(tf.reshape(images, [-1])[0])
        events.append(number)
        return tuple(tf.constant(loss, tf.float32) for loss in losses(number))

    return train_step


def _numbers(count, size=1):
    """Batches that hold their number."""
    return tf.data.Dataset.range(count).map(
        lambda k: tf.fill((size, 28, 28, 1), tf.cast(k, tf.float32))
    )


@TRAIN.check(LOOP)
def train_batches(answer, count=3, epochs=2):
    """hands every batch of every epoch to the train step, once."""
    events = []
    answer(_numbers(count), epochs, _step(lambda k: (0.5, 1.0), events))
    _expect_all(events, count, epochs)
    expect(
        events == list(range(count)) * epochs,
        f"train over {count} batches and {epochs} epochs hands them on in another order",
        came=f"batches {short(events)}",
        expected=f"batches {short(list(range(count)) * epochs)}",
        cause="go through the dataset as it is: it shuffles itself where it should",
    )


def _expect_all(events, count, epochs):
    """Expect every batch in every epoch, in any order."""
    expected = list(range(count)) * epochs
    epoch = range(0, len(expected), count)
    if len(events) == len(expected) and all(
        sorted(events[start : start + count]) == list(range(count)) for start in epoch
    ):
        return
    if not events:
        cause = "train_step is never called: call it with every batch"
    elif sorted(events) == list(range(count)):
        cause = "only one epoch is done: put the loop over the dataset into the loop over epochs"
    elif len(events) < len(expected):
        cause = "some batches are left out or put together, or an epoch is missing"
    elif len(events) > len(expected):
        cause = "some batches come twice, or there is an epoch too many"
    else:
        cause = "in each epoch every batch comes once"
    fail(
        f"train over {count} batches and {epochs} epochs hands on other batches",
        came=f"batches {short(events)}",
        expected=f"batches {short(expected)}",
        cause=cause,
    )


@TRAIN.check(LOOP)
def train_order(answer, count=16, epochs=2):
    """goes through the dataset anew in every epoch."""
    events = []
    # Of the orders of 16 batches, chance repeats one once in 10**13 times.
    answer(_numbers(count).shuffle(count), epochs, _step(lambda k: (0.5, 1.0), events))
    _expect_all(events, count, epochs)
    orders = [events[start : start + count] for start in range(0, len(events), count)]
    expect(
        len({tuple(order) for order in orders}) == epochs,
        "a shuffled dataset comes in the same order in every epoch",
        came=f"epoch 1: {short(orders[0][:6])}, epoch 2: {short(orders[1][:6])}",
        expected="another order in every epoch",
        cause="write `for images in dataset` inside of the loop over epochs, and keep no list of "
        "the batches",
    )


@TRAIN.check(LOOP)
def train_ends(answer, count=3, epochs=2):
    """calls on_epoch_end with 1, 2, … after the last batch of each epoch."""
    events = []
    answer(
        _numbers(count),
        epochs,
        _step(lambda k: (0.5, 1.0), events),
        # A caller's function may name its parameter as it likes.
        lambda epoch, /: events.append(f"end {int(epoch)}"),
    )
    expected = [e for epoch in range(1, epochs + 1) for e in [*range(count), f"end {epoch}"]]
    if events == expected:
        return
    ends = [e for e in events if isinstance(e, str)]
    wanted = [e for e in expected if isinstance(e, str)]
    if not ends:
        cause = "on_epoch_end is never called"
    elif ends == [f"end {k}" for k in range(epochs)]:
        cause = "epochs count from 1: range(1, epochs + 1)"
    elif len(ends) > epochs:
        cause = "call it after the loop over the batches, not inside of it"
    elif ends == wanted:
        cause = "call it at the end of the epoch, after its last batch"
    else:
        cause = "call it once in each epoch, with the number of the epoch"
    fail(
        "on_epoch_end is not called as the text says",
        came=" ".join(map(str, events)) or "nothing",
        expected=" ".join(map(str, expected)),
        cause=cause,
    )


# Planned losses of one call after the other. The mean of an epoch differs from the last loss, the
# sum, and a mean that weighs the batches by their sizes or goes on over the epochs.
PLANNED = [(1.0, 2.0), (5.0, 3.0), (0.0, 10.0), (7.5, 1.25), (0.5, 2.5), (2.5, 4.5)]


@TRAIN.check(LOOP)
def train_history(answer, images=7, batch_size=3, epochs=2):
    """returns one tuple of the mean losses for each epoch, as floats."""
    dataset = tf.data.Dataset.from_tensor_slices(tf.zeros((images, 28, 28, 1))).batch(batch_size)
    sizes = [len(batch) for batch in dataset]
    events = []
    step = _step(lambda _: PLANNED[(len(events) - 1) % len(PLANNED)], events)
    came = answer(dataset, epochs, step)
    parts = [np.array(PLANNED[k : k + len(sizes)]) for k in range(0, len(PLANNED), len(sizes))]
    parts = (parts * epochs)[:epochs]
    expected = [tuple(float(x) for x in part.mean(axis=0)) for part in parts]
    what = f"train over {len(sizes)} batches and {epochs} epochs"
    if not isinstance(came, list) or len(came) != epochs:
        if came is None:
            cause = "there is no `return`"
        elif isinstance(came, list) and len(came) > len(events):
            cause = "the list of an earlier call goes on: make a new one inside of train"
        else:
            cause = "append one tuple to a list after each epoch, and return the list at the end"
        fail(
            f"{what} does not return one entry for each epoch",
            came=short(came),
            expected=f"a list of {epochs} tuples",
            cause=cause,
        )
    for entry in came:
        expect(
            isinstance(entry, tuple) and len(entry) == 2,
            f"{what} returns a list of something else than pairs",
            came=short(entry),
            expected="a tuple (mean gen_loss, mean disc_loss)",
            cause="append both means, in one tuple",
        )
        expect(
            all(isinstance(x, float) for x in entry),
            f"{what} does not return Python floats",
            came=f"{short(entry)}, of type {type(entry[0]).__name__}",
            expected="two numbers of type float",
            cause="turn each mean into a number with float(...)",
        )
    so_far = np.cumsum(np.concatenate(parts), axis=0)[len(sizes) - 1 :: len(sizes)]
    counts = len(sizes) * np.arange(1, epochs + 1)[:, np.newaxis]
    weights = np.array(sizes) / sum(sizes)
    known = [
        ([e[::-1] for e in expected], "the two losses are exchanged: gen_loss comes first"),
        ([p[-1] for p in parts], "these are the losses of the last batch: take the mean"),
        ([p[0] for p in parts], "these are the losses of the first batch: take the mean"),
        ([p.sum(axis=0) for p in parts], "the losses are added up: divide by the batches"),
        ([weights @ p for p in parts], "larger batches count more: take the plain mean"),
        (
            [p.sum(axis=0) / batch_size for p in parts],
            "the sum is divided by the batch size: divide by the number of batches",
        ),
        (
            [p.sum(axis=0) / images for p in parts],
            "the sum is divided by the number of images: divide by the number of batches",
        ),
        (so_far / counts, "the sums go on over the epochs: begin anew in each epoch"),
        (so_far, "the sums go on over the epochs, and are not divided"),
        (so_far / len(sizes), "the sums go on over the epochs: begin anew in each epoch"),
    ]

    def cause(array):
        for value, text in known:
            if np.allclose(array, value, rtol=1e-4):
                return text
        return "add up the losses of all batches of the epoch, and divide by their number"

    written = ", ".join(f"({g:g}, {d:g})" for g, d in np.concatenate(parts))
    expect_close(
        np.array(came),
        np.array(expected),
        f"{what}, with the losses {written}: the result",
        cause=cause,
        rtol=1e-5,
    )


class Four(NamedTuple):
    """What a training consists of."""

    generator: keras.Model
    discriminator: keras.Model
    generator_optimizer: keras.optimizers.Optimizer
    discriminator_optimizer: keras.optimizers.Optimizer

    def pairs(self):
        """Each optimizer with its network."""
        return zip(self[2:], self[:2], strict=True)

    def build(self):
        """Build the optimizers, as their first update would."""
        for optimizer, network in self.pairs():
            optimizer.build(network.trainable_variables)

    def update(self, times):
        """Apply each optimizer, with other gradients each time."""
        for k in range(times):
            for size, (optimizer, network) in enumerate(self.pairs(), start=1):
                gradients = [tf.fill(v.shape, float(size + k)) for v in network.trainable_variables]
                optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))

    def values(self):
        """All weights of both networks, and how often each optimizer was applied."""
        weights = [weight for network in self[:2] for weight in network.get_weights()]
        return weights + [optimizer.iterations.numpy() for optimizer in self[2:]]


FOUR = Four._fields


def _four(value, updates=0):
    """Two tiny networks with all weights `value`, and optimizers that made some updates."""
    generator = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(2, use_bias=False),
            keras.layers.BatchNormalization(),
        ]
    )
    discriminator = keras.Sequential(
        [keras.Input((2,)), keras.layers.BatchNormalization(), keras.layers.Dense(1)]
    )
    four = Four(generator, discriminator, keras.optimizers.Adam(0.01), keras.optimizers.Adam(0.02))
    four.update(updates)
    for network in four[:2]:
        network.set_weights([np.full_like(w, value) for w in network.get_weights()])
    return four


@contextlib.contextmanager
def _folder(name="checkpoints"):
    """A folder that is not there yet; what an answer writes elsewhere is removed as well."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as parent,
        contextlib.chdir(parent),
    ):
        yield os.path.join(os.path.realpath(parent), name)


def _checkpoints(directory):
    return sorted(glob.glob("*.index", root_dir=directory))


def _manager_of(answer, directory, four):
    files, values = _checkpoints(directory), four.values()
    manager = answer(directory, *four)
    expect(
        isinstance(manager, tf.train.CheckpointManager),
        "make_checkpoint_manager does not return a checkpoint manager",
        came=short(manager),
        expected="a tf.train.CheckpointManager",
        cause="there is no `return`"
        if manager is None
        else "put the checkpoint into tf.train.CheckpointManager(...), and return that",
    )
    expect(
        _checkpoints(directory) == files,
        "make_checkpoint_manager changes what is saved in the directory",
        came=f"checkpoints after the call: {len(_checkpoints(directory))}",
        expected=f"{len(files)}, as before",
        cause="only make the manager: no save() inside, and nothing deleted",
    )
    expect(
        not any(_changed(values, four.values())),
        "make_checkpoint_manager changes the networks or the optimizers",
        came="other weights, or another number of updates, after the call",
        expected="all as before",
        cause="only make the manager: restoring and training are other functions' work",
    )
    return manager


def _save(manager):
    path = manager.save()
    expect(
        path is not None,
        "the manager refuses to save",
        came="manager.save() gave None",
        expected="a checkpoint at every call",
        cause="leave checkpoint_interval and step_counter out",
    )
    return path


def _differs(variables, others):
    return [
        one.path
        for one, two in zip(variables, others, strict=True)
        if not np.allclose(one.numpy(), two.numpy(), rtol=1e-6)
    ]


@MANAGER.check(CHECKPOINT)
def make_checkpoint_manager_directory(answer, name="checkpoints"):
    """returns a manager that saves into the given directory, as often as it is asked."""
    with _folder(name) as directory:
        manager = _manager_of(answer, directory, _four(1.0, updates=1))
        for _ in range(2):
            path = os.path.realpath(_save(manager))
            expect(
                os.path.dirname(path) == directory,
                "the checkpoints are not saved in the given directory",
                came=path,
                expected=f"{directory}{os.sep}...",
                cause="hand the parameter directory itself to tf.train.CheckpointManager",
            )


def _saved_and_restored(answer, old, new, updates=0):
    with _folder() as directory:
        saving = _manager_of(answer, directory, old)
        old.update(updates)
        _save(saving)
        manager = _manager_of(answer, directory, new)
        manager.checkpoint.restore(manager.latest_checkpoint).expect_partial()


@MANAGER.check(CHECKPOINT)
def make_checkpoint_manager_networks(answer, value=2.0):
    """saves both networks, also before the first update."""
    old, new = _four(value), _four(-value)
    _saved_and_restored(answer, old, new)
    for name, one, two in zip(FOUR[:2], old, new, strict=False):
        wrong = _differs(one.weights, two.weights)
        expect(
            not wrong,
            f"the {name}'s weights are not saved",
            came=f"other values after a restore in {', '.join(wrong)}",
            expected=f"all weights of the {name} as they were saved",
            cause=f"the checkpoint must track the {name} itself: "
            f"tf.train.Checkpoint({name}={name}, ...); an optimizer that was never used "
            "does not know its network",
        )


@MANAGER.check(CHECKPOINT)
def make_checkpoint_manager_optimizers(answer, updates=3):
    """saves the state of both optimizers."""
    # One pair is new when its manager is made, the other is built.
    old, new = _four(1.0), _four(1.0)
    new.build()
    _saved_and_restored(answer, old, new, updates)
    for name, one, two in zip(FOUR[2:], old[2:], new[2:], strict=True):
        wrong = _differs(one.variables, two.variables)
        expect(
            not wrong,
            f"the state of {name} is not saved",
            came=f"other values after a restore in {short(wrong)}",
            expected=f"the number of updates and the moments of {name} as they were saved",
            cause=f"the checkpoint must track the optimizer itself, which may be new: "
            f"tf.train.Checkpoint(..., {name}={name})",
        )


def _manager(directory, four):
    checkpoint = tf.train.Checkpoint(**four._asdict())
    return tf.train.CheckpointManager(checkpoint, directory, max_to_keep=3)


def _expect_path(came, manager):
    expected = manager.latest_checkpoint
    others = [path for path in manager.checkpoints if path != expected]
    if came is None:
        cause = "there is no `return`, it comes too late, or an error was caught before it"
    elif came in others:
        cause = "an older checkpoint: take manager.latest_checkpoint"
    elif isinstance(came, (str, os.PathLike)):
        cause = "return the path itself, manager.latest_checkpoint"
    else:
        cause = "this is not a path: return manager.latest_checkpoint"
    expect(
        isinstance(came, (str, os.PathLike)) and os.fspath(came) == expected,
        "restore_latest returns something else than the path of the newest checkpoint",
        came=short(came),
        expected=short(expected),
        cause=cause,
    )


@RESTORE.check(RESUME)
def restore_latest_newest(answer, numbers=(9, 10)):
    """restores both networks from the newest checkpoint and returns its path."""
    with _folder() as directory:
        old = _four(0.0)
        saving = _manager(directory, old)
        for number in numbers:
            for network in old[:2]:
                network.set_weights([np.full_like(w, number) for w in network.get_weights()])
            saving.save(checkpoint_number=number)
        new = _four(-1.0)
        manager = _manager(directory, new)
        came = answer(manager)
        for name, network in zip(FOUR[:2], new[:2], strict=True):
            values = {float(x) for weight in network.get_weights() for x in weight.ravel()}
            if values == {-1.0}:
                cause = "nothing was restored: call manager.checkpoint.restore(path)"
            elif values < set(map(float, numbers)):
                cause = "an older checkpoint was restored: take manager.latest_checkpoint"
            else:
                cause = "restore everything that the manager's checkpoint tracks"
            expect(
                values == {float(numbers[-1])},
                f"the {name}'s weights are not those of the newest checkpoint",
                came=f"weights of {short(sorted(values))}",
                expected=f"weights of {numbers[-1]}, as in the newest of "
                f"{len(numbers)} checkpoints",
                cause=cause,
            )
        _expect_path(came, manager)


@RESTORE.check(RESUME)
def restore_latest_optimizers(answer, updates=3):
    """restores the optimizers, also those that made no update yet."""
    old, news = _four(1.0, updates), (_four(1.0), _four(1.0))
    with _folder() as directory:
        _manager(directory, old).save()
        news[0].build()
        for new in news:
            manager = _manager(directory, new)
            try:
                came = answer(manager)
            except AssertionError as error:
                if "Unresolved" not in str(error):
                    raise
                fail(
                    "restore_latest stops for optimizers that made no update yet",
                    came=f"AssertionError: {short(reason(error).splitlines()[0])}",
                    expected=short(manager.latest_checkpoint),
                    cause="leave assert_consumed() out: TensorFlow keeps the values for later",
                )
            _expect_path(came, manager)
        # An optimizer that is built later gets its state then.
        news[1].build()
    for new in news:
        for name, one, two in zip(FOUR[2:], old[2:], new[2:], strict=True):
            wrong = _differs(one.variables, two.variables)
            expect(
                not wrong,
                f"the state of {name} is not restored",
                came=f"other values in {short(wrong)}",
                expected="the number of updates and the moments as they were saved",
                cause="restore everything that the manager's checkpoint tracks: "
                "manager.checkpoint.restore(path)",
            )


@RESTORE.check(RESUME)
def restore_latest_none(answer):
    """returns None when there is no checkpoint."""
    with _folder() as directory:
        four = _four(1.0)
        manager = _manager(directory, four)
        came = answer(manager)
        expect(
            came is None,
            "restore_latest does not return None for a manager without a checkpoint",
            came=short(came),
            expected="None",
            cause="manager.latest_checkpoint is None then: return it as it is",
        )
        values = {float(x) for n in four[:2] for w in n.get_weights() for x in w.ravel()}
        expect(
            values == {1.0},
            "restore_latest changes weights although there is no checkpoint",
            came=f"weights of {short(sorted(values))}",
            expected="the weights as they were",
            cause="restore only when there is a checkpoint",
        )
        expect(
            not manager.checkpoints,
            "restore_latest saves a checkpoint although it should only restore",
            came=f"checkpoints in the folder: {len(manager.checkpoints)}",
            expected="none, as before",
            cause="when there is no checkpoint, return None and do nothing else",
        )
