"""Checks of 07_animation: grids, the picture of an epoch, the film.

A picture may be the pixels of the grid or a matplotlib figure of any size. So the generator of
these checks draws planted images: all have one shape, an L on black, and each has a grey of its
own. Where a grey lies in the saved picture, there its image is.
"""

import contextlib
import math
import os
import tempfile
from pathlib import Path
from unittest import mock

import keras
import numpy as np
import tensorflow as tf

from dcgan_lib.checks.framework import (
    Exercise,
    NotAnswered,
    as_array,
    expect,
    fail,
    progress,
    short,
)

__all__ = [
    "generate_and_save_images_closes_figures",
    "generate_and_save_images_default_directory",
    "generate_and_save_images_inference",
    "generate_and_save_images_name",
    "generate_and_save_images_picture",
    "generate_and_save_images_returns_path",
    "image_grid_clips",
    "image_grid_default_columns",
    "image_grid_dtype",
    "image_grid_keeps_input",
    "image_grid_missing",
    "image_grid_order",
    "image_grid_rounds",
    "image_grid_shape",
    "image_grid_tensor",
    "make_gif_default_time",
    "make_gif_holds_last",
    "make_gif_loops",
    "make_gif_order",
    "make_gif_other_files",
    "make_gif_refuses_nothing",
    "make_gif_returns_path",
    "make_gif_times",
    "progress",
]

LESSON = "07_animation"
GRID = Exercise("image_grid", LESSON, references=["animation.image_grid"])
SAVE = Exercise(
    "generate_and_save_images", LESSON, references=["animation.generate_and_save_images"]
)
GIF = Exercise(
    "make_gif",
    LESSON,
    references=["animation.make_gif", "animation.write_gif", "animation.epoch_pictures"],
)

GRID_SECTION = "A grid of images"
SAVE_SECTION = "Save the picture of an epoch"
FIGURES = "Close your figures"
NAMES = "Names in order"
TIMES = "Time in a GIF"
FILM = "Make the film"

SIZE = 28
COLUMNS = 4
NOISE_DIM = 5
BOTH_KINDS = "a path may be a string or a Path: Path(directory) takes both"


# image_grid


@GRID.check(GRID_SECTION)
def image_grid_shape(answer, n=6, columns=4):
    """gives one array of shape (rows * 28, columns * 28)."""
    _grid(answer, n, columns)


@GRID.check(GRID_SECTION)
def image_grid_default_columns(answer, n=6):
    """takes 4 columns when none are given."""
    came = _call_grid(answer, n).shape
    expected = _grid_shape(n, COLUMNS)
    expect(
        came == expected,
        f"without `columns` the grid of {n} images has the wrong shape",
        came=came,
        expected=expected,
        cause="leave the default value of `columns` at 4"
        if len(came) == 2
        else "the result is one picture: two axes",
    )


@GRID.check(GRID_SECTION)
def image_grid_order(answer, n=6, columns=4):
    """puts the images side by side, row by row, each upright."""
    pixels = _pixels(n)
    cells = _cells(_grid(answer, n, columns))
    wrong = [i for i in range(n) if not _same_picture(cells[i], pixels[i])]
    if not wrong:
        return
    places = [_place(cell, pixels) for cell in cells]
    empty = [not cell.any() for cell in cells]
    found = [place for place in places if place is not None]
    if [number for number, _ in found] == list(range(n)):
        cause = "the images are transposed or mirrored: keep their rows and columns"
    elif len(found) >= n:
        cause = "the first image is top left, the second right of it: fill a row, then the next"
    elif np.array_equal(np.sort(cells[cells != 0]), np.sort(pixels, axis=None)):
        cause = (
            "a reshape alone does not move a pixel, so each image is spread over several cells: "
            "(rows, columns, 28, 28), then swap the two axes in the middle, then reshape"
        )
    else:
        cause = "look at your grid; if its greys are wrong, too, repair them first"
    fail(
        f"cell {wrong[0]} (counted from 0) does not hold image {wrong[0]}",
        came=_write_rows(list(map(_name_place, places, empty)), columns),
        expected=_write_rows([str(i) if i < n else "." for i in range(len(cells))], columns),
        cause=cause,
    )


@GRID.check(GRID_SECTION)
def image_grid_missing(answer, n=6, columns=4):
    """leaves the cells after the last image black."""
    _grid(answer, math.ceil(n / columns) * columns, columns)  # a full one, to leave no trace
    cells = _cells(_grid(answer, n, columns))[n:]
    wrong = cells[cells != 0]
    if not wrong.size:
        return
    level = float(wrong.flat[0])
    causes = {
        127: "0 is grey in [-1, 1], and black in uint8: add black cells after the conversion",
        128: "0 is grey in [-1, 1], and black in uint8: add black cells after the conversion",
        255: "this is white: start from zeros, which are black in uint8",
    }
    fail(
        f"the cell after image {n - 1} is not black",
        came=f"pixels of {level:g}",
        expected="0",
        cause=causes.get(level, "start from an array of zeros, and fill in the images only")
        if np.all(wrong == level)
        else "an image is repeated, or the array is not new: start each call from zeros",
    )


@GRID.check(GRID_SECTION)
def image_grid_dtype(answer):
    """gives numbers of type uint8."""
    came = as_array(answer(_images_of(_pixels(2)), 2), "the grid")
    expect(
        came.dtype == np.uint8,
        "the grid has the wrong type",
        came=came.dtype,
        expected="uint8",
        cause="denormalize_images gives uint8; np.zeros gives float64 unless you name a type",
    )


@GRID.check(GRID_SECTION)
def image_grid_rounds(answer, parts=(-0.3, 0.3)):
    """rounds to the nearest grey, as denormalize_images does."""
    pixels = np.resize(np.add.outer(np.arange(1, 255), parts), SIZE * SIZE)
    came = _first_cell(answer, pixels)
    wrong = np.flatnonzero(came != np.rint(pixels))
    if not len(wrong):
        return
    if np.array_equal(came, np.floor(pixels)):
        cause = "astype and cast cut off what follows the point: round first"
    elif np.allclose(came, 255 - pixels, atol=1):
        cause = "black and white are exchanged"
    elif np.all(abs(came - pixels) <= 1.001):
        cause = "off by one: is it values * 127.5 + 127.5, rounded to the nearest?"
    else:
        cause = "denormalize_images takes images in [-1, 1], and gives greys from 0 to 255"
    first = wrong[0]
    fail(
        f"the value {short(_images_of(pixels[first : first + 1])[0].item())} is wrong",
        came=short(came[first]),
        expected=f"{np.rint(pixels[first]):g}, the nearest to {pixels[first]:.4g}",
        cause=cause,
    )


@GRID.check(GRID_SECTION)
def image_grid_clips(answer, values=(-3.0, -1.01, 1.01, 3.0)):
    """clips what lies outside [-1, 1]."""
    values = np.resize(values, SIZE * SIZE)
    came = _first_cell(answer, values * 127.5 + 127.5)
    expected = np.where(values < 0, 0, 255)
    wrong = np.flatnonzero(came != expected)
    if len(wrong):
        first = wrong[0]
        fail(
            f"the value {values[first]:g} is wrong",
            came=short(came[first]),
            expected=int(expected[first]),
            cause="clip on both sides, before you convert: in uint8, 256 is 0 and -1 is 255",
        )


@GRID.check(GRID_SECTION)
def image_grid_keeps_input(answer):
    """leaves its input unchanged."""
    images = 2 * _images_of(_pixels(6))  # some of it must be clipped
    given = images.copy()
    answer(given, 4)
    expect(
        given.shape == images.shape and np.array_equal(given, images),
        "the input was changed",
        came=short(given.ravel()[:4]),
        expected=short(images.ravel()[:4]),
        cause="you wrote into `images`, or set its shape: compute a new array instead",
    )


@GRID.check(GRID_SECTION)
def image_grid_tensor(answer):
    """takes a TensorFlow tensor as well as an array."""
    images = _images_of(_pixels(6))
    expected = as_array(answer(images.copy(), 3), "the grid")
    try:
        came = as_array(answer(tf.constant(images), 3), "the grid of a tensor")
    except (AttributeError, TypeError, ValueError) as error:
        fail(
            "it stops with a tensor",
            came=f"{type(error).__name__}: {short(str(error))}",
            expected="the grid, as for an array",
            cause="a tensor lacks methods of arrays, such as reshape: np.asarray(images) makes "
            "an array of either",
        )
    expect(
        np.array_equal(came, expected),
        "a tensor gives another grid than an array",
        came=short(came),
        expected=short(expected),
        cause="np.asarray(images) makes an array of either; go on from there",
    )


def _pixels(n):
    """Digits' shape: n different images without any symmetry; 0 does not occur."""
    i, row, column = np.ogrid[:n, :SIZE, :SIZE]
    return (1 + (41 * i + 5 * row + 2 * column + row * column // 9) % 255).astype(np.uint8)


def _images_of(pixels):
    """Images in [-1, 1] with these greys, which need not be whole."""
    return ((np.asarray(pixels, np.float64) - 127.5) / 127.5)[..., None].astype(np.float32)


def _grid_shape(n, columns):
    return (math.ceil(n / columns) * SIZE, columns * SIZE)


def _call_grid(answer, n, *columns):
    try:
        return as_array(answer(_images_of(_pixels(n)), *columns), "the grid")
    except (ValueError, IndexError) as error:
        in_row = columns[0] if columns else COLUMNS
        if n % in_row == 0:
            raise
        fail(
            f"it stops with {n} images in {in_row} columns",
            came=f"{type(error).__name__}: {short(str(error))}",
            expected=f"an array of shape {_grid_shape(n, in_row)}",
            cause="if they do not fit: rows are rounded up, -(-n // columns), and n // columns "
            "rounds down",
        )


def _grid(answer, n, columns):
    """The grid of n planted images, of the right shape."""
    came = _call_grid(answer, n, columns)
    expected = _grid_shape(n, columns)
    rows = expected[0] // SIZE
    causes = {
        (*expected, 1): "the channel axis is still there",
        (1, *expected): "there is an axis too many in front",
        (n, SIZE, SIZE): "these are still single images: join them into one picture",
        expected[::-1]: "rows and columns are exchanged",
        (expected[0] + SIZE, expected[1]): "there is an empty row: round n / columns up, no more",
        (expected[0] - SIZE, expected[1]): "a row is missing: round n / columns up, not down",
        (rows * SIZE, min(n, columns) * SIZE): "a row has `columns` cells, also if n is smaller",
        (rows * columns, SIZE, SIZE): "these are still single images: join them into one picture",
        (rows, columns, SIZE, SIZE): "these are still single images: join them into one picture",
        _grid_shape(n, 4): "use the parameter `columns`",
        _grid_shape(16, columns): "the number of rows follows from the number of images",
    }
    expect(
        came.shape == expected,
        f"the grid of {n} images in {columns} columns has the wrong shape",
        came=came.shape,
        expected=expected,
        cause=causes.get(came.shape, "each cell has 28 times 28 pixels, and nothing between"),
    )
    return came


def _cells(grid):
    """The cells of a grid, row by row, (cells, 28, 28)."""
    rows, columns = grid.shape[0] // SIZE, grid.shape[1] // SIZE
    cells = grid.reshape(rows, SIZE, columns, SIZE).swapaxes(1, 2)
    return cells.reshape(-1, SIZE, SIZE)


def _same_picture(one, other):
    # How pixels are rounded is for another check.
    return np.allclose(one, other, rtol=0, atol=1.001)


def _place(cell, pixels):
    """Which image a cell holds, and whether it is upright; None if it holds no image."""
    turned = [np.rot90(cell, k) for k in range(4)]
    for look in (*turned, *(view.T for view in turned)):
        for number, image in enumerate(pixels):
            if _same_picture(look, image):
                return number, look is turned[0]
    return None


def _name_place(place, empty):
    if place is None:
        return "." if empty else "?"
    number, upright = place
    return str(number) if upright else f"{number} turned"


def _write_rows(names, columns):
    return " / ".join(
        " ".join(names[start : start + columns]) for start in range(0, len(names), columns)
    )


def _first_cell(answer, pixels):
    """What becomes of 784 greys in one image."""
    images = _images_of(np.reshape(pixels, (1, SIZE, SIZE)))
    came = np.squeeze(as_array(answer(images, 1), "the grid"))
    expect(
        came.ndim == 2 and min(came.shape) >= SIZE,
        "the grid of one image has the wrong shape",
        came=came.shape,
        expected=(SIZE, SIZE),
        cause="repair the shape first",
    )
    return came[:SIZE, :SIZE].astype(np.float64).ravel()


# generate_and_save_images


@SAVE.check(SAVE_SECTION)
def generate_and_save_images_name(answer, epoch=7):
    """writes image_at_epoch_0007.png, and nothing else, into the directory."""
    expected = f"image_at_epoch_{epoch:04d}.png"
    with _two_directories() as (here, there), _figures(closed_by_show=True):
        try:
            answer(_sketch(), epoch, _latent(2), there)
        except (TypeError, AttributeError) as error:
            answer(_sketch(), epoch, _latent(2), str(there))  # if this stops, it is another mistake
            fail(
                "it stops when `directory` is a Path",
                came=f"{type(error).__name__}: {short(str(error))}",
                expected="a picture, as for a string",
                cause=BOTH_KINDS,
            )
        names = sorted(path.name for path in there.iterdir())
        elsewhere = sorted(path.name for path in here.iterdir())
        kinds = [_kind_of_picture(path) for path in there.iterdir()]
    if not names:
        cause = "use the parameter `directory`" if elsewhere else "save the picture into it"
    elif expected in names:
        cause = "save one picture, and no other file"
    elif names == [f"image_at_epoch_{epoch}.png"]:
        cause = f"the number has at least four digits: {epoch} is written {epoch:04d}"
    elif any(f"{number:04d}.png" in names[0] for number in (epoch - 1, epoch + 1)):
        cause = "the epoch is off by one: use it as it is given"
    else:
        cause = 'f"image_at_epoch_{epoch:04d}.png" writes the epoch with at least four digits'
    expect(
        names == [expected],
        f"for epoch {epoch} the directory holds the wrong files",
        came=", ".join(names)
        or (
            f"no file; in the current directory: {', '.join(elsewhere)}" if elsewhere else "no file"
        ),
        expected=expected,
        cause=cause,
    )
    expect(
        not elsewhere,
        "a file is in the current directory",
        came=", ".join(elsewhere),
        expected="one picture, in `directory`",
        cause="save one picture, and no other file",
    )
    expect(
        kinds == ["PNG"],
        f"{expected} is no PNG file",
        came=kinds[0],
        expected="PNG",
        cause="let the file name choose the format, or name it: format='PNG'",
    )


@SAVE.check(SAVE_SECTION)
def generate_and_save_images_default_directory(answer):
    """writes into the current directory when none is given."""
    with _two_directories() as (here, _), _figures(closed_by_show=True):
        answer(_sketch(), 1, _latent(2))
        names = sorted(path.name for path in here.rglob("*") if path.is_file())
        pictures = [path for path in here.iterdir() if path.is_file()]
    expect(
        len(pictures) == 1,
        "without `directory` the picture is in the wrong place",
        came=", ".join(names) or "no file in the current directory",
        expected="one picture in the current directory",
        cause='leave the default value of `directory` at "."',
    )


@SAVE.check(SAVE_SECTION)
def generate_and_save_images_returns_path(answer, epoch=7):
    """returns the path of the picture."""
    with _two_directories() as (here, _), _figures(closed_by_show=True):
        # Twice, and relative to the current directory, which must stay as it is.
        there = here / "there"
        there.mkdir()
        for number in (epoch - 1, epoch):
            came = answer(_sketch(), number, _latent(2).numpy(), there.name)
        right = isinstance(came, (str, os.PathLike)) and Path(came).is_file()
        right = right and Path(came).resolve().parent == there.resolve()
    if came is None:
        cause = "there is no `return`"
    elif isinstance(came, (str, os.PathLike)):
        cause = "return the directory and the name, joined as for saving"
    else:
        cause = "return the path, not what a drawing function gives"
    expect(
        right,
        "it does not return the path of the picture",
        came=short(came),
        expected=f"{there.name}/image_at_epoch_{epoch:04d}.png",
        cause=cause,
    )


@SAVE.check(SAVE_SECTION)
def generate_and_save_images_picture(answer, n=18):
    """shows all images in grey, in 4 columns, row by row."""
    latent = _latent(n)
    model = _sketch()
    model.seen.clear()
    picture = _draw(answer, model, latent)
    grid = _planted_grid(latent)
    if picture.shape[:2] == grid.shape:
        _expect_grid(picture, grid, model, latent)
        return
    expect(
        picture.shape[:2] != (grid.shape[0], n * SIZE),
        f"the picture of {n} images has the wrong size",
        came=f"{picture.shape[1]} x {picture.shape[0]} pixels",
        expected=f"{grid.shape[1]} x {grid.shape[0]} pixels",
        cause="a row has 4 cells, also if there are fewer images",
    )
    boxes = _find(picture, _levels(n))
    missing = [i for i, box in enumerate(boxes) if box is None]
    if missing:
        _fail_unseen(picture, model, latent, missing)
    wrong = [i for i, box in enumerate(boxes) if not _upright(picture, box, _levels(n)[i])]
    expect(
        not wrong,
        f"image {wrong[0] if wrong else ''} (counted from 0) is transposed or mirrored",
        came="the planted L lies or looks the other way",
        expected="each image as the generator draws it",
        cause="show images[i, :, :, 0]: the first axis of an image is its rows, from the top",
    )
    _expect_places(boxes)


@SAVE.check(SAVE_SECTION)
def generate_and_save_images_inference(answer, training_by_default=True):
    """draws in inference mode."""
    model = _sketch(training_by_default)
    model.calls.assign(0)
    model.calls_in_training.assign(0)
    with _two_directories(), _figures(closed_by_show=True):
        answer(model, 1, _latent(2))
    expect(
        int(model.calls) > 0,
        "the model was not called",
        came="no call",
        expected="images that `model` draws from `test_input`",
        cause="use the parameter `model`, not a generator of your notebook",
    )
    expect(
        int(model.calls_in_training) == 0,
        "the model ran in training mode",
        came="training=True",
        expected="training=False",
        cause="say training=False, or use generate_images: this model is in training mode "
        "unless told otherwise"
        if training_by_default
        else "say training=False, or use generate_images",
    )


@SAVE.check(FIGURES)
def generate_and_save_images_closes_figures(answer):
    """leaves no figure open."""
    with _two_directories(), _figures(closed_by_show=False) as opened:
        answer(_sketch(), 1, _latent(2))
        left = len(opened())
    expect(
        not left,
        "after the call figures are open",
        came=f"{left} open figure{'s' if left > 1 else ''}",
        expected="none",
        cause="close each figure that you open with plt.close(figure), after saving it; "
        "plt.show() closes figures in a notebook only, and plt.clf() only empties them",
    )


class Sketch(keras.Model):
    """A generator of planted images: the first latent number is the grey of an L on black.

    It counts its calls in variables, which also works inside a `tf.function`.
    """

    def __init__(self):
        super().__init__()
        self.calls = self.add_weight(shape=(), trainable=False, initializer="zeros", name="calls")
        self.calls_in_training = self.add_weight(
            shape=(), trainable=False, initializer="zeros", name="calls_in_training"
        )
        self.seen = _Seen()
        self.built = True

    def call(self, z, training=False):
        """Draw; the mode is counted, and changes nothing else."""
        self.calls.assign_add(1)
        if training:
            self.calls_in_training.assign_add(1)
        self.seen.add(z)
        body, rest = (keras.ops.convert_to_tensor(part, "float32") for part in _planted_parts())
        z = keras.ops.convert_to_tensor(z)
        return body * keras.ops.reshape(z[:, 0], (-1, 1, 1, 1)) + rest


class EagerSketch(Sketch):
    """The same, but in training mode unless told otherwise."""

    def call(self, z, training=True):
        """Draw; the mode is counted, and changes nothing else."""
        return super().call(z, training=training)


class _Seen:
    """The latent vectors that a model was given, where they are numbers and no symbols."""

    def __init__(self):
        self.given = []

    def clear(self):
        self.given.clear()

    def add(self, z):
        with contextlib.suppress(Exception):
            self.given.append(np.asarray(z))


_SKETCHES = {}


def _sketch(training_by_default=False):
    # One for all calls: each new model would be compiled anew by `predict`.
    if training_by_default not in _SKETCHES:
        _SKETCHES[training_by_default] = EagerSketch() if training_by_default else Sketch()
    return _SKETCHES[training_by_default]


# An image has 4 x 4 blocks: an L of the image's own grey (1), a white corner (2), black (0). White
# and black are in every image, so a figure that stretches each image's greys changes nothing.
BLOCKS = np.array([[1, 0, 0, 2], [1, 0, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0]])
BODY = BLOCKS[:, :2] == 1  # what lies in the box around the L


def _planted_parts():
    """Where the L is, and everything else; (28, 28, 1) each."""
    blocks = np.kron(BLOCKS, np.ones((SIZE // 4, SIZE // 4)))[..., None]
    return np.float32(blocks == 1), np.float32(np.select([blocks == 1, blocks == 2], [0, 1], -1))


# The greys of the images. 255 minus one of them is none of them. `plt.imsave` changes some greys
# by one, but none of these, nor the next to one of the second row.
LEVELS = (22, 34, 46, 58, 70, 83, 94, 105, 118)
LEVELS += (130, 142, 154, 166, 178, 190, 202, 214, 226)


def _levels(n):
    """The greys of n planted images, n up to 18; cutting off makes the brighter ones too dark."""
    levels = np.array(LEVELS[:: len(LEVELS) // n][:n])
    return levels + np.where(levels < 128, 0.25, 0.75)


def _latent(n):
    values = np.zeros((n, NOISE_DIM), np.float32)
    values[:, 0] = (_levels(n) - 127.5) / 127.5
    values[:, 1:] = 0.5
    return tf.constant(values)


def _planted_grid(latent):
    """What `image_grid` makes of the planted images."""
    body, rest = _planted_parts()
    images = (body * latent.numpy()[:, :1, None, None] + rest)[..., 0]
    n = len(images)
    cells = np.zeros((_grid_shape(n, COLUMNS)[0] // SIZE * COLUMNS, SIZE, SIZE), np.uint8)
    cells[:n] = np.rint(images * 127.5 + 127.5)
    by_row = cells.reshape(-1, COLUMNS, SIZE, SIZE).swapaxes(1, 2)
    return by_row.reshape(_grid_shape(n, COLUMNS))


def _draw(answer, model, latent):
    """The picture that an answer saves, as uint8 (height, width, 3), wherever it does so."""
    from PIL import Image

    with _two_directories() as (here, _), _figures(closed_by_show=True):
        (here / "image_at_epoch_0001.png").write_text("of an earlier run")
        answer(model, 1, latent)
        files = [path for path in here.parent.rglob("*") if path.is_file()]
        pictures = [path for path in files if _kind_of_picture(path) != "no picture"]
        expect(
            pictures,
            "no picture was saved",
            came=", ".join(path.name for path in files) or "no file",
            expected="one picture",
            cause="save the picture, into `directory`, also in place of an old one of this name",
        )
        with Image.open(pictures[0]) as picture:
            return np.asarray(picture.convert("RGB"))


def _expect_grid(picture, grid, model, latent):
    """Compare a picture that has the size of the grid pixel by pixel."""
    off = np.abs(picture.astype(int) - grid[..., None]).max(axis=2)
    if not off.any():
        return
    row, column = np.argwhere(off > 0)[0]
    if _other_vectors(model, latent):
        cause = OTHER_VECTORS
    elif off.max() == 1:
        cause = "off by one: round before you convert to uint8, as image_grid does"
    elif np.ptp(picture, axis=2).max() > 16:
        cause = 'the picture is coloured: cmap="gray" makes it grey'
    elif np.abs(255 - picture.astype(int) - grid[..., None]).max() <= 1:
        cause = "black and white are exchanged"
    else:
        cause = "save the pixels of image_grid(images), with 4 columns, as they are"
    fail(
        f"pixel ({row}, {column}) of the picture is wrong",
        came=short(picture[row, column].astype(int)),
        expected=f"{grid[row, column]}, as in image_grid",
        cause=cause,
    )


def _find(picture, levels):
    """For each grey the box (top, bottom, left, right) around all its pixels, or None."""
    flat = _flat(picture)
    shades = picture.mean(axis=2)
    boxes = []
    for level in levels:
        mask = flat & (np.abs(shades - level) <= 4)
        if not mask.any():
            boxes.append(None)
            continue
        box = []
        for axis in (1, 0):
            # Edges between two greys pass through a third: such lines are short and thin.
            count = mask.sum(axis=axis)
            places = np.flatnonzero(count >= 0.15 * count.max())
            box += [int(places[0]), int(places[-1]) + 1]
        boxes.append(box)
    return boxes


def _flat(picture):
    """Which pixels are grey, and like their eight neighbours."""
    channels = picture.astype(np.int16)
    least, most = channels.min(axis=2), channels.max(axis=2)
    for axis in (0, 1):
        least = np.minimum(least, np.minimum(np.roll(least, 1, axis), np.roll(least, -1, axis)))
        most = np.maximum(most, np.maximum(np.roll(most, 1, axis), np.roll(most, -1, axis)))
    return most - least <= 8


def _upright(picture, box, level):
    """Whether the L stands as it should."""
    top, bottom, left, right = box
    same = np.abs(picture.mean(axis=2) - level) <= 4
    rows = np.array_split(same[top:bottom, left:right], 4)
    blocks = [[block.mean() > 0.5 for block in np.array_split(row, 2, axis=1)] for row in rows]
    return np.array_equal(blocks, BODY)


OTHER_VECTORS = "the model was given other vectors: give it all of `test_input`, as it is"


def _other_vectors(model, latent):
    """Whether the model was called, but never with the vectors that it was to be given."""
    given = model.seen.given
    return bool(given) and not any(
        z.shape == latent.shape and np.allclose(z, latent) for z in given
    )


def _fail_unseen(picture, model, latent, missing):
    """Say why the greys of some images are not in the picture."""
    n = len(latent)
    height, width = picture.shape[:2]
    grey = picture.mean(axis=2)
    negatives = 255 - _levels(n)
    coloured = np.mean(np.ptp(picture, axis=2) > 30)
    if _other_vectors(model, latent):
        cause = OTHER_VECTORS
    elif all(
        box is not None and _upright(picture, box, level)
        for box, level in zip(_find(picture, negatives), negatives, strict=True)
    ):
        cause = 'black and white are exchanged: cmap="gray" has black for the least value'
    elif np.ptp(grey) < 8:
        cause = "the picture is empty: after plt.show() or plt.close() there is no figure to save"
    elif coloured > 0.05:
        cause = 'without cmap="gray" matplotlib makes a coloured picture'
    elif not np.any((grey > 16) & (grey < 239)):
        cause = "there is only black and white: scale [-1, 1] to [0, 255], each grey evenly"
    elif height * width < _planted_grid(latent).size:
        cause = "the picture has too few pixels for all images"
    elif missing[0] and missing[0] % COLUMNS == 0 and len(missing) == n - missing[0]:
        cause = "the picture must hold every image: the number of rows follows from their number"
    else:
        cause = (
            'the greys are wrong: cmap="gray" goes evenly from black to white; vmin and vmax, if '
            "you give them, belong to -1 and 1, or to what you made of them"
        )
    fail(
        f"image {missing[0]} (counted from 0) of {n} is not in the picture",
        came=f"{width} x {height} pixels, greys from {grey.min():.0f} "
        f"to {grey.max():.0f}, {n - len(missing)} of the {n} images",
        expected=f"all {n} images, in grey",
        cause=cause,
    )


def _expect_places(boxes):
    """Expect the boxes in 4 columns, row by row."""
    n = len(boxes)
    height = boxes[0][1] - boxes[0][0]
    width = boxes[0][3] - boxes[0][2]
    # Rows as they are in the picture: what is about as high as the first of them.
    rows = []
    for i in sorted(range(n), key=lambda i: boxes[i][0]):
        if rows and boxes[i][0] - boxes[rows[-1][0]][0] < height / 2:
            rows[-1].append(i)
        else:
            rows.append([i])
    rows = [sorted(row, key=lambda i: boxes[i][2]) for row in rows]
    expected = [list(range(start, min(start + 4, n))) for start in range(0, n, 4)]
    if rows == expected[::-1]:
        cause = "the first row belongs at the top"
    elif len(rows[0]) != min(n, COLUMNS):
        cause = "a row has 4 images, whatever their number"
    else:
        cause = "the first image is top left, the second right of it: fill a row, then the next"
    expect(
        rows == expected,
        "the images are in the wrong places",
        came=_write_places(rows),
        expected=_write_places(expected),
        cause=cause,
    )
    for i, (top, _, left, _) in enumerate(boxes):
        in_line = abs(left - boxes[i % COLUMNS][2]) < max(2, width / 4)
        in_row = abs(top - boxes[i - i % COLUMNS][0]) < max(2, height / 4)
        expect(
            in_line and in_row,
            f"image {i} (counted from 0) is not below image {i % COLUMNS}",
            came=f"left edge at {left}, of the image above at {boxes[i % COLUMNS][2]}",
            expected="4 columns, one below the other",
            cause="every row is divided into 4 cells, the last one, too",
        )


def _write_places(rows):
    return " / ".join(" ".join(map(str, row)) for row in rows)


def _kind_of_picture(path):
    from PIL import Image

    try:
        with Image.open(path) as picture:
            return picture.format
    except OSError:
        return "no picture"


@contextlib.contextmanager
def _two_directories():
    """Two empty directories: the current one, and another to write to.

    Their whole paths hold a number, an underscore and a dot, which belong to no name of a file.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as root:
        here, there = Path(root, "run_a.2", "here"), Path(root, "run_a.2", "there")
        here.mkdir(parents=True)
        there.mkdir()
        with contextlib.chdir(here):
            yield here, there


@contextlib.contextmanager
def _figures(closed_by_show):
    """Show no figure, and close those that are left.

    Yields a function that lists the figures which were opened. In a notebook `plt.show()` closes
    all figures; in a program without windows it does nothing.
    """
    from matplotlib import pyplot

    before = set(pyplot.get_fignums())

    def opened():
        return [number for number in pyplot.get_fignums() if number not in before]

    def close():
        for number in opened():
            pyplot.close(number)

    def show(*args, **kwargs):
        if closed_by_show:
            close()

    try:
        with mock.patch.object(pyplot, "show", show):
            yield opened
    finally:
        close()


# make_gif


@GIF.check(NAMES)
def make_gif_order(answer, epochs=(2, 10, 9999, 10000), mode="L"):
    """plays all pictures in the order of their epochs."""
    with _two_directories() as (here, there):
        _plant(there, epochs, mode)
        film = _film(answer, there, here / "training.gif")
    epochs = sorted(epochs)
    came = [epochs[i] if i is not None and i < len(epochs) else "?" for i, _ in film]
    if came == sorted(epochs, key=lambda epoch: f"{epoch:04d}"):
        cause = "the names are sorted as text, where '1' comes before '9': sort by the number"
    elif came == epochs[::-1]:
        cause = "the order is turned round"
    elif came == sorted(epochs, key=lambda epoch: epoch % 10_000):
        cause = "the number may have more than four digits: take all that follows the last _"
    elif sorted(map(str, came)) == sorted(map(str, epochs)):
        cause = "a directory lists its files in any order: sort them by the number in the name"
    elif came and came == epochs[: len(came)]:
        cause = "the last pictures are missing"
    elif came and came == epochs[-len(came) :]:
        cause = "the first pictures are missing"
    elif "?" in came:
        cause = "the film shows the pictures as they are, each as a whole"
    elif len(came) < len(epochs):
        cause = "pictures are missing: is the number in the name always of four digits?"
    else:
        cause = "each picture comes once"
    expect(
        came == epochs,
        "the film shows the wrong pictures",
        came=f"epochs {', '.join(map(str, came))}",
        expected=f"epochs {', '.join(map(str, epochs))}",
        cause=cause,
    )


@GIF.check(NAMES)
def make_gif_other_files(answer, names=("sheet.png", "image_3.png", "a.png", "z.txt")):
    """leaves out other files and directories."""
    with _two_directories() as (_, there):
        _plant(there, (1, 2, 3))
        _plant_others(there, names)
        (there / "old").mkdir()
        _save_picture(there / "old" / "image_at_epoch_0007.png", 9, "L")
        try:
            film = _film(answer, there, there / "training.gif")
        except (ValueError, OSError, IndexError, TypeError, AttributeError) as error:
            with _two_directories() as (_, plain):  # if this stops, it is another mistake
                _plant(plain, (1, 2, 3))
                _film(answer, plain, plain / "training.gif")
            fail(
                "it stops when other files are in the directory",
                came=f"{type(error).__name__}: {short(str(error))}",
                expected="a film of the image_at_epoch_*.png alone",
                cause='take only the files that Path(directory).glob("image_at_epoch_*.png") gives',
            )
    numbers = [i for i, _ in film]
    other = [i for i in numbers if i not in (0, 1, 2)]
    expect(
        not other,
        "a picture in the film does not belong there",
        came=f"{len(other)} other",
        expected="the image_at_epoch_*.png alone",
        cause='take only the files that Path(directory).glob("image_at_epoch_*.png") gives',
    )


@GIF.check(TIMES)
def make_gif_times(answer, frame_ms=120, epochs=(1, 2, 3, 4), equal=False):
    """shows every picture but the last for frame_ms milliseconds."""
    _expect_times(answer, frame_ms, frame_ms, epochs, equal)


@GIF.check(TIMES)
def make_gif_default_time(answer):
    """shows a picture for 200 milliseconds when no time is given."""
    _expect_times(answer, None, 200, (1, 2, 3), equal=False)


@GIF.check(TIMES)
def make_gif_holds_last(answer, frame_ms=120):
    """holds the last picture five times as long as the others."""
    with _two_directories() as (here, there):
        _plant(there, (1, 2, 3))
        film = _film(answer, there, here / "training.gif", frame_ms)
    shown = [time for _, time in film]
    # What one picture gets is for another check; here only the last one's share counts.
    one, last = shown[0], shown[-1]
    causes = {
        0: "write the times in milliseconds",
        1: "the last picture comes four more times, or gets its own time: a list has one time for "
        "each picture, no more",
        2: "appending the last picture once more, as the chapter does, holds it twice as long",
        4: "five times as long: once, and four times more",
        6: "five times as long in all: once, and four times more",
    }
    times = round(last / one) if one else 0
    expect(
        # A GIF counts in hundredths of a second, which some round down for every frame.
        one > 0 and abs(last - 5 * one) <= 0.45 * one,
        "the last picture is not held five times as long",
        came=f"{last} ms, the first picture {one} ms"
        + (f": {last / one:.3g} times as long" if one else ""),
        expected=f"five times {frame_ms} ms = {5 * frame_ms} ms",
        cause=FIRST_TWICE
        if (one, last) == (2 * frame_ms, 5 * frame_ms)
        else causes.get(times, "give the last picture 5 * frame_ms"),
    )


@GIF.check(TIMES)
def make_gif_loops(answer):
    """makes a film that repeats for ever."""
    from PIL import Image

    with _two_directories() as (here, there):
        _plant(there, (1, 2, 3))
        path = here / "training.gif"
        _film(answer, there, path)
        with Image.open(path) as gif:
            loop = gif.info.get("loop")
    expect(
        loop == 0,
        "the film does not repeat for ever",
        came="it plays once" if loop is None else f"loop={loop}: it ends after some rounds",
        expected="loop=0, which means: for ever",
        cause="without loop=0 a GIF plays once",
    )


@GIF.check(FILM)
def make_gif_returns_path(answer):
    """returns gif_path, be it a string or a Path."""
    for kind in (str, Path):
        with _two_directories() as (here, there):
            _plant(there, (1, 2))
            path = kind(Path("films", "training.gif"))
            (here / "films").mkdir()
            try:
                came = answer(kind(there), path, 100)
            except (TypeError, AttributeError) as error:
                fail(
                    f"it stops when the paths are of type {kind.__name__}",
                    came=f"{type(error).__name__}: {short(str(error))}",
                    expected="a film, for a string as for a Path",
                    cause=BOTH_KINDS,
                )
            written = Path(path).is_file()
            right = isinstance(came, (str, os.PathLike)) and Path(came).resolve() == (
                here.resolve() / path
            )
        expect(
            written,
            "there is no file at gif_path",
            came="no file",
            expected=short(path),
            cause="gif_path is the whole path: do not join it with `directory`",
        )
        expect(
            right,
            "it does not return gif_path",
            came=short(came),
            expected=short(path),
            cause="there is no `return`" if came is None else "return gif_path as it was given",
        )


@GIF.check(FILM)
def make_gif_refuses_nothing(answer, names=()):
    """raises ValueError or FileNotFoundError when there is no picture."""
    with _two_directories() as (here, there):
        _plant_others(there, names)
        try:
            came = answer(str(there), str(here / "training.gif"), 100)
        except (ValueError, FileNotFoundError):
            return
        except (NotImplementedError, NotAnswered):
            raise
        except Exception as error:
            fail(
                "a directory without pictures gives another error",
                came=f"{type(error).__name__}: {short(str(error))}",
                expected="ValueError or FileNotFoundError",
                cause="look whether the list of pictures is empty before you use its first one",
            )
    fail(
        "a directory without pictures gives no error",
        came=short(came),
        expected="ValueError or FileNotFoundError",
        cause="look whether the list of pictures is empty, and raise the error",
    )


FIRST_TWICE = "the first picture comes twice: append_images takes only the others"
GREYS = (0, 85, 170)  # of three quarters of a planted picture; the fourth, top left, is white


def _plant(directory, epochs, mode="L"):
    """One picture per epoch, numbered in the order of the epochs; the first file is the newest."""
    numbered = list(enumerate(sorted(epochs)))
    for time, (number, epoch) in enumerate(numbered[1:] + numbered[:1]):
        path = Path(directory, f"image_at_epoch_{epoch:04d}.png")
        _save_picture(path, number, mode)
        os.utime(path, (time, time))


def _plant_others(directory, names):
    from PIL import Image

    for name in names:
        if name.endswith(".png"):
            Image.new("L", (60, 40), 128).save(Path(directory, name))
        else:
            Path(directory, name).write_text("not a picture")


def _save_picture(path, number, mode):
    from PIL import Image

    quarters = np.array([255, *(GREYS[number // 3**k % 3] for k in range(3))], np.uint8)
    pixels = np.kron(quarters.reshape(2, 2), np.ones((56, 56), np.uint8))
    Image.fromarray(pixels).convert(mode).save(path)


def _number_of(frame):
    """The number of a planted picture in a film, at any size; None for any other picture."""
    height, width = frame.shape
    quarters, noise = [], 0.0
    for row in (0, 1):
        for column in (0, 1):
            rows = slice(int((row + 0.2) * height / 2), int((row + 0.8) * height / 2) + 1)
            columns = slice(int((column + 0.2) * width / 2), int((column + 0.8) * width / 2) + 1)
            quarters.append(frame[rows, columns].mean())
            noise = max(noise, frame[rows, columns].std())
    nearest = [min(range(3), key=lambda k, q=q: abs(GREYS[k] - q)) for q in quarters[1:]]
    off = [abs(GREYS[k] - q) for k, q in zip(nearest, quarters[1:], strict=True)]
    # A palette of few colours makes some noise; one of black and white is another picture.
    if quarters[0] < 225 or max(off) > 25 or noise > 40:
        return None
    return sum(k * 3**place for place, k in enumerate(nearest))


def _film(answer, directory, path, frame_ms=None):
    """What a viewer sees: a list of (number of the picture, milliseconds).

    Equal neighbours are one: whether a GIF stores them as one frame or more is free.
    """
    from PIL import Image, ImageSequence

    times = [] if frame_ms is None else [frame_ms]
    try:
        answer(str(directory), str(path), *times)
    except (TypeError, AttributeError):  # that both kinds of path will do is for another check
        answer(directory, path, *times)
    except (ValueError, IndexError, FileNotFoundError) as error:
        if not _works_inside(answer, directory, path, times):
            raise
        fail(
            "it finds no picture",
            came=f"{type(error).__name__}: {short(str(error))}",
            expected="a film of the pictures in `directory`",
            cause="no file was found: it looks in the current directory; use `directory`",
        )
    expect(
        path.is_file(),
        "there is no file at gif_path",
        came="no file",
        expected=path.name,
        cause="write the film to gif_path",
    )
    film = []
    try:
        with Image.open(path) as gif:
            kind = gif.format
            for frame in ImageSequence.Iterator(gif):
                number = _number_of(np.asarray(frame.convert("L")))
                time = frame.info.get("duration") or 0
                if film and film[-1][0] == number:
                    time += film.pop()[1]
                film.append((number, time))
    except OSError:
        kind = "no picture"
    expect(
        kind == "GIF",
        "the file is no GIF",
        came=kind,
        expected="GIF",
        cause="write it with Pillow or imageio, under a name that ends in .gif",
    )
    return film


def _works_inside(answer, directory, path, times):
    """Whether an answer makes its film if `directory` is the current directory."""
    with contextlib.suppress(Exception), contextlib.chdir(directory):
        answer(str(directory), str(path), *times)
        return True
    return False


def _expect_times(answer, given, expected, epochs, equal):
    with _two_directories() as (here, there):
        _plant(there, epochs)
        if equal:  # the second picture looks like the first
            _save_picture(there / f"image_at_epoch_{epochs[1]:04d}.png", 0, "L")
        film = _film(answer, there, here / "training.gif", given)
    shown = [time for _, time in film[:-1]]
    right = [expected] * (len(epochs) - 1)
    if equal:
        right[:2] = [2 * expected]
    if shown and max(shown) <= 10 < expected:
        cause = "the time is missing, or in seconds: Pillow and imageio count milliseconds"
    elif shown and given is not None and all(time == 200 for time in shown):
        cause = "use the parameter frame_ms"
    elif not equal and shown[:1] == [2 * expected] and shown[1:] == right[1:]:
        cause = FIRST_TWICE
    elif equal and len(shown) == len(right) and shown[0] == expected:
        cause = "equal pictures must keep their own times: leave none of them out"
    elif len(shown) != len(right):
        cause = "if the order is wrong, too, repair that first"
    elif shown and all(time == 5 * expected for time in shown):
        cause = "only the last picture is held longer"
    elif given is None:
        cause = "leave the default value of frame_ms at 200"
    else:
        cause = "duration=frame_ms, in milliseconds, for every picture"
    expect(
        len(shown) == len(right)
        and all(abs(one - other) <= 10 for one, other in zip(shown, right, strict=True)),
        f"with frame_ms={given} the pictures are shown for the wrong time"
        if given is not None
        else "without frame_ms the pictures are shown for the wrong time",
        came=f"{', '.join(map(str, shown)) or 'no'} ms, without the last",
        expected=f"{', '.join(map(str, right))} ms",
        cause=cause,
    )
