"""Pictures of what the generator draws: grids, one picture per epoch, GIFs."""

import base64
import html
import re
from pathlib import Path

import keras
import numpy as np

from dcgan_lib.data import denormalize_images
from dcgan_lib.files import atomic_path
from dcgan_lib.models import generate_images

COLUMNS = 4  # of the chapter's 4 x 4 grid
_PICTURE_NAME = re.compile(r"image_at_epoch_(\d+)\.png")
_SHOWN_PIXELS = 336  # small pictures are enlarged to at least this: 112 pixels three times
_LABEL_PIXELS = 28  # height of the line of text above each picture of a contact sheet


def image_grid(images, columns=COLUMNS):
    """Put images side by side into one picture, row by row.

    Args:
        images: array or tensor `(n, 28, 28, 1)` in [-1, 1], at least one image.
        columns: images per row, at least 1.

    Returns:
        A uint8 array `(rows * 28, columns * 28)`, 0 is black; the cells after the last image
        are black.

    Raises:
        ValueError: if there is no image, its shape is another, or `columns` is below 1.

    Taught in: 07_animation
    """
    shape = np.shape(images)
    if len(shape) != 4 or shape[0] == 0 or shape[3] != 1:
        raise ValueError(f"images has shape {shape}: expected (n, 28, 28, 1) with n at least 1.")
    if columns < 1:
        raise ValueError(f"columns is {columns}: it must be at least 1.")
    pixels = denormalize_images(images)
    count, height, width = pixels.shape
    rows = -(-count // columns)
    cells = np.zeros((rows * columns, height, width), np.uint8)
    cells[:count] = pixels
    by_row = cells.reshape(rows, columns, height, width)
    return by_row.swapaxes(1, 2).reshape(rows * height, columns * width)


def generate_and_save_images(model, epoch, test_input, directory="."):
    """Draw images in inference mode and save them as the picture of one epoch.

    Args:
        model: a generator from `(n, noise_dim)` to images `(n, 28, 28, 1)` in [-1, 1].
        epoch: whole number, at least 0; 1 is the first epoch.
        test_input: latent vectors `(n, noise_dim)`; the same ones in every epoch show progress.
        directory: an existing directory.

    Returns:
        The Path of the picture, `image_at_epoch_0001.png` for epoch 1: exactly the pixels of
        `image_grid` with 4 columns.

    Raises:
        FileNotFoundError: if the directory does not exist.
        ValueError: if the epoch is negative.

    Taught in: 07_animation
    """
    path = _picture_path(epoch, directory)
    images = np.asarray(generate_images(model, test_input))
    description = (
        f"{len(images)} images in rows of {COLUMNS}, which the generator drew after epoch {epoch}."
    )
    save_picture(image_grid(images), path, description)
    return path


def epoch_pictures(directory):
    """Find the pictures of a training, one per epoch.

    Args:
        directory: where `generate_and_save_images` wrote them.

    Returns:
        A dict from epoch to Path, in the order of the epochs as numbers: 10000 follows 9999.

    Raises:
        FileNotFoundError: if the directory does not exist or holds no such picture.
    """
    directory = Path(directory)
    if not directory.is_dir():
        raise FileNotFoundError(f"there is no directory {directory}: train first, or correct it.")
    matches = ((_PICTURE_NAME.fullmatch(path.name), path) for path in directory.iterdir())
    pictures = {int(match[1]): path for match, path in matches if match}
    if not pictures:
        raise FileNotFoundError(
            f"{directory} holds no image_at_epoch_*.png: save a picture per epoch with "
            "generate_and_save_images first."
        )
    return dict(sorted(pictures.items()))


def make_gif(directory, gif_path, frame_ms=200):
    """Make an animated GIF of a training from its pictures.

    Args:
        directory: where the `image_at_epoch_*.png` are.
        gif_path: the file to write, str or Path; its directory must exist.
        frame_ms: milliseconds per picture, at least 10; the last one stays five times as long.

    Returns:
        `gif_path`, as given. The GIF plays the epochs in order and repeats for ever; small
        pictures are enlarged by a whole number.

    Raises:
        FileNotFoundError: if a directory does not exist, or there is no picture.
        ValueError: if a picture is damaged, or differs from the first in size.

    Taught in: 07_animation
    """
    frames = _read_pictures(epoch_pictures(directory))
    return write_gif(frames.values(), gif_path, frame_ms, description=alt_text(directory))


def write_gif(frames, path, frame_ms=200, hold=5, description=""):
    """Write frames as an animated GIF that repeats for ever.

    Args:
        frames: uint8 arrays of one size, grey `(height, width)` or colour `(height, width, 3)`;
            for latent walks `denormalize_images(images)`. Small ones are enlarged by a whole
            number, without smoothing. Equal neighbours may be stored as one longer frame.
        path: the file to write, str or Path; its directory must exist.
        frame_ms: milliseconds per frame, at least 10. A GIF counts in hundredths of a second,
            so it is rounded to a multiple of 10; many browsers slow down what is below 20.
        hold: the last frame stays this many times as long; 1 for a tour that repeats smoothly.
        description: a sentence that is stored in the file, for `alt_text`.

    Returns:
        `path`, as given.

    Raises:
        FileNotFoundError: if the directory of `path` does not exist.
        ValueError: if there is no frame, a frame differs from the first, or a time does not
            fit in a GIF.
    """
    from PIL import Image

    frames = [np.asarray(frame) for frame in frames]
    if not frames:
        raise ValueError(f"there is no frame for {path}: a GIF needs at least one.")
    for number, frame in enumerate(frames, start=1):
        if frame.dtype != np.uint8 or frame.shape != frames[0].shape:
            raise ValueError(
                f"frame {number} is {frame.dtype} {frame.shape}: expected uint8 "
                f"{frames[0].shape} like the first."
            )
    frame_ms = 10 * round(frame_ms / 10)
    if frame_ms < 10 or hold < 1 or frame_ms * hold > 655_350:
        raise ValueError(
            f"frame_ms {frame_ms} and hold {hold} do not fit: a GIF shows a frame for "
            "10 to 655350 milliseconds."
        )
    first, *others = [Image.fromarray(_enlarge(frame)) for frame in frames]
    with atomic_path(path) as temporary:
        first.save(
            temporary,
            format="GIF",
            save_all=True,
            append_images=others,
            duration=[frame_ms] * len(others) + [frame_ms * hold],
            loop=0,  # 0 repeats for ever; without it the GIF plays once
            comment=description.encode(),
        )
    return path


def contact_sheet(directory, path, columns=COLUMNS, count=12):
    """Show the progress of a training in one still picture, for readers who want no motion.

    Args:
        directory: where the `image_at_epoch_*.png` are.
        path: the PNG file to write, str or Path; its directory must exist.
        columns: pictures per row, at least 1.
        count: most pictures to show, at least 2. If there are more, the first, the last and
            evenly chosen ones between them are taken.

    Returns:
        `path`, as given. Above each picture stands its epoch.

    Raises:
        FileNotFoundError: if a directory does not exist, or there is no picture.
        ValueError: if a picture is damaged or differs from the first in size, or if `columns`
            or `count` is too small.
    """
    from PIL import Image, ImageDraw

    if columns < 1 or count < 2:
        raise ValueError(f"columns is {columns} and count {count}: at least 1 and 2 are needed.")
    pictures = epoch_pictures(directory)
    epochs = list(pictures)
    chosen = np.linspace(0, len(epochs) - 1, min(count, len(epochs))).round().astype(int)
    pictures = {epochs[i]: pictures[epochs[i]] for i in chosen}
    frames = {epoch: _enlarge(frame) for epoch, frame in _read_pictures(pictures).items()}

    height, width = next(iter(frames.values())).shape[:2]
    margin = _LABEL_PIXELS // 4
    cell_height, cell_width = height + _LABEL_PIXELS + margin, width + margin
    rows, columns = -(-len(frames) // columns), min(columns, len(frames))
    size = (columns * cell_width + margin, rows * cell_height + margin)
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    for place, (epoch, frame) in enumerate(frames.items()):
        left = margin + place % columns * cell_width
        top = place // columns * cell_height
        draw.text(
            (left, top + _LABEL_PIXELS // 2),
            f"epoch {epoch}",
            fill="black",
            anchor="lm",
            font_size=_LABEL_PIXELS * 2 // 3,
        )
        sheet.paste(Image.fromarray(frame), (left, top + _LABEL_PIXELS))
    shown = ", ".join(map(str, frames))
    save_picture(sheet, path, f"Pictures that the generator drew after these epochs: {shown}.")
    return path


def alt_text(path):
    """Say in words what a picture shows, for the `alt` of HTML or the `[...]` of Markdown.

    Args:
        path: a PNG or GIF file, or a directory with `image_at_epoch_*.png`. The files that this
            module writes hold their own description; of any other file only the size is known.

    Returns:
        One or two sentences.

    Raises:
        FileNotFoundError: if there is no such file, or the directory holds no picture.
        ValueError: if the file is no picture, or a damaged one.
    """
    path = Path(path)
    if path.is_dir():
        pictures = epoch_pictures(path)
        first, last = min(pictures), max(pictures)
        count = "1 picture" if len(pictures) == 1 else f"{len(pictures)} pictures"
        return f"{count} of a training, epoch {first} to {last}. Last: {alt_text(pictures[last])}"
    picture = _open_picture(path)
    width, height = picture.size
    comment = picture.info.get("comment", b"").decode(errors="replace")
    stored = picture.info.get("Description") or comment
    return stored or f"A picture of {width} by {height} pixels."


def show_image(path):
    """Show a picture or GIF in a notebook, with its `alt_text` for screen readers.

    Args:
        path: a PNG or GIF file.

    Returns:
        An `IPython.display.HTML` that holds the whole file; a small picture is shown enlarged.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is no picture, or a damaged one.
    """
    from IPython.display import HTML

    width, height = _open_picture(path).size
    data = base64.b64encode(Path(path).read_bytes()).decode()
    scale = _scale(height, width)
    # A small picture keeps its pixels; a sheet that a narrow page shrinks keeps its letters.
    rendering = "pixelated" if scale > 1 else "auto"
    # Not `IPython.display.Image`: it has no alternative text in IPython 7, and JupyterLab 4
    # drops what later versions give it.
    return HTML(
        f'<img src="data:image/{Path(path).suffix[1:].lower()};base64,{data}" '
        f'alt="{html.escape(alt_text(path))}" width="{width * scale}" '
        f'style="image-rendering: {rendering}">'
    )


def display_image(epoch, directory="."):
    """Show the saved picture of one epoch in a notebook.

    Args:
        epoch: whole number, at least 0.
        directory: where `generate_and_save_images` wrote it.

    Returns:
        What `show_image` returns.

    Raises:
        FileNotFoundError: if there is no picture of this epoch.
        ValueError: if the epoch is negative or the picture damaged.
    """
    return show_image(_picture_path(epoch, directory))


class EpochPictures(keras.callbacks.Callback):
    """Keras callback: after every epoch, saves a picture of the same latent vectors.

    The model that is trained must have an attribute `sampler`, the generator to draw with.

    Args:
        test_input: latent vectors `(n, noise_dim)`. A training that is resumed must be given
            the same ones again.
        directory: where the pictures go; made when the training begins.
    """

    def __init__(self, test_input, directory="."):
        super().__init__()
        self.test_input = test_input
        self.directory = Path(directory)

    def on_train_begin(self, logs=None):
        """Find out what is missing now, not after the first epoch."""
        if not hasattr(self.model, "sampler"):
            raise TypeError(
                "EpochPictures needs a model with an attribute `sampler`, the generator to draw "
                "with, such as dcgan_lib.training.DCGAN."
            )
        self.directory.mkdir(parents=True, exist_ok=True)

    def on_epoch_end(self, epoch, logs=None):
        """Save the picture; Keras counts epochs from 0, the pictures from 1."""
        generate_and_save_images(self.model.sampler, epoch + 1, self.test_input, self.directory)


def _picture_path(epoch, directory):
    if epoch < 0:
        raise ValueError(f"epoch is {epoch}: epochs are counted from 0.")
    return Path(directory) / f"image_at_epoch_{epoch:04d}.png"


def save_picture(picture, path, description):
    """Save a picture as PNG, with the description that `alt_text` reads.

    Args:
        picture: uint8 array, grey or colour, or a Pillow image.
        path: the file to write, str or Path; its directory must exist.
        description: a sentence that says what the picture shows.

    Raises:
        FileNotFoundError: if the directory does not exist.
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    if isinstance(picture, np.ndarray):
        picture = Image.fromarray(picture)
    info = PngInfo()
    info.add_text("Description", description)
    with atomic_path(path) as temporary:
        picture.save(temporary, format="PNG", pnginfo=info)


def _open_picture(path):
    from PIL import Image

    try:
        with Image.open(path) as picture:
            return picture.copy()
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no picture {path}.") from None
    except Exception as error:  # Pillow's decoders raise errors of many unrelated types
        raise ValueError(
            f"{path} is no picture, or a damaged one ({error}): remove it or draw it again."
        ) from error


def _read_pictures(pictures):
    """Read pictures of one size, a dict from epoch to path, as a dict from epoch to array."""
    frames = {}
    for epoch, path in pictures.items():
        picture = _open_picture(path)
        frames[epoch] = np.asarray(picture.convert("L" if picture.mode in ("1", "L") else "RGB"))
        first = next(iter(frames))
        if frames[epoch].shape != frames[first].shape:
            raise ValueError(
                f"{path} is {frames[epoch].shape}, but {pictures[first]} {frames[first].shape}: "
                "all pictures must have one size and mode; remove those of another run."
            )
    return frames


def _scale(height, width):
    return max(1, -(-_SHOWN_PIXELS // max(height, width)))


def _enlarge(frame):
    scale = _scale(*frame.shape[:2])
    return frame.repeat(scale, axis=0).repeat(scale, axis=1)
