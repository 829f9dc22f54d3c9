"""The losses against closed forms, and the optimizers."""

import numpy as np
import pytest
import tensorflow as tf

from dcgan_lib import losses

pytestmark = pytest.mark.colab


def softplus(x):
    return np.logaddexp(0, np.asarray(x, float))


@pytest.mark.parametrize(
    ("real", "fake"),
    [([3, -1], [0.5, -2]), ([3, -1, 0], [0.5, -2]), ([60, -60], [60, -60]), ([1000], [-1000])],
)
def test_losses_have_their_closed_forms(real, fake):
    expected = softplus(np.negative(real)).mean() + softplus(fake).mean()
    real, fake = (tf.constant(x, tf.float32)[:, tf.newaxis] for x in (real, fake))
    assert float(losses.discriminator_loss(real, fake)) == pytest.approx(expected, rel=1e-5)
    expected = softplus(-np.asarray(fake)).mean()
    assert float(losses.generator_loss(fake)) == pytest.approx(expected, rel=1e-5)
    expected = -softplus(np.asarray(fake)).mean()
    assert float(losses.saturating_generator_loss(fake)) == pytest.approx(expected, rel=1e-5)


def test_gradients_have_their_closed_forms():
    logits = tf.Variable([[-1000.0], [-2.0], [0.0], [1000.0]])
    sigmoid = np.array([0, 1 / (1 + np.e**2), 0.5, 1])
    for loss, expected in (
        (losses.generator_loss, (sigmoid - 1) / 4),
        (losses.saturating_generator_loss, -sigmoid / 4),
    ):
        with tf.GradientTape() as tape:
            value = loss(logits)
        gradient = np.asarray(tape.gradient(value, logits))[:, 0]
        np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-7)


def test_optimizers_are_two_new_adams():
    first, second = losses.make_optimizers(3e-4, 0.5), losses.make_optimizers()
    assert len({id(optimizer) for optimizer in first + second}) == 4
    assert [float(o.learning_rate) for o in first] == pytest.approx([3e-4] * 2)
    assert [o.beta_1 for o in first + second] == [0.5, 0.5, 0.9, 0.9]
    assert [float(o.learning_rate) for o in second] == pytest.approx([1e-4] * 2)
