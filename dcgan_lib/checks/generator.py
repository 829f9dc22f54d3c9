"""Checks of 03_generator."""

import functools
import itertools
from collections import Counter

import keras
import numpy as np
import tensorflow as tf

from dcgan_lib.checks.framework import (
    Exercise,
    as_array,
    expect,
    expect_close,
    fail,
    progress,
    short,
)
from dcgan_lib.checks.generator_probe import (
    BLOCKS,
    FEATURES,
    HIDDEN_PROBES,
    KERNELS,
    LAST_PROBES,
    NOISE_DIM,
    UNITS,
    VECTORS,
    Network,
    fixed,
    is_straight,
    name_last,
    network_of,
    watch_shapes,
)

__all__ = [
    "conv_transpose_output_size_value",
    "generate_images_inference",
    "generate_images_statistics",
    "make_generator_model_hidden_activations",
    "make_generator_model_inference_mode",
    "make_generator_model_new",
    "make_generator_model_noise_dim",
    "make_generator_model_operations",
    "make_generator_model_output_activation",
    "make_generator_model_output_shape",
    "make_generator_model_parameters",
    "make_generator_model_shapes",
    "make_generator_model_training_mode",
    "progress",
]

LESSON = "03_generator"
SIZE = Exercise(
    "conv_transpose_output_size", LESSON, references=["models.conv_transpose_output_size"]
)
GENERATOR = Exercise("make_generator_model", LESSON, references=["models.make_generator_model"])
IMAGES = Exercise("generate_images", LESSON, references=["models.generate_images"])


@SIZE.check("Transposed convolution")
def conv_transpose_output_size_value(answer, size=5, stride=3):
    """gives the output length with "same" padding."""
    mistakes = {
        -(-size // stride): "this is the size after a convolution; a transposed one enlarges",
        size // stride: "this is the size after a convolution; a transposed one enlarges",
        (size - 1) * stride + 5: 'this is the size with "valid" padding and kernel 5',
        (size - 1) * stride + 1: "the last pixel also takes up `stride` pixels of the output",
        size * stride + 1: "one too many: nothing is added at the end",
        size + stride: "the stride is a factor: each input pixel takes up `stride` output pixels",
        size: "the stride is ignored",
        size * 2: "the stride is a parameter, not always 2",
        (size * stride) ** 2: "this is an area; the length in one direction is asked for",
    }
    expect_close(
        answer(size, stride),
        size * stride,
        f"the output length for size {size} and stride {stride}",
        cause=lambda came: mistakes.get(
            came.item() if came.ndim == 0 else None,
            "return one number; each input pixel takes up `stride` output pixels",
        ),
    )


@GENERATOR.check("Dense and reshape")
def make_generator_model_output_shape(answer, n=2):
    """turns n latent vectors into float32 images of shape (n, 28, 28, 1)."""
    images = network_of(answer).call(fixed((n, NOISE_DIM)))
    causes = {
        (n, 28, 28): "an image keeps its channel: the last block has 1 filter",
        (n, 14, 14, 1): "the strides are 1, 2 and 2: one 2 is missing",
        (n, 7, 7, 1): "the strides are 1, 2 and 2",
        (n, 56, 56, 1): "the strides are 1, 2 and 2: the first block has stride 1",
        (n, 28, 28, 3): "the last block has 1 filter: the digits are grey",
    }
    expect(
        images.shape == (n, 28, 28, 1) and images.dtype == np.float32,
        f"the images for {n} latent vectors are of another kind",
        came=f"{images.dtype} of shape {images.shape}",
        expected=f"float32 of shape {(n, 28, 28, 1)}",
        cause="leave the dtype of the layers at float32"
        if images.shape == (n, 28, 28, 1)
        else causes.get(
            images.shape, 'compare strides, filters and padding="same" with the table of blocks'
        ),
    )


@GENERATOR.check("Your generator")
def make_generator_model_shapes(answer):
    """has the promised shapes, block by block."""
    network = network_of(answer)
    with watch_shapes() as seen:
        network.call(fixed((2, NOISE_DIM)))
    seen = [shape for shape, _ in itertools.groupby(seen) if len(shape) == 3]
    rest = iter(seen)
    missing = [block for block in BLOCKS if block not in rest]
    if [height for height, _, _ in seen] == [height for height, _, _ in BLOCKS]:
        cause = "Dense has 7 * 7 * 256 units, then come 128, 64 and 1 filters"
    elif BLOCKS[0] in missing:
        cause = "reshape the 12,544 numbers of the Dense layer to (7, 7, 256)"
    else:
        cause = "the strides are 1, 2 and 2, in this order"
    expect(
        # A network that shows no layers is judged by its function.
        not missing or not network.find_deviation(),
        f"block {missing[0] if missing else ''} is missing",
        came=" -> ".join(map(str, seen)) or "no visible layer, and another function",
        expected=" -> ".join(map(str, BLOCKS)),
        cause=cause,
    )


@GENERATOR.check("Counting parameters by hand")
def make_generator_model_parameters(answer):
    """has exactly the promised weights, and no bias."""
    weights = network_of(answer).weights
    promised = Counter([("kernel", (NOISE_DIM, UNITS)), *(("kernel", k) for k in KERNELS)])
    promised += Counter((kind, (size,)) for kind in VECTORS for size in FEATURES.values())
    came = Counter((kind, tuple(weight.shape)) for kind, weight in weights)
    more, fewer = came - promised, promised - came
    expect(
        not more and not fewer,
        "the weights are not the promised ones",
        came=f"{_count(came):,} parameters; too many: {_list(more)}; missing: {_list(fewer)}",
        expected=f"{_count(promised):,} parameters",
        cause=_explain_weights(more, fewer),
    )


@GENERATOR.check("Batch normalization has two modes")
def make_generator_model_training_mode(answer, n=4):
    """normalizes by the batch in training mode, and moves its statistics."""
    network = network_of(answer)
    network.fill()
    before = network.statistics()
    one, other = network.draw_in_two_batches(n, training=True)
    expect(
        not np.allclose(one, other, rtol=1e-2, atol=1e-4),
        "in training mode an image does not depend on the rest of its batch",
        came="the same image beside other latent vectors",
        expected="another image, since the batch's own mean and variance are used",
        cause="BatchNormalization is missing, frozen, or called with training=False; "
        "LayerNormalization is no substitute, since it looks at one sample alone",
    )
    after = network.statistics()
    for (layer, size), kind in itertools.product(FEATURES.items(), VECTORS[2:]):
        there = (kind, size) in before
        expect(
            there and not np.array_equal(before[kind, size], after[kind, size]),
            f"training mode does not move {kind} after the {layer}",
            came="the same numbers as before" if there else "there are no such numbers",
            expected=f"{size:,} numbers, moved towards those of the batch",
            cause=f"BatchNormalization belongs right after the {layer}, in the model's mode",
        )


@GENERATOR.check("Batch normalization has two modes")
def make_generator_model_inference_mode(answer, n=4):
    """draws each image on its own in inference mode, and moves no statistic."""
    network = network_of(answer)
    network.fill()
    before = network.statistics()
    one, other = network.draw_in_two_batches(n, training=False)
    after = network.statistics()
    moved = [kind for kind in before if not np.array_equal(before[kind], after[kind])]
    expect(
        np.allclose(one, other, rtol=1e-2, atol=1e-4) and not moved,
        "inference mode is not respected",
        came=f"the same image, beside other latent vectors, differs by {np.ptp(one - other):.2g}; "
        f"{len(moved)} statistics moved",
        expected="the same image, and no statistic moves",
        cause="a layer is called with training=True, or draws random numbers: "
        "leave the mode to the model",
    )


@GENERATOR.check("LeakyReLU and tanh")
def make_generator_model_hidden_activations(answer):
    """has LeakyReLU with a slope from 0.1 to 0.3 in all three places."""
    passed, slopes = network_of(answer).slopes
    expect(
        np.allclose(passed, 1, atol=0.01),
        "positive numbers do not pass the hidden layers unchanged",
        came="1, 4 and 16 come out in the ratio "
        + " : ".join(f"{number:.4g}" for number in passed * HIDDEN_PROBES),
        expected="1 : 4 : 16, since LeakyReLU leaves positive numbers alone",
        cause="an activation such as tanh, sigmoid, GELU or swish where LeakyReLU belongs; or a "
        "normalization that is not BatchNormalization, or not called in the model's mode",
    )
    for layer, slope in zip(FEATURES, slopes, strict=True):
        expect(
            is_straight(slope) and 0.098 < slope[0] < 0.302,
            f"after the {layer} there is no LeakyReLU with a slope from 0.1 to 0.3",
            came=f"-1, -4 and -16 become {short(0.0 - slope * HIDDEN_PROBES)}",
            expected="-0.2, -0.8 and -3.2 for slope 0.2",
            cause=_explain_slope(slope),
        )


@GENERATOR.check("LeakyReLU and tanh")
def make_generator_model_output_activation(answer):
    """ends in tanh, which keeps the pixels between -1 and 1."""
    came = network_of(answer).last
    name = name_last(came)
    expect(
        name == "tanh",
        "the last activation is not tanh",
        came=f"{short(LAST_PROBES)} become {short(came)}",
        expected=short(np.tanh(LAST_PROBES)),
        cause=f"this is {name}; the digits lie in [-1, 1], as tanh does"
        if name
        else "the last Conv2DTranspose is followed by tanh and by nothing else",
    )


@GENERATOR.check("Your generator")
def make_generator_model_operations(answer):
    """does exactly the promised operations in the promised order."""
    wrong = network_of(answer).find_deviation()
    if wrong:
        fail("the network computes something else", **wrong)


@GENERATOR.check("Your generator")
def make_generator_model_noise_dim(answer, noise_dim=64):
    """takes latent vectors of the length noise_dim."""
    weights = network_of(answer, noise_dim).model.weights
    matrices = [tuple(weight.shape) for weight in weights if len(weight.shape) == 2]
    expect(
        noise_dim in [rows for rows, _ in matrices],
        f"make_generator_model({noise_dim}) has no layer for {noise_dim} numbers",
        came=f"matrices of shape {matrices}",
        expected=f"a Dense layer with a matrix of shape {(noise_dim, UNITS)}",
        cause="the latent vector goes into Dense as it is",
    )


@GENERATOR.check("Your generator")
def make_generator_model_new(answer):
    """makes a new model at every call."""
    models = [network_of(answer).model, Network(answer).model]
    one, other = ({id(weight) for weight in model.weights} for model in models)
    expect(
        not one & other,
        "two calls give models that share weights",
        came="the same model twice" if one == other else f"{len(one & other)} shared weights",
        expected="two models, each with weights of its own",
        cause="make the layers and the model inside the function",
    )


@IMAGES.check("Draw images")
def generate_images_inference(answer, n=3, training_by_default=True):
    """draws in inference mode: the same noise gives the same images."""
    generator = sketch(training_by_default)
    noise = _latent(n)
    expected = generator.closed_form(noise)
    mean = generator.norm.moving_mean.numpy()

    def cause(came):
        if not np.array_equal(mean, generator.norm.moving_mean.numpy()):
            return "the generator ran in training mode: call it with training=False" + (
                "; this one is in training mode unless told otherwise"
                if training_by_default
                else ""
            )
        if came.size == 0 or came.size % 784:
            return "return one image of shape (28, 28, 1) for each latent vector"
        if came.max() > 1:
            return "the images stay in [-1, 1], as the generator gives them"
        return "give the generator the noise as it is, and return what it draws"

    for turn in ("first", "second"):
        came = as_array(answer(generator, noise), "what it returns")
        # Flat, a message shows pixels of the first image.
        same = came.shape == expected.shape
        expect_close(
            came.ravel() if same else came,
            expected.ravel() if same else expected,
            f"what the {turn} call draws",
            cause=cause,
            atol=1e-4,
        )


@IMAGES.check("Draw images")
def generate_images_statistics(answer, training_by_default=True):
    """leaves the generator's weights and statistics as they were."""
    generator = sketch(training_by_default)
    before = [weight.numpy() for weight in generator.weights]
    answer(generator, _latent(3))
    moved = [
        weight.name
        for weight, then in zip(generator.weights, before, strict=True)
        if not np.array_equal(weight.numpy(), then)
    ]
    expect(
        not moved,
        "drawing changed the generator",
        came=f"another {', '.join(moved)}",
        expected="the same numbers as before",
        cause="in training mode BatchNormalization moves its statistics: use training=False",
    )


class Sketch(keras.Model):
    """A small generator with known weights, whose images show its mode."""

    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(784, use_bias=False)
        self.norm = keras.layers.BatchNormalization()
        self.dropout = keras.layers.Dropout(0.5)
        self(_latent(1), training=False)

    def reset(self):
        """Set all weights to what `closed_form` counts on."""
        self.trainable = True
        self.dense.kernel.assign(fixed((8, 784)))
        self.norm.gamma.assign(np.ones(784))
        self.norm.beta.assign(np.zeros(784))
        self.norm.moving_mean.assign(fixed(784))
        self.norm.moving_variance.assign(2 + fixed(784))

    def call(self, z, training=False):
        x = self.dropout(self.norm(self.dense(z), training=training), training=training)
        return keras.ops.reshape(keras.ops.tanh(x), (-1, 28, 28, 1))

    @staticmethod
    def closed_form(noise):
        x = noise.numpy() @ fixed((8, 784)) - fixed(784)
        return np.tanh(x / np.sqrt(2.001 + fixed(784))).reshape(-1, 28, 28, 1)


class EagerSketch(Sketch):
    """The same, but in training mode unless told otherwise."""

    def call(self, z, training=True):
        return super().call(z, training=training)


@functools.cache
def _sketch(kind):
    return kind()


def sketch(training_by_default):
    """Give a small generator with known weights, made once."""
    generator = _sketch(EagerSketch if training_by_default else Sketch)
    generator.reset()
    return generator


def _latent(n):
    return tf.constant(fixed((n, 8)), tf.float32)


def _count(weights):
    return sum(int(np.prod(shape)) * times for (_, shape), times in weights.items())


def _list(weights):
    parts = [f"{kind} {' x '.join(map(str, shape))}" for kind, shape in weights]
    return ", ".join(parts[:4]) + (f" and {len(parts) - 4} more" if len(parts) > 4 else "") or "-"


def _explain_weights(more, fewer):
    layers = {size: layer for layer, size in FEATURES.items()} | {1: "last Conv2DTranspose"}
    kernels = [shape for kind, shape in more if kind == "kernel" and len(shape) == 4]
    biases = [layers.get(size, "?") for kind, (size, *_) in more if kind == "bias"]
    added = {shape for kind, shape in more if kind in VECTORS}
    lost = {shape for kind, shape in fewer if kind in VECTORS}
    if any(kind == "kernel" and len(shape) == 2 for kind, shape in fewer):
        return "Dense has 7 * 7 * 256 units; noise_dim is 100 where none is given"
    if kernels and all((*shape[:2], shape[3], shape[2]) in KERNELS for shape in kernels):
        return "a kernel 5 x 5 x in x out is of Conv2D, one of Conv2DTranspose is 5 x 5 x out x in"
    if kernels:
        return "the transposed convolutions have 128, 64 and 1 filters, and kernels of 5 x 5"
    if biases:
        return f"use_bias=False belongs in the {' and the '.join(biases)}"
    if added == {(1,)}:
        return "no BatchNormalization after the last layer"
    if added and lost:
        return (
            "BatchNormalization comes before the reshape (12,544 features), and right after the "
            "transposed convolutions over the channels, the last axis (128 and 64 features)"
        )
    if {kind for kind, _ in fewer} == set(VECTORS):
        where = " and the ".join(layer for size, layer in layers.items() if (size,) in lost)
        return f"BatchNormalization is missing after the {where}"
    if fewer:
        return "BatchNormalization has four vectors (scale and center on); others have fewer"
    return "a layer is added, such as PReLU or one more BatchNormalization"


def _explain_slope(slope):
    if not is_straight(slope):
        return "the negative side is curved, as that of ELU, SELU or tanh"
    if abs(slope[0]) < 1e-3:
        return "this is ReLU, or no number passes here: LeakyReLU lets a part of them through"
    if abs(slope[0] - 1) < 0.01:
        return "there is no activation in this place"
    return f"the slope is {slope[0]:.3g}: give LeakyReLU negative_slope=0.2"
