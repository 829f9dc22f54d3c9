"""The repairs of the clinic."""

import numpy as np
import pytest
import tensorflow as tf

from dcgan_lib import clinic, losses, models

pytestmark = pytest.mark.colab


def test_repaired_loss_has_its_closed_form_and_is_finite_at_the_ends():
    real, fake = tf.constant([0.9, 0.5, 0.8]), tf.constant([0.1, 0.6])
    expected = -np.log([0.9, 0.5, 0.8]).mean() - np.log1p([-0.1, -0.6]).mean()
    assert float(clinic.repair_loss(real, fake)) == pytest.approx(expected, rel=1e-5)
    with tf.GradientTape() as tape:
        ends = tf.constant([0.0, 1.0])
        tape.watch(ends)
        loss = clinic.repair_loss(ends, ends)
    assert np.isfinite(loss) and np.isfinite(tape.gradient(loss, ends)).all()


def test_repaired_labels_reward_a_generator_that_deceives():
    sure, caught = tf.constant([5.0]), tf.constant([-5.0])
    assert clinic.repair_labels(sure) < clinic.repair_labels(caught)


def test_repaired_data_fill_the_range_of_tanh():
    images = np.array([0, 255], np.uint8).repeat(784).reshape(2, 28, 28)
    scaled = clinic.repair_data(images)
    assert scaled.shape == (2, 28, 28, 1) and scaled[0].max() == -1 and scaled[1].min() == 1


def test_repaired_sampling_draws_anew_in_inference_mode():
    generator = models.make_generator_model(8)
    before = generator.get_weights()
    first, second = (np.asarray(clinic.repair_sampling(generator, 5, 8)) for _ in range(2))
    assert first.shape == (5, 28, 28, 1)
    assert len(np.unique(np.concatenate([first, second]).reshape(10, -1), axis=0)) == 10
    for old, new in zip(before, generator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_repaired_step_moves_each_network_by_its_own_optimizer():
    generator, discriminator = models.make_generator_model(8), models.make_discriminator_model()
    optimizers = (losses.make_optimizers(0.0)[0], losses.make_optimizers(1e-3)[1])
    step = clinic.repair_step(generator, discriminator, *optimizers, noise_dim=8)
    old = [model.trainable_variables[0].numpy() for model in (generator, discriminator)]
    step(tf.zeros((4, 28, 28, 1)))
    new = [model.trainable_variables[0].numpy() for model in (generator, discriminator)]
    np.testing.assert_array_equal(old[0], new[0])
    assert not np.array_equal(old[1], new[1])
