import base64
import re
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image, ImageSequence

from dcgan_lib import animation


class Levels(keras.Model):
    """A generator whose image is flat grey: the first number of the latent vector.

    In training mode everything is white, so a draw in the wrong mode shows.
    """

    shift = 0.0

    def call(self, z, training=True):
        z = keras.ops.convert_to_tensor(z)
        image = keras.ops.zeros((len(z), 28, 28, 1)) + z[:, :1, None, None] + self.shift
        return keras.ops.ones_like(image) if training else image


def grey(level):
    """The value in [-1, 1] of a grey level from 0 to 255."""
    return (level - 127.5) / 127.5


def latents(*levels):
    return np.float32([[grey(level), 0.0] for level in levels])


def draw_epochs(directory, epochs):
    """One picture per epoch; the grey of its only image is a different one for every epoch."""
    levels = {epoch: 20 + 30 * i for i, epoch in enumerate(epochs)}
    for epoch, level in levels.items():
        animation.generate_and_save_images(Levels(), epoch, latents(level), directory)
    return levels


def read_gif(path):
    """The frames, as arrays, and their milliseconds."""
    with Image.open(path) as gif:
        played = ImageSequence.Iterator(gif)
        frames = [(np.asarray(frame.convert("RGB")), frame.info["duration"]) for frame in played]
    return [frame for frame, _ in frames], [time for _, time in frames]


def corner_levels(frames):
    return [int(frame[0, 0, 0]) for frame in frames]


def leftovers(directory):
    return [p.name for p in directory.iterdir() if not re.search(r"^[^.].*\.(png|gif)$", p.name)]


# --- image_grid


def test_grid_is_row_by_row_with_black_cells_at_the_end():
    images = grey(np.arange(1, 7, dtype=np.float32) * 10)[:, None, None, None]
    images = np.broadcast_to(images, (6, 28, 28, 1))
    grid = animation.image_grid(images)
    assert grid.shape == (56, 112)
    assert grid.dtype == np.uint8
    expected = np.kron([[10, 20, 30, 40], [50, 60, 0, 0]], np.ones((28, 28)))
    np.testing.assert_array_equal(grid, expected)
    assert animation.image_grid(tf.constant(images), columns=3).shape == (56, 84)
    assert animation.image_grid(images[:1]).shape == (28, 112)


def test_grid_keeps_each_image_upright_and_whole():
    pixels = np.random.default_rng(0).integers(0, 256, (2, 28, 28, 1))
    grid = animation.image_grid(grey(pixels.astype(np.float32)), columns=2)
    np.testing.assert_array_equal(grid[:, :28], pixels[0, ..., 0])
    np.testing.assert_array_equal(grid[:, 28:], pixels[1, ..., 0])


def test_grid_rounds_and_clips():
    values = np.float32([-1.5, -1, grey(99.6), grey(99.4), 1, 1.5])
    images = np.broadcast_to(values[:, None, None, None], (6, 28, 28, 1))
    grid = animation.image_grid(images, columns=6)
    np.testing.assert_array_equal(grid[0, ::28], [0, 0, 100, 99, 255, 255])


@pytest.mark.parametrize(
    ("shape", "columns", "named"),
    [
        ((0, 28, 28, 1), 4, "images has shape"),
        ((3, 28, 28), 4, "images has shape"),
        ((3, 28, 28, 3), 4, "images has shape"),
        ((3, 28, 28, 1), 0, "columns is 0"),
    ],
)
def test_grid_refuses_bad_input(shape, columns, named):
    with pytest.raises(ValueError, match=named):
        animation.image_grid(np.zeros(shape), columns)


# --- generate_and_save_images


@pytest.mark.parametrize(
    ("epoch", "name"),
    [(1, "0001"), (0, "0000"), (60, "0060"), (9999, "9999"), (12345, "12345")],
)
def test_picture_is_named_after_its_epoch(tmp_path, epoch, name):
    path = animation.generate_and_save_images(Levels(), epoch, latents(10), str(tmp_path))
    assert path == tmp_path / f"image_at_epoch_{name}.png"
    assert path.is_file()
    assert leftovers(tmp_path) == []


def test_picture_holds_the_pixels_of_the_grid_in_inference_mode(tmp_path):
    levels = [10, 20, 30, 40, 50, 60]
    path = animation.generate_and_save_images(Levels(), 3, latents(*levels), tmp_path)
    with Image.open(path) as picture:
        assert picture.mode == "L"
        pixels = np.asarray(picture)
    np.testing.assert_array_equal(pixels[::28, ::28], [[10, 20, 30, 40], [50, 60, 0, 0]])
    assert pixels.shape == (56, 112)


def test_picture_moves_no_statistic_and_leaves_no_figure(tmp_path):
    generator = keras.Sequential([keras.Input((2,)), keras.layers.BatchNormalization()])
    generator.add(keras.layers.Dense(28 * 28))
    generator.add(keras.layers.Reshape((28, 28, 1)))
    before = [w.numpy() for w in generator.weights]
    animation.generate_and_save_images(generator, 1, latents(10, 200), tmp_path)
    for old, new in zip(before, generator.weights, strict=True):
        np.testing.assert_array_equal(old, new.numpy())
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or pyplot.get_fignums() == []


def test_picture_needs_its_directory_and_an_epoch_that_counts(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        animation.generate_and_save_images(Levels(), 1, latents(1), tmp_path / "nowhere")
    with pytest.raises(ValueError, match="epoch is -1"):
        animation.generate_and_save_images(Levels(), -1, latents(1), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "write",
    [
        lambda d: animation.generate_and_save_images(Levels(), 1, latents(99), d),
        lambda d: animation.make_gif(d, d / "training.gif"),
        lambda d: animation.contact_sheet(d, d / "sheet.png"),
    ],
)
def test_file_that_cannot_be_finished_leaves_the_old_one(tmp_path, monkeypatch, write):
    draw_epochs(tmp_path, [1])
    (tmp_path / "training.gif").write_bytes(b"old")
    (tmp_path / "sheet.png").write_bytes(b"old")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    def half_written(image, file, **options):
        with open(file, "wb") as stream:
            stream.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(Image.Image, "save", half_written)
    with pytest.raises(OSError, match="disk full"):
        write(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


# --- epoch_pictures and make_gif


def test_epochs_are_in_numeric_order_and_other_files_are_left_out(tmp_path):
    draw_epochs(tmp_path, [10000, 2, 9999, 10])
    for name in ("image_at_epoch_.png", "image_at_epoch_3.png.part", ".image_at_epoch_0004.png"):
        (tmp_path / name).write_bytes(b"no picture")
    (tmp_path / "xyz.png").write_bytes(b"no picture")
    pictures = animation.epoch_pictures(tmp_path)
    assert list(pictures) == [2, 10, 9999, 10000]
    assert pictures[2] == tmp_path / "image_at_epoch_0002.png"


def test_gif_plays_the_epochs_in_order_for_ever_and_holds_the_last(tmp_path):
    levels = draw_epochs(tmp_path, [10000, 2, 9999, 10])
    gif_path = str(tmp_path / "training.gif")
    assert animation.make_gif(tmp_path, gif_path, frame_ms=120) is gif_path
    with Image.open(gif_path) as gif:
        assert gif.format == "GIF"
        assert gif.info["loop"] == 0
    frames, times = read_gif(gif_path)
    assert corner_levels(frames) == [levels[epoch] for epoch in (2, 10, 9999, 10000)]
    assert times == [120, 120, 120, 600]
    assert leftovers(tmp_path) == []


def test_gif_by_default_shows_each_picture_for_a_fifth_of_a_second(tmp_path):
    draw_epochs(tmp_path, [1, 2])
    animation.make_gif(tmp_path, tmp_path / "training.gif")
    assert read_gif(tmp_path / "training.gif")[1] == [200, 1000]


def test_gif_shows_the_exact_pixels_enlarged(tmp_path):
    pixels = np.random.default_rng(1).integers(0, 256, (3, 112, 112), dtype=np.uint8)
    for epoch, picture in enumerate(pixels, start=1):
        Image.fromarray(picture).save(tmp_path / f"image_at_epoch_{epoch:04d}.png")
    animation.make_gif(tmp_path, tmp_path / "training.gif")
    frames, _ = read_gif(tmp_path / "training.gif")
    for frame, picture in zip(frames, pixels, strict=True):
        assert frame.shape == (336, 336, 3)
        np.testing.assert_array_equal(frame[..., 0], np.kron(picture, np.ones((3, 3))))


def test_gif_takes_pictures_of_a_figure_in_colour(tmp_path):
    for epoch, colour in enumerate(["red", "blue"], start=1):
        Image.new("RGBA", (640, 480), colour).save(tmp_path / f"image_at_epoch_{epoch:04d}.png")
    animation.make_gif(tmp_path, tmp_path / "training.gif")
    frames, _ = read_gif(tmp_path / "training.gif")
    assert [frame.shape for frame in frames] == [(480, 640, 3)] * 2
    assert [tuple(frame[5, 5]) for frame in frames] == [(255, 0, 0), (0, 0, 255)]


def test_gif_of_one_picture_loops_too(tmp_path):
    draw_epochs(tmp_path, [7])
    animation.make_gif(tmp_path, tmp_path / "training.gif")
    assert read_gif(tmp_path / "training.gif")[1] == [1000]
    with Image.open(tmp_path / "training.gif") as gif:
        assert gif.info["loop"] == 0


def test_gif_needs_pictures(tmp_path):
    with pytest.raises(FileNotFoundError, match="holds no image_at_epoch"):
        animation.make_gif(tmp_path, tmp_path / "training.gif")
    with pytest.raises(FileNotFoundError, match="no directory .*nowhere"):
        animation.make_gif(tmp_path / "nowhere", tmp_path / "training.gif")
    draw_epochs(tmp_path, [1])
    with pytest.raises(FileNotFoundError, match="nowhere"):
        animation.make_gif(tmp_path, tmp_path / "nowhere" / "training.gif")


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text"])
def test_gif_names_a_damaged_picture_and_leaves_the_old_gif(tmp_path, damage):
    draw_epochs(tmp_path, [1, 2, 3])
    bad = tmp_path / "image_at_epoch_0002.png"
    noise = np.random.default_rng(2).integers(0, 256, (112, 112), dtype=np.uint8)
    Image.fromarray(noise).save(bad)
    whole = bad.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
    bad.write_bytes(
        {"cut": whole[:middle], "flipped": flipped, "empty": b"", "text": b"hello"}[damage]
    )
    (tmp_path / "training.gif").write_bytes(b"old")
    with pytest.raises(ValueError, match="image_at_epoch_0002.png"):
        animation.make_gif(tmp_path, tmp_path / "training.gif")
    assert (tmp_path / "training.gif").read_bytes() == b"old"


def test_gif_names_a_picture_of_another_size(tmp_path):
    draw_epochs(tmp_path, [1, 3])
    Image.new("L", (28, 28)).save(tmp_path / "image_at_epoch_0002.png")
    with pytest.raises(ValueError, match="image_at_epoch_0002.png"):
        animation.make_gif(tmp_path, tmp_path / "training.gif")


# --- write_gif


def flat_frames(*levels, size=28):
    return np.stack([np.full((size, size), level, np.uint8) for level in levels])


def test_frames_of_a_walk_are_enlarged_and_need_no_hold(tmp_path):
    path = tmp_path / "walk.gif"
    assert animation.write_gif(flat_frames(0, 100, 200), path, frame_ms=50, hold=1) is path
    frames, times = read_gif(path)
    assert times == [50, 50, 50]
    assert [frame.shape for frame in frames] == [(336, 336, 3)] * 3
    assert corner_levels(frames) == [0, 100, 200]


def test_equal_frames_keep_the_whole_time(tmp_path):
    path = animation.write_gif(flat_frames(7, 7, 7, 9, 9), tmp_path / "a.gif", frame_ms=100)
    frames, times = read_gif(path)
    assert sum(times) == 4 * 100 + 500
    assert corner_levels(frames)[0] == 7
    assert corner_levels(frames)[-1] == 9


@pytest.mark.parametrize(("asked", "stored"), [(14, 10), (16, 20), (333, 330)])
def test_times_are_rounded_before_the_last_is_held(tmp_path, asked, stored):
    path = animation.write_gif(flat_frames(1, 2), tmp_path / "a.gif", frame_ms=asked)
    assert read_gif(path)[1] == [stored, 5 * stored]


def test_large_frames_are_not_enlarged(tmp_path):
    path = animation.write_gif(flat_frames(1, 2, size=400), tmp_path / "a.gif")
    assert read_gif(path)[0][0].shape == (400, 400, 3)


@pytest.mark.parametrize(
    ("frames", "options", "named"),
    [
        ([], {}, "no frame"),
        ([np.zeros((2, 2), np.uint8), np.zeros((3, 2), np.uint8)], {}, "frame 2"),
        ([np.zeros((2, 2))], {}, "frame 1 is float64"),
        (flat_frames(1), {"frame_ms": 4}, "frame_ms 0"),
        (flat_frames(1), {"frame_ms": -100}, "frame_ms -100"),
        (flat_frames(1), {"frame_ms": 200_000}, "frame_ms 200000"),
        (flat_frames(1), {"hold": 0}, "hold 0"),
    ],
)
def test_gif_refuses_bad_input(tmp_path, frames, options, named):
    with pytest.raises(ValueError, match=named):
        animation.write_gif(frames, tmp_path / "a.gif", **options)
    assert list(tmp_path.iterdir()) == []


# --- contact_sheet


def sheet_levels(path):
    """Which flat greys the pictures on a sheet have, row by row, left to right."""
    with Image.open(path) as sheet:
        pixels = np.asarray(sheet.convert("L"))
    levels = []
    # The first column of pixels of each picture is all of one grey; text and margins are not.
    for row in range(0, len(pixels) - 84):
        starts = [
            column
            for column in range(1, pixels.shape[1] - 84)
            if pixels[row - 1, column] == 255
            and pixels[row, column - 1] == 255
            and 0 < pixels[row, column] < 255
            and np.all(pixels[row : row + 84, column : column + 84] == pixels[row, column])
        ]
        levels += [int(pixels[row, column]) for column in starts]
    return levels


def test_sheet_shows_every_epoch_of_a_short_training_in_order(tmp_path):
    levels = draw_epochs(tmp_path, [1, 2, 3, 4, 5])
    sheet = tmp_path / "sheet.png"
    assert animation.contact_sheet(tmp_path, sheet, columns=2) is sheet
    assert sheet_levels(sheet) == list(levels.values())
    with Image.open(sheet) as picture:
        width, height = picture.size
    # Three rows of two 336 x 84 pictures, with their text.
    assert 2 * 336 < width < 2.2 * 336
    assert 3 * 84 < height < 3 * 84 * 1.6
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    ("epochs", "count", "chosen"),
    [(range(1, 9), 4, [1, 3, 6, 8]), (range(1, 8), 2, [1, 7]), ([5], 12, [5])],
)
def test_sheet_chooses_evenly_with_the_first_and_the_last(tmp_path, epochs, count, chosen):
    levels = draw_epochs(tmp_path, epochs)
    sheet = animation.contact_sheet(tmp_path, tmp_path / "sheet.png", count=count)
    assert sheet_levels(sheet) == [levels[epoch] for epoch in chosen]
    assert f"epochs: {', '.join(map(str, chosen))}." in animation.alt_text(sheet)


def test_sheet_writes_the_epoch_above_its_picture(tmp_path):
    def label(epoch):
        directory = tmp_path / str(epoch)
        directory.mkdir()
        draw_epochs(directory, [epoch])
        with Image.open(animation.contact_sheet(directory, directory / "sheet.png")) as sheet:
            return np.asarray(sheet.convert("L"))[: -(84 + 8)]

    one, eight = label(1), label(8)
    assert one.min() < 100 < one.max()
    assert not np.array_equal(one, eight)
    # "epoch " is the same on both, and begins at the left.
    np.testing.assert_array_equal(one[:, :50], eight[:, :50])
    assert one[:, :50].min() < 100


@pytest.mark.parametrize("options", [{"columns": 0}, {"count": 1}])
def test_sheet_refuses_bad_input(tmp_path, options):
    draw_epochs(tmp_path, [1])
    with pytest.raises(ValueError, match="at least 1 and 2"):
        animation.contact_sheet(tmp_path, tmp_path / "sheet.png", **options)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        animation.contact_sheet(tmp_path / "nowhere", tmp_path / "sheet.png")


# --- words, and showing in a notebook


def test_alt_text_says_what_there_is(tmp_path):
    for epoch in (1, 2, 60):
        path = animation.generate_and_save_images(Levels(), epoch, latents(*range(6)), tmp_path)
    picture = "6 images in rows of 4, which the generator drew after epoch 60."
    assert animation.alt_text(path) == picture
    training = f"3 pictures of a training, epoch 1 to 60. Last: {picture}"
    assert animation.alt_text(tmp_path) == training
    assert animation.alt_text(animation.make_gif(tmp_path, tmp_path / "a.gif")) == training


def test_alt_text_claims_nothing_of_an_unknown_picture(tmp_path):
    for name in ("image_at_epoch_0001.png", "b.gif", "c.jpg"):
        Image.new("RGB", (56, 112)).save(tmp_path / name)
        assert animation.alt_text(tmp_path / name) == "A picture of 56 by 112 pixels."
    assert animation.alt_text(tmp_path).startswith("1 picture of a training, epoch 1 to 1.")
    with pytest.raises(FileNotFoundError, match="nothing.png"):
        animation.alt_text(tmp_path / "nothing.png")


@pytest.mark.parametrize("name", ["a.png", "a.gif"])
def test_shown_image_carries_the_file_its_words_and_its_size(tmp_path, name):
    path = tmp_path / name
    if name.endswith("gif"):
        animation.write_gif(flat_frames(1, 2), path, description='a "walk" & more')
        words, width = "a &quot;walk&quot; &amp; more", 336
    else:
        Image.new("L", (100, 56)).save(path)
        words, width = "A picture of 100 by 56 pixels.", 400
    shown = animation.show_image(path)._repr_html_()
    assert f'alt="{words}"' in shown
    assert f'width="{width}"' in shown
    source = re.search(r'src="([^"]*)"', shown)[1]
    assert source.startswith(f"data:image/{name[2:]};base64,")
    assert base64.b64decode(source.split(",")[1]) == path.read_bytes()


def test_display_image_shows_the_picture_of_one_epoch(tmp_path):
    draw_epochs(tmp_path, [1, 2])
    assert "after epoch 2." in animation.display_image(2, tmp_path)._repr_html_()
    with pytest.raises(FileNotFoundError, match="image_at_epoch_0003.png"):
        animation.display_image(3, str(tmp_path))


# --- EpochPictures


class Training(keras.Model):
    """A model whose sampler becomes lighter with every step, as a real one becomes better."""

    def __init__(self):
        super().__init__()
        self.sampler = Levels()
        self.sampler.shift = tf.Variable(0.0)

    def train_step(self, images):
        self.sampler.shift.assign_add(10 / 127.5)
        return {"loss": 0.0}


def fit(model, callback, epochs, first=0):
    images = np.zeros((4, 1), np.float32)
    model.compile()
    model.fit(
        images, batch_size=2, epochs=epochs, initial_epoch=first, callbacks=[callback], verbose=0
    )


def corner(path):
    with Image.open(path) as picture:
        return picture.getpixel((0, 0))


def test_callback_draws_the_same_vectors_after_every_epoch(tmp_path, capfd):
    directory = tmp_path / "deep" / "run"
    model = Training()
    fit(model, animation.EpochPictures(latents(20, 50), directory), epochs=2)
    # Two steps of 10 grey levels in every epoch.
    expected = {1: 40, 2: 60}
    assert {e: corner(p) for e, p in animation.epoch_pictures(directory).items()} == expected
    fit(model, animation.EpochPictures(latents(20, 50), directory), epochs=3, first=2)
    expected[3] = 80
    assert {e: corner(p) for e, p in animation.epoch_pictures(directory).items()} == expected
    assert capfd.readouterr().out == ""


def test_callback_says_before_the_training_what_the_model_lacks(tmp_path):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    with pytest.raises(TypeError, match="sampler"):
        fit(model, animation.EpochPictures(latents(1), tmp_path), epochs=1)
