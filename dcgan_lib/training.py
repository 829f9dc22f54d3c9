"""The game: one update of each network per batch, many times.

The chapter's way is `make_train_step` and `train`. `DCGAN` is the same step as a `keras.Model`,
so that Keras's own `fit` trains it and callbacks hang on it.
"""

import csv
import time
from dataclasses import dataclass
from pathlib import Path

import keras
import tensorflow as tf

from dcgan_lib.augment import shift_and_cut
from dcgan_lib.files import atomic_path
from dcgan_lib.losses import discriminator_loss, generator_loss
from dcgan_lib.models import NOISE_DIM


@dataclass(frozen=True)
class Preset:
    """Settings of a training.

    Attributes:
        batch_size: real images per update; as many are generated.
        learning_rate: of both Adam optimizers.
        beta_1: decay of Adam's average gradient.
        epochs: passes over the data.
        average: decay of the generator's moving average, in [0, 1); 0 keeps none.
        augment: whether the discriminator sees images shifted and cut at random.
        checkpoint_every: epochs between two checkpoints.
    """

    batch_size: int
    learning_rate: float
    beta_1: float
    epochs: int
    average: float
    augment: bool
    checkpoint_every: int


PRESETS = {
    # The settings of the TensorFlow DCGAN tutorial.
    "chapter": Preset(256, 1e-4, 0.9, 60, average=0.0, augment=False, checkpoint_every=5),
    "fast": Preset(32, 5e-4, 0.5, 10, average=0.999, augment=False, checkpoint_every=1),
}


def update_networks(
    generator,
    discriminator,
    generator_optimizer,
    discriminator_optimizer,
    images,
    noise,
    augment=None,
):
    """Update each network once, both from the same real and generated images.

    Args:
        generator: model from latent vectors `(n, noise_dim)` to images `(n, 28, 28, 1)`.
        discriminator: model from images to logits `(n, 1)`.
        generator_optimizer: Keras optimizer of the generator.
        discriminator_optimizer: Keras optimizer of the discriminator.
        images: real images `(n, 28, 28, 1)` in [-1, 1].
        noise: latent vectors `(n, noise_dim)`.
        augment: function from images to images that is applied to all that the
            discriminator sees, or None.

    Returns:
        `(gen_loss, disc_loss)`, scalar tensors, as they were before the update.
    """
    look = augment or (lambda x: x)
    with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
        generated = generator(noise, training=True)
        real_output = discriminator(look(images), training=True)
        fake_output = discriminator(look(generated), training=True)
        gen_loss = generator_loss(fake_output)
        disc_loss = discriminator_loss(real_output, fake_output)
        # With 16-bit floats a gradient may be too small to be written down: the optimizer
        # scales the loss up, and its `apply` scales the gradients down again.
        gen_scaled = generator_optimizer.scale_loss(gen_loss)
        disc_scaled = discriminator_optimizer.scale_loss(disc_loss)
    for tape, loss, model, optimizer in (
        (gen_tape, gen_scaled, generator, generator_optimizer),
        (disc_tape, disc_scaled, discriminator, discriminator_optimizer),
    ):
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)
    return gen_loss, disc_loss


def make_train_step(
    generator,
    discriminator,
    generator_optimizer,
    discriminator_optimizer,
    noise_dim=NOISE_DIM,
):
    """Make the function that trains both networks on one batch.

    The networks are arguments, not globals: a `tf.function` that found them as globals would
    keep training the old ones after new ones are made.

    Args:
        generator: model from `(n, noise_dim)` to `(n, 28, 28, 1)`.
        discriminator: model from `(n, 28, 28, 1)` to logits `(n, 1)`.
        generator_optimizer: Keras optimizer of the generator.
        discriminator_optimizer: Keras optimizer of the discriminator.
        noise_dim: length of the latent vector.

    Returns:
        A function `train_step(images)` from a batch `(n, 28, 28, 1)`, n from 1, to
        `(gen_loss, disc_loss)`, scalar tensors.

    Taught in: 06_train_step
    """
    generator_optimizer.build(generator.trainable_variables)
    discriminator_optimizer.build(discriminator.trainable_variables)

    @tf.function(reduce_retracing=True)
    def train_step(images):
        noise = tf.random.normal((tf.shape(images)[0], noise_dim))
        return update_networks(
            generator,
            discriminator,
            generator_optimizer,
            discriminator_optimizer,
            images,
            noise,
        )

    return train_step


def train(dataset, epochs, train_step, on_epoch_end=None):
    """Train on every batch of every epoch.

    Args:
        dataset: iterable of batches, gone through once per epoch.
        epochs: how many passes, from 0.
        train_step: function from a batch to `(gen_loss, disc_loss)`.
        on_epoch_end: function called with 1, 2, … after the epoch's last batch, or None.

    Returns:
        A list with one tuple `(mean gen_loss, mean disc_loss)` of floats per epoch.

    Raises:
        ValueError: if the dataset has no batch.

    Taught in: 06_train_step
    """
    history = []
    for epoch in range(1, epochs + 1):
        losses = [train_step(images) for images in dataset]
        if not losses:
            raise ValueError("the dataset has no batch: is batch_size above the number of images?")
        history.append(
            tuple(sum(map(float, part)) / len(losses) for part in zip(*losses, strict=True))
        )
        if on_epoch_end is not None:
            on_epoch_end(epoch)
    return history


def make_checkpoint_manager(
    directory,
    generator,
    discriminator,
    generator_optimizer,
    discriminator_optimizer,
    **more,
):
    """Make what saves and restores the whole state of a training.

    Args:
        directory: folder of the checkpoints; made when the first one is saved.
        generator: the generator.
        discriminator: the discriminator.
        generator_optimizer: its optimizer.
        discriminator_optimizer: its optimizer.
        **more: further trackable objects to save along.

    Returns:
        A `tf.train.CheckpointManager` that keeps the newest three.

    Taught in: 06_train_step
    """
    checkpoint = tf.train.Checkpoint(
        generator=generator,
        discriminator=discriminator,
        generator_optimizer=generator_optimizer,
        discriminator_optimizer=discriminator_optimizer,
        **more,
    )
    return tf.train.CheckpointManager(checkpoint, str(directory), max_to_keep=3)


def restore_latest(manager):
    """Restore models and optimizers from the newest checkpoint.

    Args:
        manager: a `tf.train.CheckpointManager`.

    Returns:
        The path of the checkpoint, or None when there is none.

    Taught in: 06_train_step
    """
    path = manager.latest_checkpoint
    if path is not None:
        # A training script tracks less or more than a program that only draws from it.
        manager.checkpoint.restore(path).expect_partial()
    return path


class DCGAN(keras.Model):
    """The two networks and their train step, for `compile` and `fit`.

    Everything random in a step (noise, augmentation, Dropout's masks) is derived from the seed
    and the number of the step, so that a training which was stopped and resumed makes the same
    draws as one that never stopped.

    Args:
        generator: model from `(n, noise_dim)` to `(n, 28, 28, 1)`.
        discriminator: model from `(n, 28, 28, 1)` to logits `(n, 1)`.
        seed: whole number.
        average: decay of the generator's moving average, in [0, 1); 0 keeps none.
        augment: whether the discriminator sees shifted and cut images.

    Attributes:
        sampler: the generator to draw with: the moving average where one is kept.
        steps: int64 variable, the number of steps done.

    Taught in: 06_train_step
    """

    def __init__(self, generator, discriminator, *, seed=0, average=0.0, augment=False):
        super().__init__(name="dcgan")
        self.generator = generator
        self.discriminator = discriminator
        self.seed = seed
        self.average = average
        self.augment = augment
        self.sampler = generator
        if average:
            self.sampler = keras.models.clone_model(generator)
            self.sampler.set_weights(generator.get_weights())
        self.steps = tf.Variable(0, dtype=tf.int64, trainable=False)
        self.gen_loss = keras.metrics.Mean("gen_loss")
        self.disc_loss = keras.metrics.Mean("disc_loss")
        self.built = True

    def compile(self, generator_optimizer, discriminator_optimizer, **options):
        """Set the optimizers; `options` are those of `keras.Model.compile`."""
        super().compile(**options)
        self.generator_optimizer = generator_optimizer
        self.discriminator_optimizer = discriminator_optimizer
        generator_optimizer.build(self.generator.trainable_variables)
        discriminator_optimizer.build(self.discriminator.trainable_variables)

    @property
    def metrics(self):
        """The mean losses of the epoch; `fit` resets them."""
        return [self.gen_loss, self.disc_loss]

    def train_step(self, images):
        """Update each network once.

        Args:
            images: real images `(n, 28, 28, 1)` in [-1, 1].

        Returns:
            dict of the epoch's mean `gen_loss` and `disc_loss` so far.
        """
        noise_seed = tf.stack([tf.constant(self.seed, tf.int64), self.steps])
        shape = (tf.shape(images)[0], self.generator.input_shape[-1])
        noise = tf.random.stateless_normal(shape, noise_seed)
        self._seed_dropout()
        gen_loss, disc_loss = update_networks(
            self.generator,
            self.discriminator,
            self.generator_optimizer,
            self.discriminator_optimizer,
            images,
            noise,
            self._augmentation(),
        )
        self.steps.assign_add(1)
        if self.average:
            self._move_average()
        self.gen_loss.update_state(gen_loss)
        self.disc_loss.update_state(disc_loss)
        return {metric.name: metric.result() for metric in self.metrics}

    def _seed_dropout(self):
        # Keras's seed generators count their calls in a state that no checkpoint holds.
        layers = [x for x in self.discriminator.layers if isinstance(x, keras.layers.Dropout)]
        for number, layer in enumerate(layers, start=1):
            state = layer.seed_generator.state
            fresh = tf.stack([tf.constant(self.seed + number, tf.int64), self.steps * 16])
            state.assign(tf.cast(fresh, state.dtype))

    def _augmentation(self):
        if not self.augment:
            return None
        calls = iter(range(1, 8))

        def augment(images):
            # Real and generated images are changed independently of each other.
            stream = tf.constant(-self.seed - next(calls), tf.int64)
            return shift_and_cut(images, tf.stack([stream, self.steps * 2]))

        return augment

    def _move_average(self):
        # Early on the average follows closely: it must forget the random start.
        steps = tf.cast(self.steps, tf.float32)
        decay = tf.minimum(self.average, (1.0 + steps) / (10.0 + steps))
        for mean, value in zip(self.sampler.variables, self.generator.variables, strict=True):
            mean.assign(decay * mean + (1.0 - decay) * value)


class SaveCheckpoints(keras.callbacks.Callback):
    """Save a checkpoint every few epochs, and at the end.

    Args:
        manager: a `tf.train.CheckpointManager`.
        epoch: tf.Variable that the checkpoint holds: the number of epochs done.
        every: epochs between two checkpoints, from 1.
    """

    def __init__(self, manager, epoch, every):
        super().__init__()
        self.manager, self.done, self.every = manager, epoch, every

    def on_epoch_end(self, epoch, logs=None):
        """Note the epoch, and save when it is time."""
        self.done.assign(epoch + 1)
        last = epoch + 1 == self.params["epochs"] or self.model.stop_training
        if last or (epoch + 1) % self.every == 0:
            self.manager.save(checkpoint_number=epoch + 1)


class LossLog(keras.callbacks.Callback):
    """Keep a CSV file with one row per epoch: epoch, gen_loss, disc_loss, seconds.

    Args:
        path: the file; rewritten as a whole, so never half a row.
        first_epoch: epochs already done; later rows of an older file are dropped, since those
            epochs are done again.
    """

    FIELDS = ("epoch", "gen_loss", "disc_loss", "seconds")

    def __init__(self, path, first_epoch=0):
        super().__init__()
        self.path = Path(path)
        self.rows = []
        if self.path.exists():
            with open(self.path, newline="") as file:
                self.rows = [r for r in csv.DictReader(file) if int(r["epoch"]) <= first_epoch]

    def on_epoch_begin(self, epoch, logs=None):
        """Start the epoch's clock."""
        self.started = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        """Add the epoch's row."""
        row = {name: f"{logs[name]:.6f}" for name in ("gen_loss", "disc_loss")}
        row |= {"epoch": epoch + 1, "seconds": f"{time.monotonic() - self.started:.1f}"}
        self.rows.append(row)
        with atomic_path(self.path) as temporary, open(temporary, "w", newline="") as file:
            writer = csv.DictWriter(file, self.FIELDS)
            writer.writeheader()
            writer.writerows(self.rows)


class StopAfter(keras.callbacks.Callback):
    """Stop at the end of the first epoch that ends later than some minutes from the start.

    Args:
        minutes: above 0.
    """

    def __init__(self, minutes):
        super().__init__()
        self.seconds = minutes * 60

    def on_train_begin(self, logs=None):
        """Start the clock."""
        self.started = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        """Stop `fit` when the time is up."""
        if time.monotonic() - self.started >= self.seconds:
            self.model.stop_training = True


class TimeLeft(keras.callbacks.Callback):
    """Show the progress of the whole training and the time left.

    Args:
        stream: text file to write to; lines are overwritten where it is a terminal.
        minutes: limit of the training's length, or None.
    """

    def __init__(self, stream, minutes=None):
        super().__init__()
        self.stream = stream
        self.limit = None if minutes is None else minutes * 60

    def on_train_begin(self, logs=None):
        """Start the clock."""
        self.first_epoch = self.steps_seen = 0
        self.started = self.shown = time.monotonic()

    def on_epoch_begin(self, epoch, logs=None):
        """Note where the counting starts."""
        if self.steps_seen == 0:
            self.first_epoch = epoch
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        """Show the step, at most twice a second, on a terminal."""
        done = (self.epoch - self.first_epoch) * self.params["steps"] + batch + 1
        if self.steps_seen == 0:
            # The first step also builds the graph; it would spoil the estimate.
            self.started, self.base = time.monotonic(), done
        self.steps_seen = done
        if self.stream.isatty() and time.monotonic() - self.shown >= 0.5:
            self.shown = time.monotonic()
            self._show(logs, f"step {batch + 1}/{self.params['steps']}", end="")

    def on_epoch_end(self, epoch, logs=None):
        """Show the epoch's line."""
        self._show(logs, "done", end="\n")

    def _show(self, logs, where, end):
        start = "\r\033[K" if self.stream.isatty() else ""
        self.stream.write(
            f"{start}epoch {self.epoch + 1}/{self.params['epochs']}  {where}  "
            f"gen_loss {logs['gen_loss']:.3f}  disc_loss {logs['disc_loss']:.3f}  "
            f"{self._left()} left{end}"
        )
        self.stream.flush()

    def _left(self):
        total = (self.params["epochs"] - self.first_epoch) * self.params["steps"]
        spent = time.monotonic() - self.started
        seen = max(self.steps_seen - self.base, 1)
        seconds = spent / seen * (total - self.steps_seen)
        if self.limit is not None:
            seconds = min(seconds, max(self.limit - spent, 0))
        return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
