"""The folder of one training: start it, resume it, draw from it.

RUN/run.json                    the settings
RUN/checkpoints/                the newest three states
RUN/losses.csv                  one row per epoch
RUN/image_at_epoch_0001.png …   one picture per epoch
"""

import hashlib
import importlib.util
import json
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from dcgan_lib.animation import EpochPictures
from dcgan_lib.data import endless_batches, load_digits, normalize_images
from dcgan_lib.files import atomic_path
from dcgan_lib.losses import make_optimizers
from dcgan_lib.models import (
    NOISE_DIM,
    generate_images,
    make_discriminator_model,
    make_generator_model,
)
from dcgan_lib.training import (
    DCGAN,
    PRESETS,
    LossLog,
    SaveCheckpoints,
    StopAfter,
    TimeLeft,
    make_checkpoint_manager,
)

PICTURES = 16  # images in the picture of an epoch
MOST_IN_TABLE = 2_000  # samples in a quality table
GPU_STEPS = 10  # at most so many steps in one graph
PRECISIONS = ("auto", "float32", "mixed_float16", "mixed_bfloat16")
DEFAULTS = {"data": "embedded", "preset": "fast", "seed": 0}


def train_run(
    out,
    *,
    data=None,
    preset=None,
    seed=None,
    epochs=None,
    minutes=None,
    precision="auto",
    stream=None,
):
    """Train into a folder, or go on where an earlier training of that folder stopped.

    On a CPU, a training that was stopped at any moment and resumed ends with the same weights
    as one that never stopped (on the same machine with the same versions).

    Args:
        out: the folder; made when missing.
        data: source of `load_digits`; "embedded" for a new run.
        preset: key of `PRESETS`; "fast" for a new run.
        seed: whole number from 0; 0 for a new run.
        epochs: passes over the data in all, from 1; the preset's when None.
        minutes: stop at the end of the first epoch after so many minutes, or None.
        precision: one of `PRECISIONS`; "auto" takes what is fast on this machine.
        stream: text file for the progress; standard output when None.

    Returns:
        The trained `DCGAN` model.

    Raises:
        ValueError: if a setting is wrong or contradicts the run in the folder.
        OSError: if the folder cannot be written to.
    """
    out = Path(out)
    stream = stream or sys.stdout
    settings = _settings(out, {"data": data, "preset": preset, "seed": seed})
    chosen = PRESETS[settings["preset"]]
    epochs = chosen.epochs if epochs is None else epochs
    digits = load_digits(settings["data"])
    _claim(out, settings, digits.x_train)

    images = normalize_images(digits.x_train)
    steps = len(images) // chosen.batch_size
    model = make_dcgan(chosen, settings["seed"], precision, steps)
    epoch = tf.Variable(0, dtype=tf.int64, trainable=False)
    manager = _manager(out, model, epoch)
    _restore(manager)
    done = int(epoch)
    if done >= epochs:
        stream.write(f"{out} already has {done} epochs; --epochs {done + 1} or more goes on.\n")
        return model
    if done:
        stream.write(f"{out}: going on after epoch {done}.\n")

    batches = endless_batches(images, chosen.batch_size, settings["seed"], first_epoch=done)
    callbacks = [
        TimeLeft(stream, minutes),
        EpochPictures(latent_vectors(PICTURES, settings["seed"]), out),
        LossLog(out / "losses.csv", first_epoch=done),
    ]
    if minutes is not None:
        callbacks.append(StopAfter(minutes))
    if importlib.util.find_spec("tensorboard") is not None:
        log_dir = str(out / "tensorboard")
        callbacks.append(keras.callbacks.TensorBoard(log_dir, write_graph=False))
    # Last, so that a checkpoint's epoch always has its picture and its row.
    callbacks.append(SaveCheckpoints(manager, epoch, chosen.checkpoint_every))
    model.fit(
        batches,
        epochs=epochs,
        initial_epoch=done,
        steps_per_epoch=steps,
        callbacks=callbacks,
        shuffle=False,
        verbose=0,
    )
    return model


def make_dcgan(preset, seed=0, precision="auto", steps=1):
    """Make and compile the training model, fitted to this machine.

    With a GPU: memory growth, 16-bit arithmetic with float32 outputs and weights, XLA, and
    several steps in one graph. Without: deterministic operations.

    Args:
        preset: a `Preset`.
        seed: whole number; also of the initial weights.
        precision: one of `PRECISIONS`.
        steps: steps per epoch.

    Returns:
        A compiled `DCGAN`.

    Raises:
        ValueError: if `precision` is none of `PRECISIONS`.
    """
    if precision not in PRECISIONS:
        raise ValueError(f"no precision {precision!r}; there are: {', '.join(PRECISIONS)}")
    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    if not gpus:
        tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(seed)
    policy = choose_precision() if precision == "auto" else precision
    model = DCGAN(
        make_generator_model(dtype=policy),
        make_discriminator_model(dtype=policy),
        seed=seed,
        average=preset.average,
        augment=preset.augment,
    )
    optimizers = make_optimizers(preset.learning_rate, preset.beta_1)
    if policy == "mixed_float16":
        optimizers = map(keras.optimizers.LossScaleOptimizer, optimizers)
    together = max(n for n in range(1, GPU_STEPS + 1) if steps % n == 0)
    model.compile(
        *optimizers,
        # XLA's convolutions are slower than the plain ones on a CPU.
        jit_compile=bool(gpus),
        # Whole graphs only: `fit` would go past the epoch's end with a part of one.
        steps_per_execution=together if gpus else 1,
    )
    return model


def choose_precision():
    """Name the Keras dtype policy that is fast on this machine.

    Returns:
        "mixed_float16" with a GPU, "mixed_bfloat16" on a CPU that multiplies bfloat16 in
        hardware, "float32" elsewhere.
    """
    if tf.config.list_physical_devices("GPU"):
        return "mixed_float16"
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return "float32"
    fast = "avx512_bf16" in flags or "amx_bf16" in flags
    return "mixed_bfloat16" if fast else "float32"


def load_generator(out):
    """Load the generator of a run, from its newest checkpoint.

    Args:
        out: the folder of the run.

    Returns:
        A `keras.Model` from `(n, 100)` to images `(n, 28, 28, 1)` in [-1, 1].

    Raises:
        ValueError: if the folder holds no run, or none that has saved a checkpoint yet.
    """
    out = Path(out)
    read_settings(out)
    generator = make_generator_model()
    manager = tf.train.CheckpointManager(
        tf.train.Checkpoint(sampler=generator), str(out / "checkpoints"), max_to_keep=3
    )
    if _restore(manager) is None:
        raise ValueError(f"{out} has no checkpoint yet; train it: dcgan train --out {out}")
    return generator


def latent_vectors(count, seed=0):
    """Make latent vectors that are the same at every call with the same seed.

    Args:
        count: how many, from 1.
        seed: whole number from 0.

    Returns:
        float32 array `(count, 100)` of normal draws.
    """
    return np.random.default_rng(seed).standard_normal((count, NOISE_DIM), np.float32)


def draw_for_table(generator, digits, seed=0):
    """Draw as many images as a quality table needs.

    Args:
        generator: model from `(n, 100)` to images.
        digits: the `Digits` that it learned from.
        seed: whole number.

    Returns:
        float32 array `(n, 28, 28, 1)`; n is the number of held-out digits, at most 2,000: the
        search for the nearest of 60,000 digits would take minutes for more.
    """
    return draw(generator, min(len(digits.x_test), MOST_IN_TABLE), seed)


def draw(generator, count, seed=0):
    """Draw images from random latent vectors.

    Args:
        generator: model from `(n, 100)` to images.
        count: how many, from 1.
        seed: whole number; the same seed gives the same latent vectors.

    Returns:
        float32 array `(count, 28, 28, 1)` in [-1, 1].
    """
    noise = latent_vectors(count, seed)
    parts = [generate_images(generator, noise[i : i + 256]) for i in range(0, count, 256)]
    return np.concatenate(parts)


def read_settings(out):
    """Read the settings of the run in a folder.

    Args:
        out: the folder.

    Returns:
        dict with `data`, `preset`, `seed` and `fingerprint` (of the training images).

    Raises:
        ValueError: if the folder holds no run.
    """
    path = Path(out) / "run.json"
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, NotADirectoryError):
        raise ValueError(
            f"{out} holds no run ({path.name} is missing); train one: dcgan train --out {out}"
        ) from None


def _settings(out, asked):
    """Complete what was asked for by what the folder says, then by the defaults."""
    known = read_settings(out) if (out / "run.json").exists() else {}
    for name, value in asked.items():
        if value is not None and known.get(name, value) != value:
            raise ValueError(
                f"{out} was trained with {name} {known[name]}, not {value}: "
                "leave it out to go on, or choose another folder"
            )
    settings = DEFAULTS | {k: v for k, v in asked.items() if v is not None} | known
    if settings["preset"] not in PRESETS:
        raise ValueError(f"no preset {settings['preset']!r}; there are: {', '.join(PRESETS)}")
    return settings


def _claim(out, settings, images):
    """Make the folder, prove that it can be written to, and note the settings."""
    fingerprint = hashlib.sha256(images.tobytes()).hexdigest()[:16]
    if settings.setdefault("fingerprint", fingerprint) != fingerprint:
        raise ValueError(
            f"{out} was trained on other images than {settings['data']} holds now: "
            "bring those back, or choose another folder"
        )
    path = out / "run.json"
    try:
        out.mkdir(parents=True, exist_ok=True)
        if not path.exists() and any(out.iterdir()):
            raise ValueError(f"{out} is not empty and holds no run; choose another folder")
        with atomic_path(path) as temporary:
            temporary.write_text(json.dumps(settings, indent=2) + "\n")
    except OSError as error:
        raise OSError(f"cannot write to {out}: {error}; choose another folder") from error


def _manager(out, model, epoch):
    # The optimizers inside a loss scaler are saved, not the scaler: a run that began on a GPU
    # goes on without one.
    optimizers = [
        getattr(optimizer, "inner_optimizer", optimizer)
        for optimizer in (model.generator_optimizer, model.discriminator_optimizer)
    ]
    return make_checkpoint_manager(
        out / "checkpoints",
        model.generator,
        model.discriminator,
        *optimizers,
        sampler=model.sampler,
        steps=model.steps,
        epoch=epoch,
    )


def _restore(manager):
    """Restore the newest checkpoint that is whole; return its path, or None if there is none."""
    for path in reversed(manager.checkpoints):
        try:
            manager.checkpoint.restore(path).expect_partial()
        except Exception as error:  # TensorFlow's reader raises errors of many unrelated types
            reason = str(error).splitlines()[0]
            print(f"dcgan: {path} is damaged ({reason}); trying the one before.", file=sys.stderr)
        else:
            return path
    if manager.checkpoints:
        raise ValueError(
            f"every checkpoint in {manager.directory} is damaged or of another network; "
            "train in another folder"
        )
    return None
