"""Checks of 08_latent_space: points on paths whose geometry is known, and what is drawn there."""

import re
from typing import NamedTuple

import keras
import numpy as np

from dcgan_lib.checks.framework import (
    Exercise,
    as_array,
    expect,
    expect_close,
    fail,
    one_array,
    progress,
    short,
)
from dcgan_lib.checks.generator_probe import fixed

__all__ = [
    "digit_direction_everywhere",
    "digit_direction_inputs",
    "digit_direction_missing",
    "digit_direction_value",
    "interpolate_mode",
    "interpolate_path",
    "interpolate_shape",
    "lerp_inputs",
    "lerp_line",
    "lerp_rows",
    "progress",
    "slerp_direction",
    "slerp_finite",
    "slerp_inputs",
    "slerp_norm",
    "slerp_parallel",
    "slerp_rows",
]

LESSON = "08_latent_space"
LERP = Exercise("lerp", LESSON, references=["latent.lerp"])
SLERP = Exercise("slerp", LESSON, references=["latent.slerp"])
INTERPOLATE = Exercise("interpolate", LESSON, references=["latent.interpolate", "latent.walk"])
DIRECTION = Exercise("digit_direction", LESSON, references=["latent.digit_direction"])

LINE = "The straight line"
ARC = "The great arc"
BREAKS = "Where the formula breaks"
PICTURES = "Pictures along the path"
DIGITS = "A direction for each digit"

TRIALS = 40  # vectors; rounding makes the cosine of some of them exceed 1 in any way of computing
SAME = {"rtol": 1e-4, "atol": 1e-4}
SCALE = 8.0  # of a Mirror's pixels
UNIT_FIRST = "apply the formula to the directions, z0 and z1 divided by their norms"


class Arc(NamedTuple):
    """Two vectors whose great arc is known: their angle in degrees, their norms, their length."""

    angle: float
    norms: tuple
    dim: int

    @property
    def axes(self):
        """Two orthonormal vectors that span the arc; in the plane, the usual axes."""
        return np.eye(2) if self.dim == 2 else np.linalg.qr(fixed((self.dim, 2)))[0].T

    @property
    def ends(self):
        """The two vectors, float32 `(dim,)`."""
        ends = [n * self.direction(t) for n, t in zip(self.norms, (0, 1), strict=True)]
        return [end.round(12).astype(np.float32) for end in ends]

    def direction(self, t):
        """The unit vector at `t`."""
        turned = t * np.radians(self.angle)
        return np.cos(turned) * self.axes[0] + np.sin(turned) * self.axes[1]

    def norm(self, t):
        """The norm at `t`."""
        return _line(*self.norms, t)

    def written(self, t):
        """The place, for messages."""
        vectors = (
            " and ".join(short(end) for end in self.ends)
            if self.dim == 2
            else f"vectors of norms {self.norms[0]:g} and {self.norms[1]:g} at an angle of "
            f"{self.angle:g} degrees"
        )
        return f"at t = {t:g} between {vectors}"


def _line(start, end, t):
    return (1 - t) * start + t * end


def _formula(start, end, angle, t):
    """The formula of the great arc, whatever it is applied to."""
    return (np.sin((1 - t) * angle) * start + np.sin(t * angle) * end) / np.sin(angle)


def _unit(vector):
    return vector / np.linalg.norm(vector)


def _name(came, mistakes, otherwise):
    """The first mistake that gives what came."""
    for value, text in mistakes:
        if np.shape(came) == np.shape(value) and np.allclose(came, value, **SAME):
            return text
    return otherwise


def _array(value):
    return one_array(value, "what it returns")


def _expect_untouched(answer, *inputs):
    """Call an answer with arrays, and see that they stay as they are."""
    before = [np.copy(x) for x in inputs]
    answer(*inputs)
    for number, (x, old) in enumerate(zip(inputs, before, strict=True), start=1):
        expect(
            np.array_equal(x, old),
            f"argument {number} is another array after the call",
            came=short(x),
            expected=short(old),
            cause="`z /= ...`, `z -= ...` and `z[...] = ...` change the caller's array: "
            "write the result to a new name",
        )


def _shape_cause(came, expected):
    if len(came) == len(expected) + 1:
        return "there is one axis too many: return one vector for each pair of vectors"
    if len(came) < len(expected):
        return "an axis is lost: compute along the last axis only, and keep the others"
    return "the result has the shape of z0"


# ---- lerp ----------------------------------------------------------------------------------


def _lerp_mistakes(z0, z1, t):
    norm0, norm1 = (np.linalg.norm(z, axis=-1, keepdims=True) for z in (z0, z1))
    line = _line(z0, z1, t)
    norm = np.linalg.norm(line, axis=-1, keepdims=True)
    angle = np.arccos(np.sum(z0 * z1, axis=-1, keepdims=True) / norm0 / norm1)
    smooth = t * t * (3 - 2 * t)
    return [
        (_line(z1, z0, t), "the ends are exchanged: t = 0 gives z0, t = 1 gives z1"),
        (z0 + t * z1, "z0 must lose what z1 gains: its weight is 1 - t"),
        (t * (z1 - z0), "the path begins at z0: add z0"),
        (z0 + z1, "the weights are missing"),
        (_line(z0, z1, 0.5), "t is not used: this is the middle"),
        (z0, "t is rounded to a whole number, or not used"),
        (z1, "t is rounded to a whole number, or not used"),
        (_line(z0, z1, smooth), "t is changed on the way: the speed must be constant"),
        (_line(z0, z1, t**2), "t is changed on the way: the speed must be constant"),
        (_line(z0, z1, round(t, 2)), "t is rounded"),
        (_line(z0, z1, int(t * 100) / 100), "t is rounded"),
        (_line(z0, z1, round(t, 1)), "t is rounded"),
        (_line(z0, z1, int(t * 10) / 10), "t is rounded"),
        (_line(norm0, norm1, t) / norm * line, "the norm is changed: a straight line does not"),
        (line / norm, "the norm is changed: a straight line does not"),
        (_formula(z0, z1, angle, t), "this is an arc: lerp is the straight line"),
        (
            _line(norm0, norm1, t) * _formula(z0 / norm0, z1 / norm1, angle, t),
            "this is an arc: lerp is the straight line",
        ),
    ]


def _lerp(answer, z0, z1, t, what):
    def cause(came):
        if came.shape != z0.shape:
            return _shape_cause(came.shape, z0.shape)
        return _name(came, _lerp_mistakes(z0, z1, t), "the point is (1 - t) z0 + t z1")

    came = _array(answer(z0.copy(), z1.copy(), t))
    expect_close(came, _line(z0, z1, t), what, cause=cause, atol=1e-5)


@LERP.check(LINE)
def lerp_line(answer, t=0.1234, dim=5):
    """goes along the straight line from z0 to z1."""
    z0, z1 = ((1 + t) * fixed((2, dim))).astype(np.float32)  # others for each t
    _lerp(answer, z0, z1, t, f"the point at t = {t:g} between {short(z0)} and {short(z1)}")


@LERP.check(LINE)
def lerp_rows(answer, t=0.1234, shape=(4, 4)):
    """takes a batch of vectors, too."""
    z0, z1 = fixed((2, *shape)).astype(np.float32)
    _lerp(answer, z0, z1, t, f"the result at t = {t:g} for arrays of shape {shape}")


@LERP.check(LINE)
def lerp_inputs(answer):
    """leaves its inputs as they were."""
    z0, z1 = fixed((2, 5)).astype(np.float32)
    _expect_untouched(lambda *z: answer(*z, 0.25), z0, z1)


# ---- slerp ---------------------------------------------------------------------------------


def _vector(answer, arc, t):
    came = _array(answer(*arc.ends, t))
    expect(
        came.shape == (arc.dim,),
        f"the vector {arc.written(t)} has the wrong shape",
        came=f"shape {came.shape}",
        expected=f"shape {(arc.dim,)}",
        cause=_shape_cause(came.shape, (arc.dim,)),
    )
    expect(
        np.all(np.isfinite(came)),
        f"the vector {arc.written(t)} is not finite",
        came=short(came),
        expected=short(arc.norm(t) * arc.direction(t)),
        cause="arccos of a number beyond 1: the cosine of the angle is the dot product of the "
        "directions, not of the vectors themselves",
    )
    return came


@SLERP.check(ARC)
def slerp_norm(answer, angle=90.0, norms=(1.0, 3.0), t=0.25, dim=2):
    """lets the norm go linearly from that of z0 to that of z1."""
    arc = Arc(angle, norms, dim)
    z0, z1 = np.float64(arc.ends)
    u0, u1 = arc.direction(0), arc.direction(1)
    radians = np.radians(angle)
    raw = UNIT_FIRST + "; afterwards multiply by (1 - t) |z0| + t |z1|"
    mistakes = [
        (np.linalg.norm(_formula(z0, z1, radians, t)), raw),
        (np.linalg.norm(_line(z0, z1, t)), "this is the norm on the straight line"),
        (1, "the result is a direction only: multiply by (1 - t) |z0| + t |z1|"),
        (norms[0], "the norm stays that of z0: it must become that of z1"),
        (norms[1], "the norm is that of z1 all the way: it begins as that of z0"),
        (arc.norm(1 - t), "the two norms are exchanged: at t = 0 it is that of z0"),
        (arc.norm(0.5), "this is the mean of both norms: it must depend on t"),
        (norms[0] ** (1 - t) * norms[1] ** t, "the norm is interpolated by powers, not linearly"),
        (np.sqrt(_line(norms[0] ** 2, norms[1] ** 2, t)), "the squares are interpolated"),
        (
            arc.norm(t) * np.linalg.norm(_line(u0, u1, t)),
            "the straight line between the directions is shorter than 1: take the arc",
        ),
        (norms[0] + norms[1], "the norms are added: interpolate them"),
    ]
    expect_close(
        np.linalg.norm(_vector(answer, arc, t)),
        arc.norm(t),
        f"the norm {arc.written(t)}",
        cause=lambda came: _name(
            came, mistakes, "(1 - t) |z0| + t |z1| times a direction of norm 1"
        ),
        **SAME,
    )


@SLERP.check(ARC)
def slerp_direction(answer, angle=110.0, norms=(3.0, 0.5), t=0.25, dim=5):
    """turns from the direction of z0 to that of z1, at a constant speed."""
    arc = Arc(angle, norms, dim)
    z0, z1 = np.float64(arc.ends)
    u0, u1 = arc.direction(0), arc.direction(1)
    radians = np.radians(angle)
    dot = np.clip(z0 @ z1, -1, 1)
    mistakes = [
        (u0, "the direction stays that of z0"),
        (u1, "the direction is that of z1 all the way"),
        (arc.direction(1 - t), "t is turned round: t = 0 gives z0, t = 1 gives z1"),
        (arc.direction(0.5), "t is not used: this is the middle"),
        (_line(z0, z1, t), "this is the direction on the straight line"),
        (
            _line(u0, u1, t),
            "the straight line between the directions does not turn at a constant speed: "
            "use the angle",
        ),
        (_formula(z0, z1, radians, t), UNIT_FIRST),
        (
            _formula(u0, -u1, np.pi - radians, t),
            "for an obtuse angle the sign is turned, as one does for quaternions: leave it",
        ),
        (_formula(u0, u1, angle, t), "sin and cos need the angle in radians"),
        (_formula(u0, u1, radians / 2, t), "the angle is halved"),
        (
            _formula(u0, u1, np.pi - radians, t),
            "an obtuse angle is taken for an acute one: no absolute value of the cosine",
        ),
        (
            np.sin(t * radians) * u0 + np.sin((1 - t) * radians) * u1,
            "the two weights are exchanged",
        ),
        (
            np.cos(t * radians) * u0 + np.sin(t * radians) * u1,
            "z0 and z1 are at no right angle: the weight of z0 is sin((1 - t) angle) / sin(angle)",
        ),
    ]
    if abs(dot) < 1:
        raw = np.arccos(dot)
        mistakes += [(_formula(u, v, raw, t), UNIT_FIRST) for u, v in ((z0, z1), (u0, u1))]
    came = _vector(answer, arc, t)
    length = np.linalg.norm(came)
    expect(
        length > 1e-9,
        f"the vector {arc.written(t)} has no direction",
        came=short(came),
        expected=short(arc.norm(t) * arc.direction(t)),
        cause="the weights cancel: compare them with the formula",
    )
    expect_close(
        came / length,
        arc.direction(t),
        f"the direction {arc.written(t)}",
        cause=lambda came: _name(
            came,
            [(_unit(value), text) for value, text in mistakes if np.any(value)],
            "compare the two weights with the formula",
        ),
        rtol=0,
        atol=1e-3,
    )


@SLERP.check(BREAKS)
def slerp_rows(answer, t=0.25, rows=4, dim=4):
    """gives each row of a batch its own angle and its own norm."""
    arcs = [Arc(30 + 110 * i / rows, (1 + i, 3 / (1 + i)), dim) for i in range(rows)]
    z0, z1 = np.float32([*zip(*(arc.ends for arc in arcs), strict=True)])
    known = np.stack([arc.norm(t) * arc.direction(t) for arc in arcs])
    _expect_rows(answer, z0, z1, t, known, parallel=False)
    if rows > 1:
        z1[-1] = 2 * z0[-1]  # parallel: this row needs the line, the others the arc
        known[-1] = _line(z0[-1], z1[-1], t)
        _expect_rows(answer, z0, z1, t, known, parallel=True)


def _expect_rows(answer, z0, z1, t, known, parallel):
    what = f"the result for a batch of shape {z0.shape}"
    if parallel:
        what += " whose last row is parallel"
    try:
        came = _array(answer(z0.copy(), z1.copy(), t))
    except ValueError as error:
        cause = "NumPy cannot join the shapes: sum along axis=-1 with keepdims=True"
        if "truth value" in str(error):
            cause = "`if` wants one answer, but each row has its own: use np.where"
        fail(
            f"it stops with a batch of shape {z0.shape}",
            came=f"ValueError: {short(str(error))}",
            expected=f"an array of shape {z0.shape}",
            cause=cause,
        )
    # That one row is right is for other checks; if it is no number, take what is known.
    alone = np.stack([_array(answer(*z, t)) for z in zip(z0, z1, strict=True)])
    expected = np.where(np.isfinite(alone), alone, known) if alone.shape == known.shape else known

    def cause(came):
        if came.shape != expected.shape:
            return _shape_cause(came.shape, expected.shape)
        if parallel and np.allclose(came, _line(z0, z1, t), **SAME):
            return "one parallel row sends all rows to the straight line: decide row by row"
        if parallel:
            return "the last row is parallel and the others are not: decide row by row, np.where"
        return (
            "the norm or the dot product is that of the whole array, or its columns: "
            "sum along axis=-1 with keepdims=True"
        )

    expect_close(came, expected, f"{what}, compared with row after row,", cause=cause, **SAME)


@SLERP.check(BREAKS)
def slerp_parallel(answer, t=0.3, factor=1.0, dim=100):
    """equals lerp between parallel vectors."""
    for z in fixed((TRIALS, dim)).astype(np.float32):
        z1 = (factor * z).astype(np.float32)

        def cause(came, z=z, z1=z1):
            if came.shape != z.shape:
                return _shape_cause(came.shape, z.shape)
            if not np.all(np.isfinite(came)):
                return (
                    "the angle is 0, and so is its sine: 0 / 0. Or rounding made the cosine "
                    "1.0000001: clip it to [-1, 1]. Where the sine is tiny take lerp"
                )
            if np.allclose(came, 0, atol=1e-3):
                return (
                    "the weights are 0: a number that is added to the sine hides the 0 / 0 but "
                    "gives no line. Where the sine is tiny take lerp"
                )
            if np.allclose(_unit(came), _unit(z), atol=1e-3):
                return "the direction is right, the norm is not: it goes linearly"
            return _name(came, _lerp_mistakes(z, z1, t), "take lerp where the sine is tiny")

        expect_close(
            answer(z.copy(), z1.copy(), t),
            _line(z, z1, t),
            f"the vector at t = {t:g} between z and "
            + ("z itself" if factor == 1 else f"{factor:g} z"),
            cause=cause,
            **SAME,
        )


@SLERP.check(BREAKS)
def slerp_finite(answer, t=0.3, dim=100):
    """stays finite between opposite vectors and for zero vectors."""
    vectors = fixed((TRIALS, dim)).astype(np.float32)
    zeros = np.zeros_like(vectors[:1])
    cases = [
        ("opposite vectors", vectors, -vectors),
        ("opposite vectors of other norms", vectors, -3 * vectors),
        ("zero and a vector", zeros, vectors[:1]),
        ("a vector and zero", vectors[:1], zeros),
        ("zero and zero", zeros, zeros),
    ]
    for name, starts, ends in cases:
        # One after the other, and at last all as one batch.
        for z0, z1 in [*zip(starts, ends, strict=True), (starts, ends)]:
            came = as_array(answer(z0.copy(), z1.copy(), t), "what it returns")
            expect(
                np.all(np.isfinite(came)),
                f"the result at t = {t:g} between {name} is not finite",
                came=short(came),
                expected="any finite numbers",
                cause="a zero vector has the norm 0: do not divide by it"
                if "zero" in name
                else "the sine is 0, or rounding made the cosine smaller than -1: clip it to "
                "[-1, 1], and take lerp where the sine is tiny",
            )


@SLERP.check(BREAKS)
def slerp_inputs(answer):
    """leaves its inputs as they were."""
    _expect_untouched(lambda *z: answer(*z, 0.25), *Arc(70.0, (2.0, 3.0), 5).ends)


# ---- interpolate ---------------------------------------------------------------------------


class Mirror(keras.Model):
    """A generator whose image shows its latent vector: pixel i is z_i / SCALE, the rest is 0.

    Args:
        dim: length of the latent vector.
        moody: whether training mode, which is then its default, changes the image and the
            statistics.
    """

    def __init__(self, dim, moody=False):
        super().__init__()
        self.dim, self.moody = dim, moody
        # Its statistics make it the identity in inference mode: sqrt(0.75 + 0.25) is 1.
        self.norm = keras.layers.BatchNormalization(
            epsilon=0.25, moving_variance_initializer=keras.initializers.Constant(0.75)
        )
        self.dropout = keras.layers.Dropout(0.5)
        self.norm.build((None, dim))
        self.built = True

    def call(self, z, training=True):
        """Draw."""
        if self.moody:
            z = self.dropout(self.norm(z, training=training), training=training)
        pixels = keras.ops.pad(z / SCALE, [[0, 0], [0, 784 - self.dim]])
        return keras.ops.reshape(pixels, (-1, 28, 28, 1))


def _drawn(answer, generator, ends, steps):
    return _array(answer(generator, *ends, steps))


def _expect_shape(came, steps):
    causes = {
        (steps, 28, 28): "an image keeps its channel",
        (steps, 1, 28, 28, 1): "join the images of one vector each along the first axis",
        (1, 28, 28, 1): "there is one image for each of the steps",
    }
    cause = "return what the generator draws, one image for each vector of the path"
    if came.ndim == 4 and came.shape[0] != steps:
        cause = "steps counts the images, with both ends: np.linspace(0, 1, steps)"
    expect(
        came.shape == (steps, 28, 28, 1),
        f"the images for steps = {steps} have the wrong shape",
        came=f"shape {came.shape}",
        expected=f"shape {(steps, 28, 28, 1)}",
        cause=causes.get(came.shape, cause),
    )


@INTERPOLATE.check(PICTURES)
def interpolate_shape(answer, steps=3, dim=8):
    """gives steps images of shape (28, 28, 1)."""
    _expect_shape(_drawn(answer, Mirror(dim), Arc(60.0, (2.0, 2.0), dim).ends, steps), steps)


@INTERPOLATE.check(PICTURES)
def interpolate_path(answer, steps=5, dim=8, angle=120.0, norms=(3.0, 1.0)):
    """draws evenly along the great arc, both ends included."""
    arc = Arc(angle, norms, dim)
    images = _drawn(answer, Mirror(dim), arc.ends, steps)
    _expect_shape(images, steps)
    pixels = images.reshape(steps, 784).astype(float)
    expect(
        np.allclose(pixels[:, dim:], 0, atol=1e-4),
        "the images are not those that the generator draws",
        came=f"pixels from {pixels[:, dim:].min():.4g} to {pixels[:, dim:].max():.4g} "
        "where the generator draws 0",
        expected="0",
        cause="the images stay in [-1, 1], as the generator gives them",
    )
    ends = np.float64(arc.ends)

    def path(at, times):
        return np.stack([at(t) for t in times])

    def on_arc(t):
        return arc.norm(t) * arc.direction(t)

    def on_line(t):
        return _line(*ends, t)

    times = np.arange(steps)
    even = times / (steps - 1)
    radians = np.radians(angle)
    mistakes = [
        (
            path(on_line, even),
            "this is the straight line, be it between the vectors or between the images: take "
            "the vectors from your slerp, and let the generator draw each",
        ),
        (path(on_arc, even[::-1]), "the path runs backwards: it begins at z0"),
        (path(on_arc, times / steps), "the end z1 is missing: np.linspace(0, 1, steps)"),
        (path(on_line, times / steps), "this is the straight line, and its end is missing"),
        (path(on_arc, (times + 1) / steps), "the beginning z0 is missing"),
        (path(on_arc, (times + 1) / (steps + 1)), "both ends belong to the path"),
        (path(on_arc, (times + 0.5) / steps), "both ends belong to the path"),
        (path(on_arc, even**2), "the steps are not even: np.linspace(0, 1, steps)"),
        (
            path(lambda t: _formula(*ends, radians, t), even),
            "the norm does not go linearly: repair slerp first",
        ),
        (path(lambda t: on_arc(t) / arc.norm(t), even), "the norm is lost on the way"),
        (path(lambda t: on_arc(0), even), "every image is drawn from z0"),
    ]
    vectors = pixels[:, :dim] * SCALE
    right = path(on_arc, even)
    wrong = np.flatnonzero(~np.isclose(vectors, right, **SAME).all(axis=1))
    if len(wrong):
        first = wrong[0]
        fail(
            f"image {first + 1} of {steps} is drawn from another vector than that "
            f"{arc.written(even[first])}",
            came=short(vectors[first]),
            expected=short(right[first]),
            cause=_name(
                vectors,
                mistakes,
                "one image for each t of np.linspace(0, 1, steps), in order; it needs a right "
                "slerp: if the checks of slerp fail, repair that first",
            ),
        )


@INTERPOLATE.check(PICTURES)
def interpolate_mode(answer, steps=4, dim=8):
    """draws in inference mode, and leaves the generator as it was."""
    ends = Arc(80.0, (2.0, 3.0), dim).ends
    generator = Mirror(dim, moody=True)
    before = [np.copy(weight) for weight in generator.weights]
    came = _drawn(answer, generator, ends, steps)
    expected = _drawn(answer, Mirror(dim), ends, steps)
    same = came.shape == expected.shape and np.allclose(came, expected, rtol=1e-3, atol=1e-3)
    still = all(np.array_equal(w, b) for w, b in zip(generator.weights, before, strict=True))
    expect(
        same and still,
        "the generator ran in training mode",
        came="other images than in inference mode" if not same else "moved statistics",
        expected="the same images at every call, and the same weights afterwards",
        cause="this generator is in training mode unless told otherwise: call it with "
        "training=False, or use generate_images",
    )


# ---- digit_direction -----------------------------------------------------------------------

LABELS = (3, 1, 3, 0, 1, 1, 8, 1, 0, 3, 1, 1)  # unbalanced; there is one 8


def _samples(labels, dim):
    z = (fixed((len(labels), dim)) + np.arange(dim)).astype(np.float32)
    return z, np.array(labels)


@DIRECTION.check(DIGITS)
def digit_direction_value(answer, digit=1, labels=LABELS, dim=5):
    """is the digit's mean latent vector minus the mean of all others."""
    z, labels = _samples(labels, dim)
    chosen = labels == digit
    own, others = z[chosen].mean(axis=0), z[~chosen].mean(axis=0)
    right = own - others
    classes = [z[labels == d].mean(axis=0) for d in np.unique(labels) if d != digit]
    first = z[np.argmax(chosen)] - z[np.argmin(chosen)]
    mistakes = [
        (-right, "the sign is turned: the digit's mean comes first"),
        (own - z.mean(axis=0), "the mean of all samples is subtracted: leave the digit itself out"),
        (
            own - np.mean(classes, axis=0),
            "this is the mean of the other digits' means: take the mean of all other samples, "
            "where a frequent digit counts more",
        ),
        (_unit(right), "the length is changed to 1: leave the difference as it is"),
        (own, "only the digit's mean is there: subtract the mean of all others"),
        (others, "only the mean of the others is there"),
        (own + others, "the means are added: subtract"),
        (z[chosen].sum(axis=0) - z[~chosen].sum(axis=0), "sums are subtracted: take the means"),
        (
            z[chosen].sum(axis=0) / len(z) - z[~chosen].sum(axis=0) / len(z),
            "each sum is divided by the number of all samples: divide it by its own number",
        ),
        (np.median(z[chosen], axis=0) - np.median(z[~chosen], axis=0), "take means, not medians"),
        (right / z.std(axis=0), "the standard deviation is divided out: leave the difference"),
        (first, "only one sample of each is taken"),
    ]

    def cause(came):
        if came.shape == (1, dim):
            return "drop the axis of length 1: no keepdims here"
        if came.shape != (dim,):
            return "take the mean over the samples, axis=0: one number for each number of z"
        return _name(came, mistakes, "own = labels == digit chooses the digit, ~own the others")

    try:
        came = _array(answer(z.copy(), labels.copy(), digit))
    except ValueError as error:
        fail(
            f"it stops where {chosen.sum()} of {len(z)} samples have the digit {digit}",
            came=f"ValueError: {short(str(error))}",
            expected=short(right),
            cause="only a digit that no sample, or every sample, has is an error",
        )
    what = f"the direction of the digit {digit} for the labels {short(labels)}"
    expect_close(came, right, what, cause=cause, atol=1e-5)


def _expect_error(answer, z, labels, digit, which):
    expected = f"a ValueError whose message holds the digit {digit}"
    try:
        came = answer(z, labels, digit)
    except ValueError as error:
        expect(
            re.search(rf"(?<!\d){digit}(?!\d)", str(error)),
            f"the error does not name the digit that {which} sample has",
            came=f"ValueError: {short(str(error))}",
            expected=expected,
            cause="put the digit into the message: f'... {digit} ...'",
        )
    except NotImplementedError:
        raise
    except Exception as error:
        fail(
            f"another error comes when {which} sample has the digit",
            came=f"{type(error).__name__}: {short(str(error))}",
            expected=expected,
            cause="look before you divide: raise ValueError(f'... {digit} ...')",
        )
    else:
        fail(
            f"no error is raised when {which} sample has the digit",
            came=short(came if came is None else as_array(came, "what it returns")),
            expected=expected,
            cause="the mean of nothing is nan, without an error: look first, and raise ValueError",
        )


@DIRECTION.check(DIGITS)
def digit_direction_missing(answer, digit=7, labels=LABELS, dim=5):
    """raises a ValueError that names the digit when no sample has it."""
    _expect_error(answer, *_samples(labels, dim), digit, "no")


@DIRECTION.check(DIGITS)
def digit_direction_everywhere(answer, digit=3, n=4, dim=5):
    """raises a ValueError that names the digit when every sample has it."""
    _expect_error(answer, *_samples([digit] * n, dim), digit, "every")


@DIRECTION.check(DIGITS)
def digit_direction_inputs(answer, digit=3):
    """leaves its inputs as they were."""
    _expect_untouched(lambda *samples: answer(*samples, digit), *_samples(LABELS, 5))
