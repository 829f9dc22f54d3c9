"""Checks of 04_discriminator.

The network is looked at from outside: its weights get known values, and what comes out is
compared with a calculation in NumPy, so any way to write it will do. With most weights at 0 the
single logit shows one value inside: a *probe*.
"""

from unittest import mock

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

__all__ = [
    "is_real_boolean",
    "is_real_boundary",
    "is_real_decisions",
    "make_discriminator_model_activation",
    "make_discriminator_model_convolutions",
    "make_discriminator_model_dropout",
    "make_discriminator_model_elementwise",
    "make_discriminator_model_inference",
    "make_discriminator_model_logit",
    "make_discriminator_model_new",
    "make_discriminator_model_output",
    "make_discriminator_model_parameters",
    "make_discriminator_model_shapes",
    "make_discriminator_model_training",
    "probability_real_extreme",
    "probability_real_value",
    "progress",
]

LESSON = "04_discriminator"
MAKE = Exercise("make_discriminator_model", LESSON, references=["models.make_discriminator_model"])
PROBABILITY = Exercise("probability_real", LESSON, references=["models.probability_real"])
IS_REAL = Exercise("is_real", LESSON, references=["models.is_real"])

BUILD, COUNT = "Build the discriminator", "Count the parameters"
STRIDE, LEAKY, DROP = "Convolution with stride 2", "LeakyReLU again", "Dropout"
LOGITS, DECIDE = "From logit to probability", "Decide: real or fake"

# The weights of the contract's network. All shapes differ, so a shape tells which array it is.
ARRAYS = {
    "kernel1": (5, 5, 1, 64),
    "bias1": (64,),
    "kernel2": (5, 5, 64, 128),
    "bias2": (128,),
    "kernel3": (6272, 1),
    "bias3": (1,),
}
BLOCK_SHAPES = [(14, 14, 64), (7, 7, 128), (6272,), (1,)]
PARAMETERS = 212_865
RATE = 0.3
KEEP = 1 - RATE
SLOPES = (0.1, 0.3)
# Wrong networks are off by far more. A GPU may compute with 10-bit fractions (TF32): 1 in 2048.
RTOL = 2e-3
# With so many images chance does not make a correct Dropout fail: see the properties.
IMAGES = 48
TAP = 2  # the centre of a 5 x 5 kernel; with stride 2, output i then reads input 2 i + 1
# A kernel with which block 2 copies the 64 channels of block 1, each into one of its own.
COPIES = np.zeros(ARRAYS["kernel2"])
COPIES[TAP, TAP] = np.eye(64, 128)


def _sigmoid(x):
    return 0.5 * (1 + np.tanh(np.asarray(x, np.float64) / 2))


ENDS = {
    "a sigmoid": _sigmoid,
    "a ReLU": lambda x: np.maximum(x, 0),
    "a LeakyReLU": lambda x: np.where(x > 0, x, 0.3 * x),
    "a tanh": np.tanh,
}


def _model(answer):
    """Make the student's model, and build it by a call."""
    model = answer()
    if not isinstance(model, keras.Model):
        if model is None:
            cause = "nothing is returned: end with `return model`"
        elif isinstance(model, (list, tuple)):
            cause = "a list of layers is not a model yet: wrap it in keras.Sequential"
        elif isinstance(model, type):
            cause = "this is the class itself: return a model made from it, with ()"
        elif keras.backend.is_keras_tensor(model):
            cause = "return keras.Model(inputs, outputs), not the output alone"
        else:
            cause = "use keras.Sequential, the functional form, or a class based on keras.Model"
        fail(
            "make_discriminator_model() gives no model",
            came=short(model),
            expected="a keras.Model",
            cause=cause,
        )
    _call(model, np.zeros((2, 28, 28, 1)))
    return model


def _call(model, images, training=False):
    """The model's output for a batch of images, as it is."""
    return model(tf.constant(images, tf.float32), training=training)


def _logits(model, images, training=False):
    """One logit per image, as a float64 array `(n,)`."""
    output = as_array(_call(model, images, training), "the model's output")
    expect(
        output.shape == (len(images), 1),
        f"the output for {len(images)} images has the wrong shape",
        came=f"shape {output.shape}",
        expected=f"shape {(len(images), 1)}, one logit per image",
        cause="end with Flatten and Dense(1), and return its output as it is",
    )
    return output[:, 0].astype(np.float64)


def _shapes(model):
    return [tuple(weight.shape) for weight in model.weights]


def _set(model, **values):
    """Give the six arrays values, 0 where none is given; the missing ones must not be needed.

    Returns:
        The names of the arrays that were found.
    """
    found = []
    for name, shape in ARRAYS.items():
        fitting = [weight for weight in model.weights if tuple(weight.shape) == shape]
        if len(fitting) == 1:
            found.append(name)
            fitting[0].assign(np.broadcast_to(np.asarray(values.get(name, 0), np.float32), shape))
        elif name in values:
            fail(
                f"the model has {len(fitting)} arrays of weights of shape {shape}",
                came=f"arrays of the shapes {short(_shapes(model))}",
                expected=f"the shapes {short(list(ARRAYS.values()))}",
                cause=_why_other_weights(model),
            )
    return found


def _why_other_weights(model):
    """Guess from the shapes of its weights how a network differs from the text."""
    shapes = _shapes(model)
    kernels = [shape for shape in shapes if len(shape) == 4]
    columns = [shape for shape in shapes if len(shape) == 2]
    flat = {
        128: "Flatten is missing, or global pooling averages the image away",
        2048: 'the convolutions lose the border: write padding="same"',
        25088: "one convolution has stride 1: both need strides=2",
        100352: "the convolutions have stride 1: both need strides=2",
    }
    if len(kernels) != 2:
        return f"there are {len(kernels)} convolutions with weights, where the text has 2"
    for kernel, filters, which in zip(kernels, (64, 128), ("first", "second"), strict=True):
        if kernel[:2] != (5, 5):
            return f"the {which} convolution has a {kernel[0]} x {kernel[1]} kernel: make it 5 x 5"
        if kernel[3] != filters:
            return f"the {which} convolution has {kernel[3]} filters: make them {filters}"
    if len(columns) == 1 and columns[0][1] != 1:
        return f"the last layer has {columns[0][1]} outputs: Dense(1) gives one logit"
    if len(columns) == 1 and columns[0][0] in flat:
        return flat[columns[0][0]]
    if len(shapes) > len(ARRAYS):
        return (
            "a layer more than the text names has weights: BatchNormalization, for example, has "
            "no place here, and a Dense layer only at the end"
        )
    if any(shape not in shapes for shape in ((64,), (128,), (1,))):
        return (
            "a layer has no bias: leave use_bias=False away. The generator needs no bias, since "
            "BatchNormalization follows; here none does"
        )
    return "compare each layer with the table of the section"


def _numbers(shape, phase):
    """Fixed numbers between -1 and 1 that look irregular; no random generator is asked."""
    index = np.arange(1, np.prod(shape) + 1, dtype=np.float64)
    return np.sin(index * index * 0.7 + index * 1.3 + phase).reshape(shape)


def _convolve(images, kernel, bias, stride=2, before=1):
    """Convolution with 5 x 5 kernels, in NumPy.

    Args:
        images: `(n, size, size, channels)`.
        kernel: `(5, 5, channels, filters)`.
        bias: `(filters,)`.
        stride: 1, 2 or 4.
        before: rows and columns of zeros at the top and left. "same" padding of an even size
            has 1 for stride 2 and 2 for stride 1, and puts one more at the other side where
            their number is odd (TensorFlow, `tf.nn.convolution`, "same" padding).

    Returns:
        `(n, size / stride, size / stride, filters)`.
    """
    size = images.shape[1] // stride
    padded = np.pad(images, ((0, 0), (before, 4), (before, 4), (0, 0)))
    end = stride * size
    return bias + sum(
        padded[:, i : i + end : stride, j : j + end : stride] @ kernel[i, j]
        for i in range(5)
        for j in range(5)
    )


def _pool(maps, reduce):
    n, size, _, channels = maps.shape
    return reduce(maps.reshape(n, size // 2, 2, size // 2, 2, channels), axis=(2, 4))


def _reference(images, arrays, slopes, strides=(2, 2), befores=(1, 1), pool=None, swap=False):
    """The contract's network in inference mode; the options are typical mistakes."""
    maps = images
    for block in (0, 1):
        maps = _convolve(
            maps,
            arrays[f"kernel{block + 1}"],
            arrays[f"bias{block + 1}"],
            strides[block],
            befores[block],
        )
        maps = np.where(maps > 0, maps, slopes[block] * maps)
        if pool and strides[block] == 1:
            maps = _pool(maps, pool)
    if swap:
        maps = maps.transpose(0, 3, 1, 2)
    return (maps.reshape(len(maps), -1) @ arrays["kernel3"] + arrays["bias3"])[:, 0]


def _unit(row, column, channel, value=1.0):
    """A last kernel that reads one value of the (7, 7, 128) block."""
    kernel = np.zeros((7, 7, 128))
    kernel[row, column, channel] = value
    return kernel.reshape(ARRAYS["kernel3"])


def _centre(shape, value=1.0, inputs=slice(None), outputs=slice(None)):
    """A kernel that only looks at its centre."""
    kernel = np.zeros(shape)
    kernel[TAP, TAP, inputs, outputs] = value
    return kernel


def _responses(model, block):
    """What the activation of a block (1 or 2) makes of -2, -1, 1 and 2."""
    came = {}
    for sign in (-1, 1):
        # The other block and the output get positive values, which a ReLU there leaves alone.
        image_sign, last = (sign, 1) if block == 1 else (1, sign)
        _set(
            model,
            kernel1=_centre(ARRAYS["kernel1"], 2.0),
            kernel2=_centre(ARRAYS["kernel2"], sign, inputs=0),
            kernel3=_unit(3, 3, 5, last),
        )
        images = image_sign * np.array([0.5, 1.0]).reshape(2, 1, 1, 1) * np.ones((2, 28, 28, 1))
        came[sign], came[2 * sign] = sign * _logits(model, images)
    return np.array([came[x] for x in (-2, -1, 1, 2)])


def _slope(responses):
    """The slope of a LeakyReLU, or Keras's default where the activation is another."""
    slope = -responses[1]
    leaky = np.allclose(responses, [-2 * slope, -slope, 1, 2], atol=RTOL)
    return slope if leaky else 0.3


def _compare(model, phase):
    """The model's logits for fixed images and weights, and those of the contract's network.

    Returns:
        The model's logits, the expected ones, and a function from `_reference`'s options to the
        logits of a network with these options.
    """
    slopes = [_slope(_responses(model, block)) for block in (1, 2)]
    scales = {"kernel1": 0.4, "kernel2": 0.08, "kernel3": 0.1}
    arrays = {
        name: _numbers(shape, phase + 10 * place) * scales.get(name, 0.3)
        for place, (name, shape) in enumerate(ARRAYS.items())
    }
    # A missing bias is the parameters' fault, not the convolutions'.
    found = _set(model, **{name: arrays[name] for name in scales})
    arrays = {name: array if name in found else 0 * array for name, array in arrays.items()}
    _set(model, **{name: arrays[name] for name in found})
    images = _numbers((6, 28, 28, 1), phase)

    def calculate(images=images, slopes=slopes, **options):
        return _reference(images, arrays, slopes, **options)

    return _logits(model, images), calculate(), calculate


def _close(came, expected):
    # Relative to the largest logit: float32 rounds sums, not their small results.
    return np.allclose(came, expected, rtol=0, atol=RTOL * np.abs(expected).max())


@MAKE.check(BUILD)
def make_discriminator_model_output(answer, counts=(3, 1)):
    """gives one number per image, whatever the number of images."""
    model = _model(answer)
    for count in counts:
        _logits(model, _numbers((count, 28, 28, 1), 0))


@MAKE.check(LOGITS)
def make_discriminator_model_logit(answer, logits=(-1000.0, -3.0, -0.25, 0.25, 3.0, 1000.0)):
    """gives a plain logit: no activation follows the last layer."""
    model = _model(answer)
    last = [weight for weight in model.weights if tuple(weight.shape) == (1,)]
    expect(
        len(last) == 1,
        f"the model has {len(last)} arrays of shape (1,)",
        came=f"arrays of the shapes {short(_shapes(model))}",
        expected="one, the bias of the last Dense layer",
        cause="end with Dense(1), with its bias, and with nothing behind it",
    )
    for weight in model.weights:
        weight.assign(np.zeros(weight.shape))
    came = []
    for logit in logits:
        last[0].assign([logit])
        came.append(_logits(model, np.zeros((1, 28, 28, 1)))[0])
    came, wanted = np.array(came), np.array(logits)

    def cause(came):
        for end, function in ENDS.items():
            if np.allclose(came, function(wanted), atol=RTOL):
                return f"{end} is applied to the logit: the last layer has no activation"
        return "something changes the logit behind the last Dense layer: let it be the end"

    expect_close(
        came,
        wanted,
        f"with a last layer that gives {short(wanted)}, the output",
        rtol=RTOL,
        cause=cause,
    )


@MAKE.check(COUNT)
def make_discriminator_model_parameters(answer):
    """has 212,865 parameters, all of them trainable."""
    model = _model(answer)
    count = sum(int(np.prod(shape)) for shape in _shapes(model))
    expect(
        count == PARAMETERS,
        "the number of parameters is wrong",
        came=f"{count:,}",
        expected=f"{PARAMETERS:,}",
        cause=_why_other_weights(model),
    )
    trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    expect(
        trainable == PARAMETERS,
        "not all parameters are trainable",
        came=f"{trainable:,} trainable",
        expected=f"{PARAMETERS:,}",
        cause="leave `trainable` alone: the optimizer must be able to move each weight",
    )


@MAKE.check(STRIDE)
def make_discriminator_model_shapes(answer):
    """passes through (14, 14, 64), (7, 7, 128), (6272,) and (1,)."""
    model = _model(answer)
    shown = []
    run_layer = keras.Layer.__call__

    def watch(layer, *args, **kwargs):
        output = run_layer(layer, *args, **kwargs)
        if hasattr(output, "shape"):
            shown.append((layer.name, tuple(output.shape[1:])))
        return output

    with mock.patch.object(keras.Layer, "__call__", watch):
        _call(model, np.zeros((2, 28, 28, 1)))
    ahead = iter([shape for _, shape in shown])
    # `in` moves an iterator on, so the shapes must come in this order.
    missing = [shape for shape in BLOCK_SHAPES if shape not in ahead]
    # A model may hide a step in code that is no layer; then its function decides.
    if not missing or (
        set(ARRAYS.values()) <= set(_shapes(model)) and _close(*_compare(model, 0)[:2])
    ):
        return
    fail(
        f"no layer gives the shape {missing[0]} where the text has it",
        came=", ".join(f"{name} {shape}" for name, shape in shown),
        expected=", ".join(map(str, BLOCK_SHAPES)),
        cause='both convolutions have strides=2 and padding="same": 28, 14, 7; Flatten follows'
        if set(_shapes(model)) == set(ARRAYS.values())
        else _why_other_weights(model),
    )


@MAKE.check(BUILD)
def make_discriminator_model_new(answer):
    """makes a new model at every call."""
    first, second = _model(answer), _model(answer)
    shared = {id(weight) for weight in first.weights} & {id(weight) for weight in second.weights}
    expect(
        first is not second and not shared,
        "two calls give models with the same weights",
        came=f"{len(shared)} shared arrays",
        expected="none: training one model must not change the other",
        cause="make the model and its layers inside the function",
    )


@MAKE.check(LEAKY)
def make_discriminator_model_activation(answer):
    """follows each convolution by LeakyReLU, with a slope from 0.1 to 0.3."""
    model = _model(answer)
    for block in (1, 2):
        came = _responses(model, block)
        slope = -came[1]
        leaky = np.allclose(came, [-2 * slope, -slope, 1, 2], atol=RTOL)
        expect(
            leaky and SLOPES[0] - RTOL <= slope <= SLOPES[1] + RTOL,
            f"the activation of block {block} is wrong: what it makes of -2, -1, 1 and 2",
            came=short(came),
            expected="-2 s, -s, 1, 2 with a slope s from 0.1 to 0.3, such as -0.4, -0.2, 1, 2",
            cause=_why_activation(came, block),
        )


def _why_activation(came, block):
    known = {
        f"convolution {block} has no activation: LeakyReLU follows it": lambda x: x,
        "this is ReLU, which loses everything below 0: take LeakyReLU": lambda x: np.maximum(x, 0),
        "this is tanh: take LeakyReLU": np.tanh,
        "this is a sigmoid: take LeakyReLU": _sigmoid,
        "this is ELU: take LeakyReLU": lambda x: np.where(x > 0, x, np.expm1(x)),
        "this is SiLU (swish): take LeakyReLU": lambda x: x * _sigmoid(x),
    }
    x = np.array([-2.0, -1.0, 1.0, 2.0])
    sign = np.sign(x)
    for cause, f in known.items():
        # On its own, or in both blocks, where the value passes through it twice.
        twice = sign * f(sign * f(x)) if block == 1 else f(sign * f(np.abs(x)))
        if np.allclose(came, f(x), atol=RTOL) or np.allclose(came, twice, atol=RTOL):
            return cause
    slope = -came[1]
    if np.allclose(came, [-2 * slope, -slope, 1, 2], atol=RTOL):
        return f"the slope below 0 is {short(float(slope))}: set negative_slope=0.2"
    return (
        "use layers.LeakyReLU behind each convolution; no other layer may change values, also "
        "none at the end of the model"
    )


@MAKE.check(STRIDE)
def make_discriminator_model_convolutions(answer, phase=0):
    """computes what the text says: two convolutions with stride 2 and "same" padding."""
    model = _model(answer)
    came, expected, calculate = _compare(model, phase)
    right = _close(came, expected)
    expect(
        right,
        "with fixed weights, the logits of 6 fixed images are wrong",
        came=short(came),
        expected=short(expected),
        cause="" if right else _why_convolutions(model, phase, came, calculate),
    )


def _why_convolutions(model, phase, came, calculate):
    images = _numbers((6, 28, 28, 1), phase)
    if not np.allclose(came, _logits(model, images), rtol=RTOL):
        return "the same images gave other logits the second time: see Dropout"
    mistakes = {
        "the zeros are put around the image as in PyTorch, 2 on each side: "
        'padding="same" in Keras puts 1 at the top and left and 2 at the bottom and right': {
            "befores": (2, 2)
        },
        "the strides are 4 and 1: each convolution has strides=2": {
            "strides": (4, 1),
            "befores": (0, 2),
        },
        "the strides are 1 and 4: each convolution has strides=2": {
            "strides": (1, 4),
            "befores": (2, 0),
        },
        "the values are flattened in another order: use Flatten alone": {"swap": True},
        "the images are scaled once more inside the model: they are in [-1, 1] already": {
            "images": images / 127.5 - 1
        },
        "the images are moved to [0, 1] inside the model: they stay in [-1, 1]": {
            "images": (images + 1) / 2
        },
    }
    for slopes in ({}, {"slopes": (0.2, 0.2)}):
        for end, function in ENDS.items():
            if np.allclose(came, function(calculate(**slopes)), atol=5 * RTOL):
                return f"{end} follows the last layer: the output must be the logit"
        for cause, options in mistakes.items():
            if _close(came, calculate(**options, **slopes)):
                return cause
    for strides in ((1, 1), (1, 2), (2, 1)):
        for name, pool in (("max", np.max), ("average", np.mean)):
            befores = tuple(2 if stride == 1 else 1 for stride in strides)
            if _close(came, calculate(strides=strides, befores=befores, pool=pool)):
                return (
                    f"a convolution has stride 1, and {name} pooling halves the image: "
                    "use strides=2 instead"
                )
    return "a layer is missing, is one too many, or stands in another place"


@MAKE.check(DROP)
def make_discriminator_model_inference(answer, count=4):
    """drops nothing in inference mode: the same image gives the same logit."""
    model = _model(answer)
    images = _numbers((count, 28, 28, 1), 0)
    first, second = _logits(model, images), _logits(model, images)
    expect(
        np.allclose(first, second, rtol=RTOL),
        "with training=False the same images give other logits the second time",
        came=f"{short(first)}, then {short(second)}",
        expected="the same logits twice",
        cause="Dropout acts always: do not pass training=True to a layer; Keras tells it",
    )


def _training_logits(model, block, kernel3, kernel2=0):
    """Logits in training mode, one per image, when the block's Dropout gets only ones."""
    if block == 1:
        _set(model, bias1=1.0, kernel2=kernel2, kernel3=kernel3)
    else:
        _set(model, bias2=1.0, kernel3=kernel3)
    return _logits(model, np.zeros((IMAGES, 28, 28, 1)), training=True)


def _factor(model, block):
    """By what training mode multiplies the ones of a block that are kept, up to the end."""
    logits = _training_logits(model, block, _unit(2, 3, 4), COPIES)
    # All images lose the value by chance in 1 of 10 ** 14 cases (0.51 ** 48).
    factor = float(logits.max())
    expect(
        factor > 0 and np.all(np.isclose(logits, factor, rtol=RTOL) | (np.abs(logits) < RTOL)),
        f"in training mode a value of block {block} becomes something else than 0 or one number",
        came=f"1 became {short(np.unique(logits.round(4)))}",
        expected=f"0, or 1 divided by {KEEP}" + (" for each Dropout" if block == 1 else ""),
        cause="use layers.Dropout(0.3); GaussianDropout, AlphaDropout and noise do other things"
        if factor > 0
        else "every image of the batch lost the same value: leave noise_shape away",
    )
    return factor


def _share(model, block, factor):
    """The share of the values of a block that reach the end in training mode."""
    read = np.zeros((7, 7, 128))
    read[..., : 64 if block == 1 else 128] = 1
    logits = _training_logits(model, block, read.reshape(ARRAYS["kernel3"]), COPIES)
    return float(logits.mean()) / factor / read.sum()


@MAKE.check(DROP)
def make_discriminator_model_dropout(answer):
    """drops 30 % of the values of each block in training mode, and divides the others by 0.7."""
    model = _model(answer)
    factors = [_factor(model, block) for block in (1, 2)]
    shares = [_share(model, block, factors[block - 1]) for block in (1, 2)]
    # What leaves block 1 has passed both Dropouts.
    factors[0] /= factors[1]
    shares[0] /= shares[1]
    # Block 2 first: what is measured of block 1 rests on it.
    for block in (2, 1):
        factor, share = factors[block - 1], shares[block - 1]
        # The factor shows the rate exactly. The share is drawn: its standard deviation is at
        # most 0.003, so chance does not reach 0.05.
        expect(
            abs(factor * KEEP - 1) < 2 * RTOL and abs(share - KEEP) < 0.05,
            f"in training mode Dropout does not drop 30 % of the values of block {block}",
            came=f"{1 - share:.1%} became 0, the others were multiplied by {factor:.4f}",
            expected=f"30 % become 0, the others are multiplied by 1 / {KEEP} = {1 / KEEP:.4f}",
            cause=_why_dropout(block, factor, share),
        )


def _why_dropout(block, factor, share):
    if abs(factor - 1) < RTOL and abs(share - 1) < 0.05:
        return f"Dropout is missing behind LeakyReLU {block}, or is told training=False"
    if abs(factor - 1) < RTOL:
        return f"the kept values must be divided by {KEEP}, so that the mean stays the same"
    if abs(factor * KEEP * KEEP - 1) < 2 * RTOL:
        return f"there are two Dropouts behind LeakyReLU {block}, where the text has one"
    if abs(factor * RATE - 1) < 2 * RTOL:
        return "0.7 is the share that is kept: Dropout takes the share that is dropped, 0.3"
    if abs(factor * KEEP - 1) < 2 * RTOL or factor < 1:
        return "another layer changes values on the way: solve the checks above first"
    return f"this is a rate of {1 - 1 / factor:.2f}: write Dropout(0.3)"


def _kept(model, block, factor, first, second):
    """Which of two values (row, column, channel) of a block survive in training mode.

    Returns:
        A boolean array `(2, IMAGES)`: one row per value, one column per image.
    """
    kernel2, kernel3 = np.zeros(ARRAYS["kernel2"]), np.zeros((7, 7, 128))
    for half, (row, column, channel), weight in ((0, first, 1), (1, second, 1000)):
        # Block 2 makes 64 copies of each value of block 1: its own Dropout does not take all.
        copies = slice(64 * half, 64 * half + 64) if block == 1 else channel
        kernel2[TAP, TAP, channel % 64, copies] = 1
        kernel3[row, column, copies] = weight
    logits = _training_logits(model, block, kernel3.reshape(ARRAYS["kernel3"]), kernel2)
    counts = np.rint(logits / factor)
    return np.stack([counts % 1000 > 0, counts >= 1000])


@MAKE.check(DROP)
def make_discriminator_model_elementwise(answer, value=(2, 3, 4)):
    """drops each value on its own, anew for each image and each call."""
    model = _model(answer)
    row, column, channel = value
    neighbours = {
        "in one row of a channel": (row, (column + 3) % 7, channel),
        "in one column of a channel": ((row + 3) % 7, column, channel),
        "at one place, in two channels": (row, column, channel + 5),
    }
    for block in (1, 2):
        factor = _factor(model, block)
        masks = {
            words: _kept(model, block, factor, value, other) for words, other in neighbours.items()
        }
        expect(
            any((mask != mask[:, :1]).any() for mask in masks.values()),
            f"in training mode every image loses the same values of block {block}, or none",
            came=f"the same for all {IMAGES} images of a batch",
            expected="other values for each image",
            cause="put layers.Dropout(0.3) there as it is, without noise_shape",
        )
        # Two values that are dropped independently share their fate in 58 % of the images:
        # in all of them by chance in 1 of 10 ** 11 cases (0.58 ** 48).
        for words, (first, second) in masks.items():
            expect(
                not np.array_equal(first, second),
                f"in training mode values of block {block} are not dropped on their own",
                came=f"two values {words} were dropped together in all {IMAGES} images",
                expected="each value is dropped or kept independently of the others",
                cause="use layers.Dropout, not SpatialDropout2D, and without noise_shape",
            )
        calls = [first for first, _ in masks.values()]
        expect(
            not np.array_equal(calls[0], calls[1]),
            f"in training mode a second call drops the same values of block {block}",
            came="the same values twice",
            expected="a new choice at each call",
            cause="do not fix what is dropped: layers.Dropout(0.3) draws anew",
        )


@MAKE.check(DROP)
def make_discriminator_model_training(answer, phase=0):
    """does nothing in training mode but drop values in two places."""
    model = _model(answer)
    _set(
        model,
        kernel1=_centre(ARRAYS["kernel1"]),
        kernel2=_centre(ARRAYS["kernel2"], inputs=0),
        kernel3=_unit(3, 3, 5),
    )
    numbers = _numbers((IMAGES, 28, 28, 1), phase)
    images = np.sign(numbers) * (0.2 + 0.8 * np.abs(numbers))
    calm = _logits(model, images)
    came = _logits(model, images, training=True)
    ratio = came / np.where(calm == 0, 1, calm)
    factor = float(ratio.max())
    dropped = np.abs(ratio) < RTOL
    if not np.all(dropped | np.isclose(ratio, factor, rtol=2 * RTOL)):
        cause = "no other layer may act in training mode: no noise, no BatchNormalization"
    elif factor <= 0:
        cause = "every image lost the same value: leave noise_shape away, and use Dropout alone"
    elif abs(factor - 1) < RTOL:
        cause = "nothing acts in training mode: put Dropout(0.3) behind both LeakyReLU"
    else:
        count = -np.log(factor) / np.log(KEEP)
        cause = (
            f"this is what {count:.0f} Dropout layers of 0.3 do: put one behind each LeakyReLU, "
            "and none elsewhere"
            if abs(count - round(count)) < 0.02
            else "the rate must be 0.3 in both places"
        )
    expect(
        np.all(dropped | np.isclose(ratio, 1 / KEEP**2, rtol=3 * RTOL)) and not np.all(dropped),
        "what training mode does to a value is wrong: its ratio to inference mode",
        came=short(np.unique(ratio.round(4))),
        expected=f"0, or 1 / {KEEP} / {KEEP} = {1 / KEEP**2:.4f}",
        cause=cause,
    )


def _given(logits, tensor):
    """Logits as a float32 array, or as a tensor."""
    array = np.asarray(logits, np.float32)
    return tf.constant(array) if tensor else array


@PROBABILITY.check(LOGITS)
def probability_real_value(answer, logits=((-3.0, -1.0), (0.0, 0.5), (2.0, 4.0)), tensor=True):
    """gives the sigmoid of each logit, in the shape of the logits."""
    logits = np.array(logits)

    def cause(came):
        powers = np.exp(logits)
        known = {
            "these are the logits themselves: put them into 1 / (1 + exp(-logit))": logits,
            "this is the probability of fake: the sign in the exponent is wrong": _sigmoid(-logits),
            "this is tanh, which goes from -1 to 1": np.tanh(logits),
            "this is softmax, which makes all images share one probability": powers / powers.sum(),
            "this is softmax along the last axis: each logit stands for itself": powers
            / powers.sum(axis=-1 if logits.ndim else None, keepdims=True),
            "this is a straight line (hard_sigmoid), not the sigmoid": np.clip(
                logits / 6 + 0.5, 0, 1
            ),
            "this is the decision, 0 or 1: return the probability": logits > 0,
            "this is the logarithm of the probability": np.log(_sigmoid(logits)),
            "this is exp(logit), the odds: divide by 1 + exp(logit)": powers,
        }
        if came.shape != logits.shape:
            return "work on each logit on its own: no mean, no reshape, no squeeze"
        for text, values in known.items():
            if np.allclose(came, values, rtol=1e-3, atol=1e-3):
                return text
        return "the probability is 1 / (1 + exp(-logit)), for each logit on its own"

    expect_close(
        answer(_given(logits, tensor)),
        _sigmoid(logits),
        f"the probability for the logits {short(logits)}",
        cause=cause,
        rtol=1e-5,
        atol=5e-7,
    )


@PROBABILITY.check(LOGITS)
def probability_real_extreme(answer, logits=(-1000.0, 1000.0), tensor=True):
    """is finite and right for logits as large as 1000."""
    logits = np.array(logits)

    def cause(came):
        if np.isnan(came).any():
            return (
                "exp(1000) is infinite in float32, and infinite / infinite is not a number: "
                "only take exp of what is below 0, or use a library's sigmoid"
            )
        return "the probability must come as near to 0 and 1 as the numbers allow"

    expect_close(
        answer(_given(logits, tensor)),
        _sigmoid(logits),
        f"the probability for the logits {short(logits)}",
        cause=cause,
        rtol=1e-5,
        atol=5e-7,
    )


@IS_REAL.check(DECIDE)
def is_real_boolean(answer, logits=((-1.0,), (2.0,)), tensor=True):
    """gives True or False for each logit, in the shape of the logits."""
    logits = np.array(logits)
    came = as_array(answer(_given(logits, tensor)), f"is_real for logits {short(logits)}")
    expect(
        came.dtype == bool,
        "the result is not boolean",
        came=f"{short(came)} of type {came.dtype}",
        expected="True and False",
        cause="a comparison such as > gives booleans: return it as it is",
    )
    expect(
        came.shape == logits.shape,
        "the result has the wrong shape",
        came=f"shape {came.shape}",
        expected=f"shape {logits.shape}, one decision per logit",
        cause="decide for each logit on its own: compare the whole array at once",
    )


def _decisions(answer, logits, tensor, cause):
    """Fail unless the answer is True exactly where a logit is above 0."""
    logits = np.array(logits)
    came = as_array(answer(_given(logits, tensor)), f"is_real for logits {short(logits)}")
    expected = logits > 0
    expect(
        came.shape == expected.shape and np.array_equal(came != 0, expected),
        f"is_real for the logits {short(logits)} is wrong",
        came=short(came),
        expected=short(expected),
        cause=cause(came),
    )


@IS_REAL.check(DECIDE)
def is_real_decisions(answer, logits=(-2.0, -0.3, 0.3, 5.0), tensor=True):
    """is True where the logit is above 0, and False below."""

    def cause(came):
        if came.shape == np.shape(logits) and np.array_equal(came != 0, np.less(logits, 0)):
            return "real and fake are swapped: real is above 0"
        if came.shape == np.shape(logits) and np.array_equal(came != 0, np.greater(logits, 0.5)):
            return "0.5 is the threshold of probabilities: that of logits is 0"
        return "compare each logit with 0"

    _decisions(answer, logits, tensor, cause)


@IS_REAL.check(DECIDE)
def is_real_boundary(answer, logits=(-1e-9, 0.0, 1e-9), tensor=True):
    """is exact at the threshold: 0 is not real, the smallest logit above 0 is."""

    def cause(came):
        if came.shape == np.shape(logits) and np.any((came != 0) & (np.array(logits) == 0)):
            return "a logit of exactly 0 is not above 0: compare with >, not with >="
        return (
            "float32 rounds the sigmoid of a tiny logit to exactly 0.5, which is not above 0.5: "
            "compare the logit itself with 0"
        )

    _decisions(answer, logits, tensor, cause)
