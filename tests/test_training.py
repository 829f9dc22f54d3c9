"""The train step, the loop, checkpoints, and the same step as a Keras model."""

import csv
import io

import keras
import numpy as np
import pytest
import tensorflow as tf

from dcgan_lib import augment, losses, training

pytestmark = pytest.mark.colab


def tiny_generator(noise_dim=3):
    """Not the chapter's networks: training logic does not depend on their size."""
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            keras.layers.Dense(28 * 28, use_bias=False),
            keras.layers.BatchNormalization(),
            keras.layers.Reshape((28, 28, 1)),
            keras.layers.Activation("tanh"),
        ]
    )


def tiny_discriminator():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(1),
        ]
    )


def images(count=8):
    pixels = np.linspace(-1, 1, count * 784, dtype=np.float32)
    return pixels.reshape(count, 28, 28, 1)


def weights_of(*models):
    return [w.copy() for model in models for w in model.get_weights()]


def test_train_step_updates_both_networks_and_gives_their_losses():
    g, d = tiny_generator(), tiny_discriminator()
    step = training.make_train_step(g, d, *losses.make_optimizers(0.1), noise_dim=3)
    before = weights_of(g, d)
    result = step(images())
    assert len(result) == 2 and all(np.isfinite(x) for x in result)
    moved = [not np.array_equal(a, b) for a, b in zip(before, weights_of(g, d), strict=True)]
    # Everything but the generator's beta, whose gradient could vanish, and counters.
    assert all(moved)


def test_train_step_accepts_a_small_last_batch_and_two_games():
    for _ in range(2):
        g, d = tiny_generator(), tiny_discriminator()
        step = training.make_train_step(g, d, *losses.make_optimizers(0.1), noise_dim=3)
        before = weights_of(g)
        step(images(8))
        step(images(2))
        assert not np.array_equal(before[0], weights_of(g)[0])


def test_each_optimizer_moves_its_own_network():
    for rates, moves in (((0.0, 0.1), (False, True)), ((0.1, 0.0), (True, False))):
        g, d = tiny_generator(), tiny_discriminator()
        optimizers = [keras.optimizers.SGD(rate) for rate in rates]
        step = training.make_train_step(g, d, *optimizers, noise_dim=3)
        before = [w.numpy() for w in (g.trainable_variables[0], d.trainable_variables[0])]
        step(images())
        after = [w.numpy() for w in (g.trainable_variables[0], d.trainable_variables[0])]
        assert tuple(not np.array_equal(*pair) for pair in zip(before, after, strict=True)) == moves


def test_losses_of_a_step_are_closed_forms():
    # All weights zero: every logit is the bias, so both losses are known.
    g, d = tiny_generator(), tiny_discriminator()
    d.layers[-1].set_weights([np.zeros((784, 1)), np.array([0.5])])
    step = training.make_train_step(g, d, *losses.make_optimizers(0.0), noise_dim=3)
    gen_loss, disc_loss = step(images())
    assert float(gen_loss) == pytest.approx(np.logaddexp(0, -0.5), rel=1e-5)
    assert float(disc_loss) == pytest.approx(np.logaddexp(0, -0.5) + np.logaddexp(0, 0.5), rel=1e-5)


def test_train_gives_the_mean_losses_of_every_epoch():
    seen, ended = [], []

    def step(batch):
        seen.append(int(batch))
        return tf.constant(float(batch)), tf.constant(10.0)

    history = training.train(tf.data.Dataset.range(4), 2, step, ended.append)
    assert history == [(1.5, 10.0)] * 2 and seen == [0, 1, 2, 3] * 2 and ended == [1, 2]


def test_train_refuses_a_dataset_without_batches():
    with pytest.raises(ValueError, match="no batch"):
        training.train([], 1, lambda batch: (0, 0))


def test_a_checkpoint_restores_networks_and_optimizers(tmp_path):
    def game():
        g, d = tiny_generator(), tiny_discriminator()
        return g, d, *losses.make_optimizers(0.1)

    first = game()
    manager = training.make_checkpoint_manager(tmp_path, *first)
    assert training.restore_latest(manager) is None
    training.make_train_step(*first, noise_dim=3)(images())
    path = manager.save()
    second = game()
    assert training.restore_latest(training.make_checkpoint_manager(tmp_path, *second)) == path
    for optimizer, model in zip(second[2:], second[:2], strict=True):
        optimizer.build(model.trainable_variables)
    for old, new in zip(first, second, strict=True):
        for a, b in zip(old.variables, new.variables, strict=True):
            if "seed" not in a.path:
                np.testing.assert_array_equal(a.numpy(), b.numpy(), err_msg=a.path)


def test_a_checkpoint_holds_what_was_not_built_yet(tmp_path):
    g, d = tiny_generator(), tiny_discriminator()
    training.make_checkpoint_manager(tmp_path, g, d, *losses.make_optimizers()).save()
    other_g, other_d = tiny_generator(), tiny_discriminator()
    manager = training.make_checkpoint_manager(
        tmp_path, other_g, other_d, *losses.make_optimizers()
    )
    training.restore_latest(manager)
    for a, b in zip(weights_of(g, d), weights_of(other_g, other_d), strict=True):
        np.testing.assert_array_equal(a, b)


def dcgan(average=0.0, augment=False, seed=0):
    model = training.DCGAN(
        tiny_generator(), tiny_discriminator(), seed=seed, average=average, augment=augment
    )
    model.compile(*losses.make_optimizers(0.1), jit_compile=False)
    return model


def fit(model, epochs=1, **options):
    batches = tf.data.Dataset.from_tensor_slices(images(8)).batch(4)
    return model.fit(batches, epochs=epochs, verbose=0, **options)


@pytest.mark.parametrize("augmented", [False, True])
def test_fit_draws_the_same_from_the_same_seed_and_step(augmented):
    first = dcgan(0.9, augmented)
    second = dcgan(0.9, augmented)
    for to, source in ((second.generator, first.generator), (second.sampler, first.sampler)):
        to.set_weights(source.get_weights())
    second.discriminator.set_weights(first.discriminator.get_weights())
    third = dcgan(0.9, augmented, seed=1)
    third.generator.set_weights(first.generator.get_weights())
    third.discriminator.set_weights(first.discriminator.get_weights())
    logs = [fit(model).history for model in (first, second, third)]
    assert logs[0] == logs[1] != logs[2]
    for a, b in zip(weights_of(first), weights_of(second), strict=True):
        np.testing.assert_array_equal(a, b)
    assert int(first.steps) == 2


def test_dropout_masks_are_new_at_every_step():
    model = dcgan()
    layer = next(x for x in model.discriminator.layers if isinstance(x, keras.layers.Dropout))
    ones, masks = tf.ones((1, 784)), []
    for step in (0, 1, 0):
        model.steps.assign(step)
        model._seed_dropout()
        masks.append(np.asarray(layer(ones, training=True)))
    assert not np.array_equal(masks[0], masks[1])
    np.testing.assert_array_equal(masks[0], masks[2])


def test_the_average_follows_its_formula():
    model = dcgan(average=0.9)
    start = model.sampler.get_weights()[0]
    model.train_step(tf.constant(images(4)))
    decay = min(0.9, 2 / 11)  # after one step: (1 + 1) / (10 + 1)
    expected = decay * start + (1 - decay) * model.generator.get_weights()[0]
    np.testing.assert_allclose(model.sampler.get_weights()[0], expected, rtol=1e-5, atol=1e-7)


def test_without_an_average_the_sampler_is_the_generator():
    model = dcgan()
    assert model.sampler is model.generator


def test_float16_losses_are_scaled_and_gradients_unscaled():
    def step(wrap):
        g, d = tiny_generator(), tiny_discriminator()
        for model in (g, d):
            model.set_weights([np.full_like(w, 0.01) for w in model.get_weights()])
        optimizers = [wrap(keras.optimizers.SGD(0.1)) for _ in range(2)]
        noise = np.linspace(-1, 1, 12, dtype=np.float32).reshape(4, 3)
        d.layers[1].rate = 0.0
        training.update_networks(g, d, *optimizers, images(4), noise)
        return weights_of(g, d)

    plain = step(lambda optimizer: optimizer)
    scaled = step(keras.optimizers.LossScaleOptimizer)
    for a, b in zip(plain, scaled, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


def test_the_chapter_preset_has_the_chapters_settings():
    assert training.PRESETS["chapter"] == training.Preset(
        batch_size=256,
        learning_rate=1e-4,
        beta_1=0.9,
        epochs=60,
        average=0.0,
        augment=False,
        checkpoint_every=5,
    )


def test_the_log_drops_epochs_that_are_done_again(tmp_path):
    path = tmp_path / "losses.csv"
    path.write_text("epoch,gen_loss,disc_loss,seconds\n1,0.5,1.0,9\n2,0.6,1.1,9\n3,7,7,7\n")
    log = training.LossLog(path, first_epoch=2)
    log.on_epoch_begin(2)
    log.on_epoch_end(2, {"gen_loss": 0.7, "disc_loss": 1.2})
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["epoch"], r["gen_loss"]) for r in rows] == [
        ("1", "0.5"),
        ("2", "0.6"),
        ("3", "0.700000"),
    ]


def test_progress_names_epochs_losses_and_time_left():
    stream = io.StringIO()
    fit(dcgan(), epochs=2, callbacks=[training.TimeLeft(stream)])
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2 and lines[1].startswith("epoch 2/2")
    assert "gen_loss" in lines[0] and lines[1].endswith("0:00 left")


def test_stop_after_ends_with_a_whole_epoch_and_a_checkpoint(tmp_path):
    model = dcgan()
    epoch = tf.Variable(0, dtype=tf.int64)
    manager = tf.train.CheckpointManager(tf.train.Checkpoint(epoch=epoch), str(tmp_path), 3)
    callbacks = [training.StopAfter(1e-9), training.SaveCheckpoints(manager, epoch, every=5)]
    fit(model, epochs=9, callbacks=callbacks)
    assert int(epoch) == 1 and manager.latest_checkpoint.endswith("ckpt-1")


def test_checkpoints_come_every_few_epochs_and_at_the_end(tmp_path):
    epoch = tf.Variable(0, dtype=tf.int64)
    manager = tf.train.CheckpointManager(tf.train.Checkpoint(epoch=epoch), str(tmp_path), 9)
    fit(dcgan(), epochs=5, callbacks=[training.SaveCheckpoints(manager, epoch, every=2)])
    assert [path.rsplit("-")[-1] for path in manager.checkpoints] == ["2", "4", "5"]


def test_augmentation_moves_and_cuts_but_adds_nothing():
    picture = np.full((64, 28, 28, 1), -1.0, np.float32)
    picture[:, 14, 14] = 0.5
    moved = np.asarray(augment.shift_and_cut(picture, [1, 2], shift=3, cut=0))
    where = np.argwhere(moved[..., 0] > -1)
    assert len(where) == 64 and np.all(np.abs(where[:, 1:] - 14) <= 3)
    assert len(np.unique(where[:, 1:], axis=0)) > 20
    np.testing.assert_allclose(moved.max(axis=(1, 2, 3)), 0.5)
    bright = np.ones((64, 28, 28, 1), np.float32)
    cut = np.asarray(augment.shift_and_cut(bright, [1, 2], shift=0, cut=10))
    black = (cut == -1).sum(axis=(1, 2, 3))
    assert set(np.unique(cut)) == {-1.0, 1.0} and black.max() == 100 and black.min() < 100


def test_augmentation_passes_gradients_and_repeats_with_its_seed():
    picture = tf.Variable(images(4))
    with tf.GradientTape() as tape:
        changed = augment.shift_and_cut(picture, [1, 2])
        total = tf.reduce_sum(changed * changed)
    gradient = np.asarray(tape.gradient(total, picture))
    assert np.any(gradient) and np.isfinite(gradient).all()
    np.testing.assert_array_equal(changed, augment.shift_and_cut(picture, [1, 2]))
    assert not np.array_equal(changed, augment.shift_and_cut(picture, [1, 3]))
