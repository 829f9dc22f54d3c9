"""Checks of 05_losses: values, extremes and gradients of losses; what optimizers do to a weight."""

import contextlib

import keras
import numpy as np
import tensorflow as tf

from dcgan_lib.checks.framework import Exercise, expect, expect_close, fail, progress, short

__all__ = [
    "discriminator_loss_finite",
    "discriminator_loss_gradient",
    "discriminator_loss_sizes",
    "discriminator_loss_value",
    "generator_loss_finite",
    "generator_loss_gradient",
    "generator_loss_value",
    "make_optimizers_adam",
    "make_optimizers_defaults",
    "make_optimizers_new",
    "make_optimizers_settings",
    "make_optimizers_two",
    "progress",
    "saturating_generator_loss_finite",
    "saturating_generator_loss_gradient",
    "saturating_generator_loss_value",
]

LESSON = "05_losses"
DISCRIMINATOR = Exercise(
    "discriminator_loss", LESSON, references=["losses.discriminator_loss", "losses._cross_entropy"]
)
GENERATOR = Exercise(
    "generator_loss", LESSON, references=["losses.generator_loss", "losses._cross_entropy"]
)
SATURATING = Exercise(
    "saturating_generator_loss",
    LESSON,
    references=["losses.saturating_generator_loss", "losses._cross_entropy"],
)
OPTIMIZERS = Exercise("make_optimizers", LESSON, references=["losses.make_optimizers"])

FUSED = "From a logit, not from a probability"
TAPE = "A loss must keep its gradient"
MEAN_FIRST = "the mean is taken before the logarithm: take the mean of the logarithms"


def _softplus(x):
    return np.logaddexp(0, x)


def _sigmoid(x):
    return np.exp(-_softplus(-x))


# A half of a loss is a function of logits and of their label, 0 or 1.


def _cross_entropies(x, label):
    return _softplus(x) - label * x


def _mean(x, label):
    return np.mean(_cross_entropies(x, label))


def _sum(x, label):
    return np.sum(_cross_entropies(x, label))


def _of_probabilities(p, label, least=1e-7):
    p = np.clip(p, least, 1 - least)
    return -np.mean(label * np.log(p) + (1 - label) * np.log(1 - p))


# Halves of wrong losses, with the mistake that each betrays.
WRONG_HALVES = [
    (_sum, "the costs are added up: take the mean over the batch"),
    (
        _of_probabilities,
        "logits are taken for probabilities: BinaryCrossentropy needs from_logits=True",
    ),
    (
        lambda x, label: _mean(_sigmoid(x), label),
        "the sigmoid is taken twice: a loss from logits gets the logits themselves",
    ),
    (
        lambda x, label: np.mean(_softplus(label) - label * x),
        "labels and logits are exchanged: the label comes first",
    ),
    (lambda x, label: -np.log(np.mean(_sigmoid(x if label else -x))), MEAN_FIRST),
    (lambda x, label: _mean(np.mean(x), label), MEAN_FIRST),
    (
        lambda x, label: _mean(x, label) / np.log(2),
        "this is the logarithm to base 2: take the natural one",
    ),
    (
        lambda x, label: _mean(x, label) / np.log(10),
        "this is the logarithm to base 10: take the natural one",
    ),
    (
        lambda x, label: np.mean(np.maximum(0, 1 - (2 * label - 1) * x)),
        "this is the hinge loss: take the cross-entropy",
    ),
    (
        lambda x, label: np.mean((1 - 2 * label) * x),
        "this is the Wasserstein loss, a mean of logits: take the cross-entropy",
    ),
    (lambda x, label: np.mean((x - label) ** 2), "this is a squared error: take the cross-entropy"),
    (
        lambda x, label: np.mean((_sigmoid(x) - label) ** 2),
        "this is a squared error: take the cross-entropy",
    ),
    (
        lambda x, label: np.mean(np.abs(_sigmoid(x) - label)),
        "this is an absolute error: take the cross-entropy",
    ),
    (
        lambda x, label: 0.0,
        "a softmax of one logit is always 1: the binary cross-entropy needs the sigmoid",
    ),
    *(
        (
            lambda x, label, s=s: _mean(x, label + s * (0.5 - label)),
            "the labels are smoothed: take exactly 1 and 0",
        )
        for s in (0.1, 0.2, 0.4, 0.6)
    ),
]


def _column(logits, column):
    tensor = tf.constant(logits, tf.float32)
    return tensor[:, tf.newaxis] if column else tensor


def _written(logits):
    return "(" + ", ".join(f"{x:g}" for x in logits) + ")"


def _expect_value(came, expected, what, mistakes):
    """Compare a loss with its closed form, and name the mistake that gives what came."""

    def cause(array):
        if array.ndim:
            return "a number for each image came: take the mean, and return a scalar of shape ()"
        if not np.isfinite(array):
            return "a logarithm of 0: compute from the logits, in the fused form"
        for value, text in mistakes:
            if np.isclose(array, value, rtol=1e-4, atol=1e-6):
                return text
        return "compare it with the formula, one half and one sign after the other"

    expect_close(came, expected, what, cause=cause)


def _expect_extreme(answer, inputs, expected, what):
    """Check value and gradient where a formula from probabilities breaks."""
    loss, gradients = _differentiate(answer, inputs)

    def cause(array):
        if array.ndim:
            return "take the mean, and return a scalar of shape ()"
        if not np.isfinite(array):
            return (
                "the probability is rounded to 0 or 1, and its logarithm is infinite: "
                "compute from the logits, in the fused form"
            )
        # What a clipped probability costs; less betrays another formula.
        if 2 < abs(array) < abs(expected):
            return (
                f"the loss stops at {abs(float(array)):.4g}: a probability is clipped, an epsilon "
                "is added, or the logits are clipped; compute from the logits, in the fused form"
            )
        return "if the value for small logits is wrong too, repair that first"

    expect_close(loss, expected, what, cause=cause)
    for gradient in gradients:
        expect(
            gradient is None or np.all(np.isfinite(gradient)),
            f"the gradient of {what} is not finite",
            came=short(gradient),
            expected="finite numbers",
            cause="an exponential overflows on a branch that tf.where drops, or a logarithm "
            "meets 0: use tf.nn.softplus or a loss from logits",
        )


def _differentiate(answer, inputs):
    """The loss, and its gradient for each input: an array, or None where the tape has none."""
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        loss = answer(*inputs)
    if not tf.is_tensor(loss):
        return loss, [None for _ in inputs]
    gradients = tape.gradient(loss, inputs)
    return loss, [g if g is None else tf.convert_to_tensor(g).numpy() for g in gradients]


def _expect_gradients(answer, inputs, expected, names, logits):
    loss, gradients = _differentiate(answer, inputs)
    expect(
        tf.is_tensor(loss),
        "the loss is no TensorFlow tensor",
        came=f"{short(loss)}, a {type(loss).__name__}",
        expected="a scalar tf.Tensor",
        cause="there is no `return`"
        if loss is None
        else "np, float() and .numpy() lose the gradient: compute with tf or keras.ops only",
    )
    for name, gradient, right, tensor, numbers in zip(
        names, gradients, expected, inputs, logits, strict=True
    ):
        right = np.reshape(right, tensor.shape)
        what = f"the gradient with respect to {name}, at {_written(numbers)},"
        expect(
            gradient is not None,
            f"{what} does not exist",
            came="None",
            expected=short(right),
            cause="the tape lost the track, or the loss does not use this input: no np, float(), "
            ".numpy() or tf.stop_gradient inside a loss",
        )

        def cause(array, right=right):
            if not np.all(np.isfinite(array)):
                return "a logarithm of 0, or an exponential that overflows: use the fused form"
            if not np.any(array):
                return "nothing arrives: is something clipped, or behind tf.stop_gradient?"
            if np.allclose(array, -right, rtol=1e-4, atol=1e-6):
                return "the sign is turned"
            # What a logit pulls with is label - probability, whether or not a mean is taken.
            for size in (1, right.size):
                exchanged = right * size - np.sign(right)
                if np.allclose(array * size, exchanged, rtol=1e-4, atol=1e-6):
                    return "the labels are exchanged"
                if np.allclose(array * size, -exchanged, rtol=1e-4, atol=1e-6):
                    return "the labels are exchanged, and the sign is turned"
            if np.allclose(array, right * right.size, rtol=1e-4, atol=1e-6):
                return "the costs are added up: take the mean over the batch"
            return "if the value is wrong too, repair that first"

        expect_close(gradient, right, what, cause=cause)


def _discriminator_mistakes(real, fake):
    halves = [(real, 1), (fake, 0)]

    def total(half=_mean, parts=halves):
        return sum(half(x, label) for x, label in parts)

    right, everything = total(), total(_sum) / (real.size + fake.size)
    return [
        (
            total(parts=[(real, 0), (fake, 1)]),
            "the labels are swapped, or the two arguments: real against ones, fake against zeros",
        ),
        (everything, "this is one mean over all images: add the means of the two halves"),
        *(
            (value, "the larger batch counts more: take the mean of each half by itself")
            for value in (2 * everything, total(_sum) / real.size, total(_sum) / fake.size)
        ),
        (right / 2, "the sum is halved: add the two means, and no more"),
        (-right, "the sign is turned: a cost is positive"),
        (total(parts=halves[:1]), "only the real half is there: add fake against zeros"),
        (total(parts=halves[1:]), "only the fake half is there: add real against ones"),
        (_mean(real, 1) - _mean(fake, 0), "the halves are subtracted: add them"),
        (_mean(fake, 0) - _mean(real, 1), "the halves are subtracted: add them"),
        (total(parts=[(real, 1), (fake, 1)]), "fakes get the label 1: they need 0"),
        (total(parts=[(real, 0), (fake, 0)]), "real images get the label 0: they need 1"),
        (_mean(fake, 1), "this is the generator's loss"),
        *(
            (
                _mean(real, 1 - real_smooth) + _mean(fake, fake_smooth),
                "the labels are smoothed: take exactly 1 and 0",
            )
            for real_smooth in (0, 0.1, 0.2, 0.3)
            for fake_smooth in (0, 0.1, 0.2, 0.3)
            if real_smooth or fake_smooth
        ),
        *((total(half), cause) for half, cause in WRONG_HALVES),
    ]


def _discriminator_value(answer, real, fake, column):
    inputs = [_column(real, column), _column(fake, column)]
    what = f"the loss for real logits {_written(real)} and fake logits {_written(fake)}"
    x, y = np.array(real), np.array(fake)
    came = answer(*inputs)
    _expect_value(came, _mean(x, 1) + _mean(y, 0), what, _discriminator_mistakes(x, y))


@DISCRIMINATOR.check("The discriminator's loss")
def discriminator_loss_value(answer, real=(3.0, -1.0), fake=(0.5, -2.0), column=True):
    """is the cross-entropy of real against ones plus fake against zeros."""
    _discriminator_value(answer, real, fake, column)


@DISCRIMINATOR.check("The discriminator's loss")
def discriminator_loss_sizes(answer, real=(3.0, -1.0, 0.0), fake=(0.5, -2.0), column=True):
    """takes real and fake batches of different sizes."""
    try:
        _discriminator_value(answer, real, fake, column)
    except (ValueError, tf.errors.InvalidArgumentError) as error:
        fail(
            f"it stops with {len(real)} real and {len(fake)} fake logits",
            came=f"{type(error).__name__}: {short(str(error))}",
            expected="a number",
            cause="labels of the wrong size: make them by tf.ones_like(real_output) and "
            "tf.zeros_like(fake_output)",
        )


@DISCRIMINATOR.check(FUSED)
def discriminator_loss_finite(answer, logit=1000.0):
    """stays finite and right for very large logits."""
    inputs = [_column((-logit, logit), True), _column((logit, -logit), True)]
    what = f"the loss for logits of ±{logit:g}"
    _expect_extreme(answer, inputs, logit, what)


@DISCRIMINATOR.check(TAPE)
def discriminator_loss_gradient(answer, real=(3.0, -1.0), fake=(0.5, -2.0, 1.0), column=True):
    """has the right gradient for both inputs."""
    x, y = np.array(real), np.array(fake)
    _expect_gradients(
        answer,
        [_column(real, column), _column(fake, column)],
        [-_sigmoid(-x) / x.size, _sigmoid(y) / y.size],
        ["real_output", "fake_output"],
        [real, fake],
    )


@GENERATOR.check("Two losses for the generator")
def generator_loss_value(answer, fake=(0.5, -2.0), column=True):
    """is the cross-entropy of fakes against ones."""
    x = np.array(fake)
    right = _mean(x, 1)
    mistakes = [
        (_mean(x, 0), "fakes get the label 0, so the generator is rewarded for being caught"),
        (-_mean(x, 0), "this is the saturating loss: the generator's is fakes against ones"),
        (-right, "the sign is turned: a cost is positive"),
        (right + _mean(x, 0), "there are two halves: the generator has only fakes against ones"),
        (right / 2, "the loss is halved"),
        (2 * right, "the loss is doubled"),
        *(
            (_mean(x, 1 - s), "the labels are smoothed: take exactly 1")
            for s in (0.05, 0.1, 0.2, 0.3)
        ),
        *((half(x, 1), cause) for half, cause in WRONG_HALVES),
    ]
    what = f"the loss for fake logits {_written(fake)}"
    _expect_value(answer(_column(fake, column)), right, what, mistakes)


@GENERATOR.check(FUSED)
def generator_loss_finite(answer, logit=1000.0):
    """stays finite and right for very large logits."""
    inputs = [_column((-logit, logit), True)]
    _expect_extreme(answer, inputs, logit / 2, f"the loss for logits of ±{logit:g}")


@GENERATOR.check(TAPE)
def generator_loss_gradient(answer, fake=(0.5, -2.0, 1.0), column=True):
    """has the right gradient."""
    x = np.array(fake)
    _expect_gradients(
        answer, [_column(fake, column)], [-_sigmoid(-x) / x.size], ["fake_output"], [fake]
    )


@SATURATING.check("Two losses for the generator")
def saturating_generator_loss_value(answer, fake=(0.5, -2.0), column=True):
    """is the mean of log(1 - sigmoid(logit))."""
    x = np.array(fake)
    right = -_mean(x, 0)
    mistakes = [
        (-right, "the sign is turned: log(1 - D) is never above 0"),
        (_mean(x, 1), "this is the non-saturating loss, -log D: take log(1 - D)"),
        (-_mean(x, 1), "this is log D: take log(1 - D)"),
        (right / 2, "the loss is halved"),
        (2 * right, "the loss is doubled"),
        *((sign * half(x, 0), cause) for half, cause in WRONG_HALVES for sign in (-1, 1)),
    ]
    what = f"the loss for fake logits {_written(fake)}"
    _expect_value(answer(_column(fake, column)), right, what, mistakes)


@SATURATING.check(FUSED)
def saturating_generator_loss_finite(answer, logit=1000.0):
    """stays finite and right for very large logits."""
    inputs = [_column((-logit, logit), True)]
    _expect_extreme(answer, inputs, -logit / 2, f"the loss for logits of ±{logit:g}")


@SATURATING.check(TAPE)
def saturating_generator_loss_gradient(answer, fake=(0.5, -2.0, 1.0), column=True):
    """has the right gradient."""
    x = np.array(fake)
    _expect_gradients(
        answer, [_column(fake, column)], [-_sigmoid(x) / x.size], ["fake_output"], [fake]
    )


DEFAULTS = {"learning_rate": 1e-4, "beta_1": 0.9}
NAMES = ("the generator's optimizer", "the discriminator's optimizer")
BETA_2 = 0.999
# One column for each weight: a push and then silence, from which the settings are read; changing
# signs; a gradient that clipping would shorten and AMSGrad would remember; a steady one on a weight
# that decay would move.
GRADIENTS = np.array(
    [
        [1, 2, 1e4, 0.5],
        [0, -3, 2, 0.5],
        [0, 1, 5, 0.5],
        [0, 4, -3, 0.5],
        [0, -2, 4, 0.5],
    ],
    np.float32,
)
STARTS = np.array([0, 1, 0, -200], np.float32)


def _pair(came):
    """The two optimizers that an answer gave."""
    expected = "(generator_optimizer, discriminator_optimizer)"
    pair = None
    with contextlib.suppress(TypeError):
        pair = tuple(came)
    if pair is None or len(pair) != 2:
        fail(
            "it does not return two optimizers",
            came=short(came),
            expected=expected,
            cause="there is no `return`" if came is None else "return both, in one tuple",
        )
    for optimizer in pair:
        expect(
            callable(getattr(optimizer, "apply_gradients", None))
            and not isinstance(optimizer, type),
            "it does not return optimizers",
            came=short(optimizer),
            expected=expected,
            cause="make an object: keras.optimizers.Adam(...)",
        )
    return pair


def _path(optimizer, gradients=GRADIENTS, starts=STARTS, finish=False):
    """Where weights go under an optimizer, as an array (steps + 1, weights)."""
    weight = keras.Variable(starts)
    path = [starts]
    try:
        for gradient in gradients:
            optimizer.apply_gradients([(tf.constant(gradient), weight)])
            path.append(weight.numpy().copy())
    except ValueError as error:
        fail(
            "an optimizer refuses the weights of its network",
            came=f"ValueError: {short(str(error))}",
            expected="an optimizer that was never used before",
            cause="the same optimizer comes twice: make two new ones at every call",
        )
    if finish and callable(getattr(optimizer, "finalize_variable_values", None)):
        # With use_ema=True Keras replaces the weights by their average at the end of `fit`.
        optimizer.finalize_variable_values([weight])
        path[-1] = weight.numpy().copy()
    return np.array(path, float)


def _adam_path(learning_rate, beta_1):
    """The path by the closed form of Kingma and Ba 2014, algorithm 1."""
    m = v = np.zeros(len(STARTS))
    path = [STARTS.astype(float)]
    for t, g in enumerate(GRADIENTS.astype(float), start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = BETA_2 * v + (1 - BETA_2) * g**2
        m_hat, v_hat = m / (1 - beta_1**t), v / (1 - BETA_2**t)
        path.append(path[-1] - learning_rate * m_hat / (np.sqrt(v_hat) + 1e-7))
    return np.array(path)


def _measure(first, second):
    """Learning rate and beta_1 of an Adam from its steps for the gradients 1 and 0."""
    # The first step is as long as the learning rate. In the second, m_hat is b / (1 + b) and
    # v_hat is BETA_2 / (1 + BETA_2).
    learning_rate = -float(first)
    if learning_rate <= 0:
        return learning_rate, float("nan")
    ratio = -float(second) / learning_rate * np.sqrt(BETA_2 / (1 + BETA_2))
    return learning_rate, ratio / (1 - ratio) if ratio < 1 else float("nan")


def _peculiar(optimizer):
    """What makes an optimizer another one than Keras's plain Adam, as text; or None."""
    name = type(optimizer).__name__
    config = keras.optimizers.Adam().get_config()
    if name != "Adam":
        return f"{name} is another algorithm than Adam"
    if isinstance(optimizer.get_config()["learning_rate"], dict):
        return "the learning rate follows a schedule: pass the number itself"
    changed = [
        f"{key}={short(value)}"
        for key, value in optimizer.get_config().items()
        if key in config.keys() - {"name", "learning_rate", "beta_1"} and value != config[key]
    ]
    return f"leave {', '.join(changed)} as Keras has it by default" if changed else None


@OPTIMIZERS.check("Adam in a few lines")
def make_optimizers_adam(answer, learning_rate=0.1, beta_1=0.6):
    """makes optimizers that move weights as Adam does."""
    pair = _pair(answer(learning_rate, beta_1))
    # One object that comes twice is looked at once: another check refuses it.
    for name, optimizer in zip(NAMES, dict.fromkeys(pair), strict=False):
        path = _path(optimizer, finish=True)
        steps = np.diff(path, axis=0)
        # With the settings that it has: whether they are the right ones is another check's task.
        settings = _measure(*steps[:2, 0])
        right = _adam_path(
            *(settings if np.all(np.isfinite(settings)) else (learning_rate, beta_1))
        )
        allowed = 1e-4 * np.abs(np.diff(right, axis=0)) + 3e-7 * np.abs(path[1:]) + 1e-9
        wrong = np.argwhere(~(np.abs(steps - np.diff(right, axis=0)) <= allowed))
        if len(wrong):
            step, weight = wrong[0]
            fail(
                f"{name} does not move weights as Adam does",
                came=f"step {step + 1} of {steps[step, weight]:.6g} for the gradients "
                f"{short(GRADIENTS[: step + 1, weight])}",
                expected=f"{np.diff(right, axis=0)[step, weight]:.6g}",
                cause=_peculiar(optimizer) or "make it by keras.optimizers.Adam(...)",
            )


def _expect_settings(answer, given):
    expected = {**DEFAULTS, **given}
    written = ", ".join(f"{key}={value:g}" for key, value in given.items())
    # By position where both are given, by name where one is.
    pair = _pair(answer(*expected.values()) if len(given) == 2 else answer(**given))
    for name, optimizer in zip(NAMES, dict.fromkeys(pair), strict=False):
        steps = np.diff(_path(optimizer, [np.float32(1), np.float32(0)], np.float32(0)))
        measured = dict(zip(expected, _measure(*steps), strict=True))
        for setting, right in expected.items():
            value = measured[setting]
            expect(
                np.isclose(value, right, rtol=1e-3, atol=1e-9 if setting != "beta_1" else 1e-4),
                f"{setting} of {name} after make_optimizers({written}) is wrong",
                came=f"{value + 0.0:.4g}",  # Not -0.
                expected=f"{right:g}",
                cause=_why(setting, value, expected, given, optimizer),
            )
        if isinstance(optimizer, keras.optimizers.Optimizer):
            optimizer.iterations.assign(100_000)
            later = float(optimizer.learning_rate)
            expect(
                np.isclose(later, expected["learning_rate"], rtol=1e-3),
                f"the learning rate of {name} changes during the training",
                came=f"{later:.4g} after 100000 steps",
                expected=f"{expected['learning_rate']:g}",
                cause="a schedule: pass the number itself",
            )


def _why(setting, value, expected, given, optimizer):
    other = next(key for key in expected if key != setting)
    if peculiar := _peculiar(optimizer):
        return peculiar
    if np.isclose(value, expected[other], rtol=1e-3):
        return "learning_rate and beta_1 are exchanged: pass them by name"
    if setting in given and np.isclose(value, DEFAULTS[setting], rtol=1e-3):
        return f"the parameter {setting} is not used: pass {setting}={setting} to both"
    if setting == "learning_rate" and np.isclose(value, 0.001, rtol=1e-3):
        return "0.001 is Keras's own default: pass learning_rate=learning_rate to both"
    return f"pass {setting}={setting} to both, and keep the defaults of the text"


@OPTIMIZERS.check("Make the optimizers")
def make_optimizers_defaults(answer):
    """has the learning rate 0.0001 and beta_1 0.9 by default."""
    _expect_settings(answer, {})


@OPTIMIZERS.check("Make the optimizers")
def make_optimizers_settings(answer, **given):
    """uses the learning rate and the beta_1 that it is given."""
    _expect_settings(answer, given or {"learning_rate": 2e-4, "beta_1": 0.5})


@OPTIMIZERS.check("Why two optimizers")
def make_optimizers_two(answer):
    """makes two optimizers, not one twice."""
    one, two = _pair(answer())
    expect(
        one is not two,
        "both optimizers are the same object",
        came="one object, twice",
        expected="two objects",
        cause="call keras.optimizers.Adam(...) once for each network",
    )


@OPTIMIZERS.check("Why two optimizers")
def make_optimizers_new(answer, **given):
    """makes new optimizers at every call."""
    before, after = _pair(answer(**given)), _pair(answer(**given))
    expect(
        not any(one is two for one in before for two in after),
        "a second call gives an optimizer of the first call again",
        came="the same object",
        expected="new objects",
        cause="the optimizers are made outside the function, or kept between calls: make them "
        "inside, at every call",
    )
