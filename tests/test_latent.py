import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

from dcgan_lib import latent


@pytest.fixture(autouse=True)
def warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


class Ramp(keras.Model):
    """A generator whose image is its latent vector's first two numbers, in two pixels.

    In training mode everything is 9, so a draw in the wrong mode shows.
    """

    def call(self, z, training=True):
        z = keras.ops.convert_to_tensor(z)
        image = keras.ops.pad(z[:, :2], [[0, 0], [0, 28 * 28 - 2]])
        image = keras.ops.reshape(image, (-1, 28, 28, 1))
        return keras.ops.full_like(image, 9) if training else image


def drawn_vectors(images):
    return np.asarray(images)[:, 0, :2, 0]


def vectors_at(angle, *, norm=1.0, dim=5):
    """A vector at `angle` from the first axis, in the plane of the first two of `dim` axes."""
    z = np.zeros(dim)
    z[:2] = norm * np.cos(angle), norm * np.sin(angle)
    return z


def angle_between(a, b):
    return np.arccos(np.clip(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)), -1, 1))


@pytest.mark.parametrize("path", [latent.lerp, latent.slerp])
def test_paths_begin_and_end_exactly(path):
    z = np.random.default_rng(3).standard_normal((2, 100))
    for z0, z1 in ((z[0], z[1]), (z[0], 3 * z[0]), (z[0], -z[0]), (0 * z[0], z[1])):
        np.testing.assert_array_equal(path(z0, z1, 0), z0)
        np.testing.assert_array_equal(path(z0, z1, 1.0), z1)


@pytest.mark.parametrize("path", [latent.lerp, latent.slerp])
def test_paths_keep_float32_and_leave_the_input_alone(path):
    z0, z1 = np.float32([1, 0]), np.float32([0, 1])
    for t in (0.25, np.float64(0.25), tf.constant(0.25)):
        assert path(z0, z1, t).dtype == np.float32
    assert path(tf.constant(z0), tf.constant(z1), 0.25).dtype == np.float32
    assert path(z0.astype(float), z1, 0.25).dtype == np.float64
    np.testing.assert_array_equal(z0, [1, 0])
    np.testing.assert_array_equal(path([1, 0], [0, 1], 0), [1, 0])


@pytest.mark.parametrize("path", [latent.lerp, latent.slerp])
def test_paths_refuse_vectors_of_unlike_length(path):
    with pytest.raises(ValueError, match="differ in length"):
        path(np.ones(3), np.ones(1), 0.5)


def test_lerp_is_a_straight_line():
    np.testing.assert_allclose(latent.lerp([0, 4], [2, 0], 0.25), [0.5, 3])
    np.testing.assert_allclose(latent.lerp([[0, 4], [1, 1]], [2, 0], 0.5), [[1, 2], [1.5, 0.5]])


def test_slerp_of_the_contract_has_norm_two():
    np.testing.assert_allclose(latent.slerp([1, 0], [0, 3], 0.5), [np.sqrt(2)] * 2, rtol=1e-12)


@pytest.mark.parametrize("angle", [1e-5, 1e-3, 0.3, np.pi / 2, 2.0, np.pi - 1e-3])
@pytest.mark.parametrize("t", [0.1, 0.5, 0.9])
def test_slerp_turns_at_constant_speed_and_the_norm_is_linear(angle, t):
    start, end = vectors_at(0.4, norm=2), vectors_at(0.4 + angle, norm=7)
    expected = vectors_at(0.4 + t * angle, norm=2 + 5 * t)
    np.testing.assert_allclose(latent.slerp(start, end, t), expected, rtol=1e-9, atol=1e-9)


def test_slerp_takes_each_vector_of_a_batch_on_its_own_arc():
    z0 = np.stack([vectors_at(0), vectors_at(1, norm=3), vectors_at(0), np.zeros(5)])
    z1 = np.stack([vectors_at(1, norm=5), vectors_at(0), vectors_at(0, norm=2), vectors_at(2)])
    batch = latent.slerp(z0, z1, 0.3)
    for row, a, b in zip(batch, z0, z1, strict=True):
        np.testing.assert_allclose(row, latent.slerp(a, b, 0.3), rtol=1e-12)
    cube = latent.slerp(z0.reshape(2, 2, 5), z1.reshape(2, 2, 5), 0.3)
    np.testing.assert_array_equal(cube.reshape(4, 5), batch)
    assert latent.slerp(z0, z1[0], 0.3).shape == (4, 5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_slerp_of_parallel_vectors_is_lerp(dtype):
    z = np.linspace(-1, 2, 100).astype(dtype)
    for factor in (1, 3, 0.01):
        expected = latent.lerp(z, (factor * z).astype(dtype), 0.3)
        got = latent.slerp(z, (factor * z).astype(dtype), 0.3)
        np.testing.assert_allclose(got, expected, rtol=1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_slerp_of_opposite_and_zero_vectors_is_finite(dtype):
    z = np.linspace(-1, 2, 100).astype(dtype)
    zero = np.zeros_like(z)
    for a, b in ((z, -z), (z, -3 * z), (z, zero), (zero, z), (zero, zero)):
        for t in (0, 0.3, 0.5, 1):
            point = latent.slerp(a, b, t)
            assert np.all(np.abs(point) <= 6.001)


def test_slerp_of_normal_vectors_stays_where_the_generator_was_trained():
    z = np.random.default_rng(5).standard_normal((2, 400))
    norms = np.linalg.norm(z, axis=1)
    assert np.linalg.norm(latent.slerp(*z, 0.5)) == pytest.approx(norms.mean(), rel=1e-12)
    assert np.linalg.norm(latent.lerp(*z, 0.5)) < 0.9 * norms.min()


@pytest.mark.parametrize("convert", [np.float32, tf.constant, lambda z: tf.constant([z])])
def test_interpolate_draws_both_ends_and_the_arc_between(convert):
    images = latent.interpolate(Ramp(), convert([0.5, 0.0]), convert([0.0, 0.5]), 3)
    assert isinstance(images, np.ndarray)
    assert images.shape == (3, 28, 28, 1)
    half = 0.5 * np.sqrt(0.5)
    np.testing.assert_allclose(drawn_vectors(images), [[0.5, 0], [half, half], [0, 0.5]], rtol=1e-6)
    np.testing.assert_array_equal(drawn_vectors(images)[[0, -1]], [[0.5, 0], [0, 0.5]])


def test_interpolate_moves_no_statistic_of_the_generator():
    generator = keras.Sequential([keras.Input((2,)), keras.layers.BatchNormalization()])
    generator.add(keras.layers.Dense(28 * 28))
    generator.add(keras.layers.Reshape((28, 28, 1)))
    before = [w.numpy() for w in generator.weights]
    latent.interpolate(generator, np.float32([1, 2]), np.float32([3, 1]), 4)
    for old, new in zip(before, generator.weights, strict=True):
        np.testing.assert_array_equal(old, new.numpy())


@pytest.mark.parametrize(
    ("z0", "steps", "named"),
    [([1.0, 0], 1, "steps is 1"), (np.ones((2, 2)), 3, "z0 has shape"), (1.0, 3, "z0 has shape")],
)
def test_interpolate_refuses_bad_input(z0, steps, named):
    with pytest.raises(ValueError, match=named):
        latent.interpolate(Ramp(), z0, [0.0, 1], steps)


def test_closed_walk_visits_every_keypoint_once():
    keypoints = np.stack([vectors_at(a) for a in (0.0, 2.0, 4.0)]).astype(np.float32)
    seen = drawn_vectors(latent.walk(Ramp(), keypoints, 4))
    assert len(seen) == 12
    np.testing.assert_allclose(seen[::4], keypoints[:, :2], atol=1e-6)
    # From every frame to the next, and from the last back to the first, the same kind of step.
    turns = [angle_between(a, b) for a, b in zip(seen, np.roll(seen, -1, axis=0), strict=True)]
    np.testing.assert_allclose(turns, [0.5] * 8 + [(2 * np.pi - 4) / 4] * 4, rtol=1e-3)


def test_open_walk_ends_at_the_last_keypoint():
    keypoints = tf.constant(np.stack([vectors_at(a) for a in (0.0, 1.0, 2.5)]), tf.float32)
    seen = drawn_vectors(latent.walk(Ramp(), keypoints, 2, closed=False))
    angles = np.arctan2(seen[:, 1], seen[:, 0])
    np.testing.assert_allclose(angles, [0, 0.5, 1, 1.75, 2.5], atol=1e-6)


@pytest.mark.parametrize(
    ("keypoints", "steps", "named"),
    [(np.ones((1, 5)), 4, "keypoints"), (np.ones(5), 4, "keypoints"), (np.eye(5), 0, "steps is 0")],
)
def test_walk_refuses_bad_input(keypoints, steps, named):
    with pytest.raises(ValueError, match=named):
        latent.walk(Ramp(), keypoints, steps)


def test_direction_is_the_difference_of_the_means():
    z = [[1, 2], [3, 4], [10, 0], [20, 0], [30, 3]]
    labels = [7, 7, 1, 2, 2]
    direction = latent.digit_direction(tf.constant(z, tf.float32), tf.constant(labels), 7)
    assert direction.dtype == np.float32
    np.testing.assert_allclose(direction, [2 - 20, 3 - 1])
    np.testing.assert_allclose(latent.digit_direction(z, labels, 1), [10 - 13.5, 0 - 2.25])


def test_direction_finds_a_planted_one():
    rng = np.random.default_rng(8)
    labels = rng.integers(0, 10, 5000)
    planted = np.zeros(20)
    planted[4] = 3
    z = rng.standard_normal((5000, 20)) + np.outer(labels == 6, planted)
    np.testing.assert_allclose(latent.digit_direction(z, labels, 6), planted, atol=0.4)


@pytest.mark.parametrize(
    ("labels", "named"),
    [([1, 2, 2], "no sample has the digit 3"), ([3, 3, 3], "every sample has the digit 3")],
)
def test_direction_needs_the_digit_and_others(labels, named):
    with pytest.raises(ValueError, match=named):
        latent.digit_direction(np.eye(3), labels, 3)


@pytest.mark.parametrize("z", [np.eye(4), np.ones(3)])
def test_direction_refuses_labels_that_do_not_fit(z):
    with pytest.raises(ValueError, match="expected .n, noise_dim"):
        latent.digit_direction(z, [1, 2, 3], 3)
