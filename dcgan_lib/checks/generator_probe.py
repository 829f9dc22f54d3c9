"""How the checks of 03_generator look into a network that may be written in any style.

They set its weights themselves and look at what it computes: a number sent through it on a single
pixel shows each activation alone, and fixed weights everywhere show, against a closed form,
whether each operation stands where it belongs.
"""

import contextlib
import functools
import itertools

import keras
import numpy as np
import tensorflow as tf

from dcgan_lib.checks.framework import as_array, expect, kept, short

NOISE_DIM = 100
UNITS = 7 * 7 * 256
BLOCKS = [(7, 7, 256), (7, 7, 128), (14, 14, 64), (28, 28, 1)]
KERNELS = [(5, 5, 128, 256), (5, 5, 64, 128), (5, 5, 1, 64)]
STRIDES = [1, 2, 2]
VECTORS = ("gamma", "beta", "moving_mean", "moving_variance")  # of one BatchNormalization
# The three layers that BatchNormalization and LeakyReLU follow, and how many features they have.
FEATURES = {"Dense layer": UNITS, "first Conv2DTranspose": 128, "second Conv2DTranspose": 64}
# What may stand at the end, by right or by mistake.
LAST = {
    "tanh": np.tanh,
    "no activation": lambda x: x,
    "a sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "a clip or hard tanh": lambda x: np.clip(x, -1, 1),
    "ReLU": lambda x: np.maximum(x, 0),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "tanh twice": lambda x: np.tanh(np.tanh(x)),
    "tanh moved to [0, 1]": lambda x: (np.tanh(x) + 1) / 2,
    "softmax, which makes every pixel 1": np.ones_like,
}
HIDDEN_PROBES = np.array([1.0, 4.0, 16.0])
LAST_PROBES = np.array([-20.0, -3.0, -1.0, -0.3, 0.0, 0.3, 1.0, 3.0, 20.0])
SAME = {"rtol": 1e-3, "atol": 5e-3}  # a GPU may compute with only ten bits


class Network:
    """A generator that an answer made.

    Args:
        answer: a student's `make_generator_model`.
        noise_dim: its argument; None to call it without.
    """

    def __init__(self, answer, noise_dim=None):
        self.model = answer() if noise_dim is None else answer(noise_dim)
        expect(
            isinstance(self.model, keras.Model),
            "what it returns is not a model",
            came=short(self.model),
            expected="a keras.Model",
            cause="does the function end with `return` and the model?",
        )
        self.noise_dim = noise_dim or NOISE_DIM
        for declared in getattr(self.model, "inputs", []):  # a class of its own declares none
            expect(
                declared.shape[-1] == self.noise_dim,
                f"the model does not take latent vectors of {self.noise_dim} numbers",
                came=f"an input of shape {declared.shape}",
                expected=f"an input of shape {(None, self.noise_dim)}",
                cause="keras.Input needs the parameter noise_dim, whose default is 100",
            )
        if not self.model.built:  # a subclassed model is built by its first call
            self.call(fixed((2, self.noise_dim)))
        self.weights = [(_kind(weight), weight) for weight in self.model.weights]
        self._sent = None  # the numbers that the Dense layer gives now; see `send`

    def call(self, noise, training=False):
        """Draw images; returns a NumPy array."""
        images = self.model(tf.constant(noise, tf.float32), training=training)
        return as_array(images, "the model's output")

    def fill(self):
        """Give the weights fixed numbers that hide nothing.

        Returns:
            The weights by kind and shape, e.g. `parts["gamma", (64,)]`.
        """
        parts, self._sent = {}, None
        for kind, weight in self.weights:
            part = kind, tuple(weight.shape)
            parts[part] = _fixed_weights(*part)
            weight.assign(parts[part])
        return parts

    def statistics(self):
        """The moving statistics, by kind and number of features."""
        return {
            (kind, int(np.prod(weight.shape))): weight.numpy()
            for kind, weight in self.weights
            if kind.startswith("moving")
        }

    def draw_in_two_batches(self, n, training):
        """Draw the same latent vector beside one set of others, and beside another."""
        noise = fixed((2 * n, self.noise_dim)).copy()
        noise[n] = noise[0]
        return self.call(noise[:n], training)[0], self.call(noise[n:], training)[0]

    def send(self, numbers, factors=(1, 1, 1, 1)):
        """Send numbers through the network on a single pixel, one per sample.

        The batch normalizations change nothing, so each number meets only the activations.

        Args:
            numbers: list of numbers that Dense gives.
            factors: what the input and the three kernels multiply with.

        Returns:
            What 0 becomes, and what each number becomes.
        """
        dense, *kernels = self._kernels()
        scaled = {weight.shape for kind, weight in self.weights if kind == "gamma"}
        for kind, weight in self.weights:
            # A large variance, so that epsilon does not count.
            value = {"gamma": 1e3, "moving_variance": 1e6 if weight.shape in scaled else 1}
            if all(weight is not kernel for kernel in (dense, *kernels)):
                weight.assign(np.full(weight.shape, value.get(kind, 0), np.float32))
        if not np.array_equal(numbers, self._sent):  # More than a million weights.
            array = np.zeros(dense.shape, np.float32)
            array[: len(numbers), array.shape[1] // 2] = numbers
            dense.assign(array)
            self._sent = numbers
        for stage, (kernel, factor) in enumerate(zip(kernels, factors[1:], strict=True)):
            array = np.zeros(kernel.shape, np.float32)
            # The first kernel copies the number to all its channels: later ones take the mean.
            shared = set(kernel.shape[2:]) & set(kernels[stage - 1].shape[2:]) if stage else ()
            array[kernel.shape[0] // 2, kernel.shape[1] // 2] = factor / max(shared, default=1)
            kernel.assign(array)
        rows = self.call(factors[0] * np.eye(len(numbers) + 1, self.noise_dim)).astype(float)
        *rows, zero = rows.reshape(len(rows), -1)
        return zero[0], np.array([row[np.abs(row - zero[0]).argmax()] for row in rows])

    def _kernels(self):
        matrices = [weight for _, weight in self.weights if len(weight.shape) == 2]
        kernels = [weight for _, weight in self.weights if len(weight.shape) == 4]
        expect(
            len(matrices) == 1 and len(kernels) == 3,
            "the network has other layers than promised",
            came=f"{len(matrices)} Dense and {len(kernels)} convolutional layers",
            expected="1 Dense and 3 Conv2DTranspose layers",
            cause="compare your layers with the table of blocks",
        )
        return matrices + sorted(kernels, key=lambda kernel: -np.prod(kernel.shape[2:]))

    @functools.cached_property
    def slopes(self):
        """How steep the hidden activations are.

        An array (3,): how `HIDDEN_PROBES` pass, 1 for unchanged; and for each activation an
        array (3,): the slope at `-HIDDEN_PROBES`.
        """
        small = 0.005 / HIDDEN_PROBES[-1]  # so small that the last activation is a straight line
        zero, plus = self.send(HIDDEN_PROBES, (1, 1, 1, small))
        unit = (plus[-1] - zero) / HIDDEN_PROBES[-1] or np.nan
        slopes = []
        for stage in range(3):
            factors = np.array([1, 1, 1, small])
            factors[stage : stage + 2] *= -1  # negative at this activation alone
            _, minus = self.send(HIDDEN_PROBES, factors)
            slopes.append((minus - zero) / HIDDEN_PROBES / unit)
        return (plus - zero) / HIDDEN_PROBES / unit, slopes

    @functools.cached_property
    def last(self):
        """What the last activation makes of `LAST_PROBES`."""
        # Large numbers inside, which also a curved hidden activation hardly changes.
        numbers = 200 * np.abs(LAST_PROBES)
        zero, plus = self.send(numbers, (1, 1, 1, 1 / 200))
        _, minus = self.send(numbers, (1, 1, 1, -1 / 200))
        return np.select([LAST_PROBES > 0, LAST_PROBES < 0], [plus, minus], zero)

    def find_deviation(self):
        """Compare the network, on fixed weights and in both modes, with the promised operations.

        The slopes and the last activation are taken as they are: other checks look at them.

        Returns:
            None if it computes the same; else what came, was expected and is the cause.
        """
        first = {
            "came": "weights or activations that are not the promised ones",
            "expected": "the operations of the table, in its order",
            "cause": "put right first what the other checks of this exercise say",
        }
        _, slopes = self.slopes
        last = name_last(self.last)
        parts = self.fill()
        shapes = [("kernel", (NOISE_DIM, UNITS)), *(("kernel", shape) for shape in KERNELS)]
        shapes += [(kind, (size,)) for kind in VECTORS for size in FEATURES.values()]
        if last is None or not all(map(is_straight, slopes)) or not set(shapes) <= set(parts):
            return first
        noise = fixed((4, NOISE_DIM))
        for training in (False, True):
            recipe = (parts, noise, [slope[0] for slope in slopes], LAST[last], training)
            came, expected = self.call(noise, training), compute(*recipe)
            if came.shape == expected.shape and np.allclose(came, expected, **SAME):
                continue
            mode = "training" if training else "inference"
            return {
                "came": f"fixed weights give pixels {short(came.ravel()[400:404])} in {mode} mode",
                "expected": short(expected.ravel()[400:404]),
                "cause": _explain(came, self.call(noise, training), recipe),
            }
        return None


@kept
def network_of(answer, noise_dim=None):
    """Give the network that an answer makes, made once: that takes most of the time of a check.

    Args:
        answer: a student's `make_generator_model`.
        noise_dim: its argument; None to call it without.

    Returns:
        A `Network`; its weights may have any values.
    """
    return Network(answer, noise_dim)


def compute(parts, noise, slopes, last, training, norm_last=(), channels_first=False):
    """Compute the promised network, or a typical mistake.

    Args:
        parts: weights, as `Network.fill` returns them.
        noise: array `(n, noise_dim)`.
        slopes: of the three hidden activations.
        last: the last activation, a function.
        training: whether the batch normalizations use the batch.
        norm_last: the places, 0 to 2, where batch normalization comes after the activation.
        channels_first: whether the reshape takes the channels as the first axis.

    Returns:
        Images `(n, 28, 28, 1)`.
    """

    def normalize(x):
        gamma, beta, mean, variance = (parts[kind, x.shape[-1:]] for kind in VECTORS)
        if training:
            axes = tuple(range(x.ndim - 1))
            mean, variance = x.mean(axis=axes), x.var(axis=axes)
        return gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta

    def activate(x, place):
        x = x if place in norm_last else normalize(x)
        x = np.where(x > 0, x, slopes[place] * x)
        return normalize(x) if place in norm_last else x

    x = activate(noise @ parts["kernel", (noise.shape[1], UNITS)], 0)
    x = x.reshape(-1, 256, 7, 7).transpose(0, 2, 3, 1) if channels_first else x
    x = x.reshape(-1, *BLOCKS[0])
    for place, (block, kernel, stride) in enumerate(zip(BLOCKS[1:], KERNELS, STRIDES, strict=True)):
        kernel = parts["kernel", kernel]
        shape = (len(noise), *block)
        x = tf.nn.conv2d_transpose(x.astype(np.float32), kernel, shape, stride, "SAME").numpy()
        x = activate(x, place + 1) if place < 2 else last(x)
    return x


def _explain(came, again, recipe):
    if came.shape[1:] != BLOCKS[-1]:
        return "the images have another shape: see the check of the shapes"
    if not np.allclose(came, again, **SAME):
        return "something random, such as Dropout or noise, is in the network"
    mistakes = {
        "BatchNormalization comes before LeakyReLU": [
            {"norm_last": places}
            for count in (3, 2, 1)
            for places in itertools.combinations(range(3), count)
        ],
        "reshape to (7, 7, 256) at once, with the channels last": [{"channels_first": True}],
    }
    for cause, variants in mistakes.items():
        for variant in variants:
            wrong = compute(*recipe, **variant)
            if np.allclose(came, wrong, **SAME):
                return cause
    return (
        'an operation is added, missing, or elsewhere; or a padding is not "same"; '
        "compare your layers with the table, from the first to the last"
    )


def name_last(came):
    """Name the last activation from what it makes of `LAST_PROBES`; None if unknown."""
    for name, function in LAST.items():
        if np.allclose(came, function(LAST_PROBES), **SAME):
            return name
    return None


def is_straight(slope):
    """Whether an activation has one slope for all negative numbers."""
    return bool(np.ptp(slope) < 0.003)


@functools.cache
def _fixed_weights(kind, shape):
    # Large numbers inside, so that epsilon does not count; near 1 before the last tanh.
    spread = {"moving_mean": 5, "moving_variance": 50, "bias": 0}.get(kind, 0.5)
    if len(shape) > 1:
        reach = np.prod(shape[:2]) * shape[-1] / 4 if len(shape) == 4 else shape[0]
        spread = (5 if kind == "kernel" and min(shape) > 1 else 1) / np.sqrt(reach)
    centre = {"gamma": 1, "moving_variance": 100}.get(kind, 0)
    return np.resize((centre + spread * _fixed_numbers()).astype(np.float32), shape)


@functools.cache
def fixed(shape):
    """Numbers from -1.4 to 1.4 without a pattern, the same at every call; variance 1."""
    return np.resize(_fixed_numbers(), shape)


@functools.cache
def _fixed_numbers():
    # So many that no layer's sizes fit into them, and few enough to be made quickly.
    return np.sqrt(2) * np.sin(0.7 * np.arange(100_003) ** 2 + 1)


@contextlib.contextmanager
def watch_shapes():
    """Collect the shapes, without batch, that go into and come out of each layer meanwhile."""
    shapes, call = [], keras.Operation.__call__

    def note(x):
        # Inside a tf.function a shape may be unknown.
        with contextlib.suppress(AttributeError, TypeError, ValueError):
            shapes.append(tuple(x.shape)[1:])

    def watched(operation, *inputs, **options):
        for x in inputs:
            note(x)
        output = call(operation, *inputs, **options)
        note(output)
        return output

    keras.Operation.__call__ = watched
    try:
        yield shapes
    finally:
        keras.Operation.__call__ = call


def _kind(weight):
    """What a weight is for, told by its name, else by its first values."""
    if len(weight.shape) != 1:
        return "kernel"
    if weight.name in (*VECTORS, "bias"):
        return weight.name
    ones = bool(np.all(weight.numpy() == 1))
    if weight.trainable:
        return "gamma" if ones else "beta"
    return "moving_variance" if ones else "moving_mean"
