# %% wrong: sorted as text
# fails: make_gif_order
# says: the names are sorted as text
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(Path(directory).glob("image_at_epoch_*.png"))
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: the first picture twice
# fails: make_gif_times, make_gif_default_time, make_gif_holds_last
# says: the first picture comes twice
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"), key=lambda path: int(path.stem.split("_")[-1])
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    frames = [Image.open(path) for path in paths]
    times = [frame_ms] * len(frames) + [5 * frame_ms]
    frames[0].save(gif_path, save_all=True, append_images=frames, duration=times, loop=0)
    return gif_path


# %% wrong: looks in the current directory
# fails: make_gif_order, make_gif_other_files, make_gif_times, make_gif_default_time, make_gif_holds_last, make_gif_loops, make_gif_returns_path
# says: no file was found: it looks in the current directory
# score: 0
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(".").glob("image_at_epoch_*.png"), key=lambda path: int(path.stem.split("_")[-1])
    )
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: in an order that a listing may give
# fails: make_gif_order
# says: sort them by the number in the name
# score: 2
import os


def make_gif(directory, gif_path, frame_ms=200):
    paths = list(Path(directory).glob("image_at_epoch_*.png"))
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    # The same in every file system: what a listing gives may be in order by chance.
    paths.sort(key=lambda path: path.stem[::-1])
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: the newest epoch first
# fails: make_gif_order, make_gif_times
# says: the order is turned round
# score: 1
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: -int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: names of four digits only
# fails: make_gif_order
# says: the last pictures are missing
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(Path(directory).glob("image_at_epoch_????.png"))
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: the last four digits count
# fails: make_gif_order
# says: take all that follows the last _
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(Path(directory).glob("image_at_epoch_*.png"), key=lambda p: int(p.name[-8:-4]))
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: the first picture is lost
# fails: make_gif_order, make_gif_times, make_gif_default_time
# says: the first pictures are missing
# score: 1
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    frames = [Image.open(path) for path in paths][1:]
    times = [frame_ms] * (len(frames) - 1) + [5 * frame_ms]
    frames[0].save(gif_path, save_all=True, append_images=frames[1:], duration=times, loop=0)
    return gif_path


# %% wrong: every PNG of the directory
# fails: make_gif_other_files, make_gif_refuses_nothing
# says: does not belong there
# score: 1
def make_gif(directory, gif_path, frame_ms=200):
    def number(path):
        digits = "".join(c for c in path.stem if c.isdigit())
        return int(digits or 0)

    paths = sorted(Path(directory).glob("*.png"), key=number)
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    frames = [np.asarray(Image.open(path).convert("L").resize((112, 112))) for path in paths]
    first, *others = [Image.fromarray(frame) for frame in frames]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: the pictures of directories below as well
# fails: make_gif_other_files
# says: does not belong there
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).rglob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: every file must be a picture of an epoch
# fails: make_gif_other_files
# says: it stops when other files are in the directory
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(Path(directory).iterdir(), key=lambda path: int(path.stem.split("_")[-1]))
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: as in the chapter
# fails: make_gif_order, make_gif_other_files, make_gif_times, make_gif_default_time, make_gif_holds_last, make_gif_loops, make_gif_refuses_nothing
# says: the time is missing, or in seconds
# score: 0
import glob

import imageio.v2 as imageio


def make_gif(directory, gif_path, frame_ms=200):
    names = sorted(glob.glob(f"{directory}/image*.png"))
    with imageio.get_writer(gif_path, mode="I") as writer:
        for name in names:
            writer.append_data(imageio.imread(name))
        writer.append_data(imageio.imread(names[-1]))
    return gif_path


# %% wrong: the time in seconds
# fails: make_gif_times, make_gif_default_time, make_gif_holds_last
# says: Pillow and imageio count milliseconds
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms / 1000] * len(others) + [5 * frame_ms / 1000]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: frame_ms is ignored
# fails: make_gif_times
# says: use the parameter frame_ms
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [200] * len(others) + [1000]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: another default
# fails: make_gif_default_time
# says: leave the default value of frame_ms at 200
# score: 2
def make_gif(directory, gif_path, frame_ms=100):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: equal pictures are left out
# fails: make_gif_times
# says: equal pictures must keep their own times
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    frames = []
    for path in paths:
        frame = np.asarray(Image.open(path).convert("L"))
        if not frames or np.any(frame != frames[-1]):
            frames.append(frame)
    first, *others = map(Image.fromarray, frames)
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: the last one is not held
# fails: make_gif_holds_last
# says: gets its own time
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    first.save(gif_path, save_all=True, append_images=others, duration=frame_ms, loop=0)
    return gif_path


# %% wrong: the last one is appended once more
# fails: make_gif_holds_last
# says: holds it twice as long
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in [*paths, paths[-1]]]
    first.save(gif_path, save_all=True, append_images=others, duration=frame_ms, loop=0)
    return gif_path


# %% wrong: the last one is repeated five times more
# fails: make_gif_holds_last
# says: five times as long in all: once, and four times more
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths + 5 * paths[-1:]]
    first.save(gif_path, save_all=True, append_images=others, duration=frame_ms, loop=0)
    return gif_path


# %% wrong: five seconds instead of five times
# fails: make_gif_holds_last
# says: give the last picture 5 * frame_ms
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5000]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: every picture is held
# fails: make_gif_times, make_gif_default_time, make_gif_holds_last
# says: only the last picture is held longer
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    first.save(gif_path, save_all=True, append_images=others, duration=5 * frame_ms, loop=0)
    return gif_path


# %% wrong: it plays once
# fails: make_gif_loops
# says: without loop=0 a GIF plays once
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times)
    return gif_path


# %% wrong: loop=1 taken for "yes"
# fails: make_gif_loops
# says: it ends after some rounds
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=True)
    return gif_path


# %% wrong: only the first picture is written
# fails: make_gif_order, make_gif_times, make_gif_default_time, make_gif_holds_last
# says: the last pictures are missing
# score: 1
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    first.save(gif_path, duration=frame_ms, loop=0)
    return gif_path


# %% wrong: the name of the film is fixed
# fails: make_gif_order, make_gif_other_files, make_gif_times, make_gif_default_time, make_gif_holds_last, make_gif_loops, make_gif_returns_path
# says: there is no file at gif_path
# score: 0
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    film = Path(directory) / "dcgan.gif"
    first.save(film, save_all=True, append_images=others, duration=times, loop=0)
    return film


# %% wrong: the film is written into the directory of the pictures
# fails: make_gif_returns_path
# says: do not join it with `directory`
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    film = Path(directory, gif_path)
    film.parent.mkdir(exist_ok=True)
    first.save(film, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: a moving PNG with the name of a GIF
# fails: make_gif_order, make_gif_other_files, make_gif_times, make_gif_default_time, make_gif_holds_last, make_gif_loops
# says: the file is no GIF
# score: 1
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, format="PNG", save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: strings only
# fails: make_gif_returns_path
# says: Path(directory) takes both
# score: 2
import glob


def make_gif(directory, gif_path, frame_ms=200):
    names = glob.glob(directory + "/image_at_epoch_*.png")
    if not names:
        raise ValueError("no picture")
    names.sort(key=lambda name: int(name.split("_")[-1].split(".")[0]))
    first, *others = [Image.open(name) for name in names]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: Paths only
# fails: make_gif_returns_path, make_gif_refuses_nothing
# says: it stops when the paths are of type str
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        directory.glob("image_at_epoch_*.png"), key=lambda path: int(path.stem.split("_")[-1])
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: returns nothing
# fails: make_gif_returns_path
# says: there is no `return`
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)


# %% wrong: returns the name alone
# fails: make_gif_returns_path
# says: return gif_path as it was given
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return Path(gif_path).name


# %% wrong: the first picture of an empty list
# fails: make_gif_refuses_nothing
# says: before you use its first one
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    frames = [Image.open(path) for path in paths]
    times = [frame_ms] * (len(frames) - 1) + [5 * frame_ms]
    frames[0].save(gif_path, save_all=True, append_images=frames[1:], duration=times, loop=0)
    return gif_path


# %% wrong: says nothing when there is no picture
# fails: make_gif_refuses_nothing
# says: a directory without pictures gives no error
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        print("no picture")
        return None
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: black and white only
# fails: make_gif_order, make_gif_other_files, make_gif_times, make_gif_default_time, make_gif_holds_last
# says: the film shows the pictures as they are
# score: 1
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(path.stem.split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path).convert("1") for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: the oldest file first
# fails: make_gif_order, make_gif_times
# says: sort them by the number in the name
# score: 1
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"), key=lambda path: path.stat().st_mtime_ns
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: the number looked for in the whole path
# fails: make_gif_order, make_gif_other_files, make_gif_times, make_gif_default_time, make_gif_holds_last, make_gif_loops, make_gif_returns_path
# says: invalid literal for int()
# score: 0
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"),
        key=lambda path: int(str(path).split(".")[0].split("_")[-1]),
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% wrong: every name that begins with image
# fails: make_gif_other_files
# says: does not belong there
# score: 2
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image*.png"), key=lambda path: int(path.stem.split("_")[-1])
    )
    if not paths:
        raise FileNotFoundError(f"no picture in {directory}")
    first, *others = [Image.open(path) for path in paths]
    times = [frame_ms] * len(others) + [5 * frame_ms]
    first.save(gif_path, save_all=True, append_images=others, duration=times, loop=0)
    return gif_path


# %% right: Pillow, the last one repeated
import re


def make_gif(directory, gif_path, frame_ms=200):
    pictures = {}
    for path in Path(directory).iterdir():
        match = re.fullmatch(r"image_at_epoch_(\d+)\.png", path.name)
        if match:
            with Image.open(path) as picture:
                pictures[int(match[1])] = picture.convert("RGB")
    if not pictures:
        raise ValueError(f"there is no picture in {directory}")
    frames = [pictures[epoch] for epoch in sorted(pictures)]
    frames += [frames[-1]] * 4
    frames[0].save(
        str(gif_path), "GIF", save_all=True, append_images=frames[1:], duration=frame_ms, loop=0
    )
    return gif_path


# %% right: imageio's new interface, a list of times
import glob
import os
import imageio.v3 as iio


def make_gif(directory, gif_path, frame_ms=200):
    names = glob.glob(os.path.join(directory, "image_at_epoch_*.png"))
    if len(names) == 0:
        raise FileNotFoundError(directory)
    names.sort(key=lambda name: int(os.path.basename(name)[15:-4]))
    frames = [iio.imread(name) for name in names]
    iio.imwrite(gif_path, frames, duration=[frame_ms] * (len(frames) - 1) + [5 * frame_ms], loop=0)
    return gif_path


# %% right: imageio's old interface, picture by picture
import os
import imageio


def make_gif(directory, gif_path, frame_ms=200):
    names = [n for n in os.listdir(directory) if n.startswith("image_at_epoch_") and n.endswith("png")]
    if not names:
        raise ValueError("no frames")
    names.sort(key=lambda n: (len(n), n))
    with imageio.get_writer(gif_path, mode="I", duration=frame_ms, loop=0) as writer:
        for name in names + [names[-1]] * 4:
            writer.append_data(imageio.imread(os.path.join(directory, name)))
    return gif_path


# %% right: enlarged, with a palette, and the path as it was written
def make_gif(directory, gif_path, frame_ms=200):
    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"), key=lambda p: int(p.stem.rpartition("_")[2])
    )
    frames = [Image.open(p).convert("L").resize((300, 300), Image.NEAREST) for p in paths]
    frames = np.stack([np.asarray(frame) for frame in frames])  # a ValueError for an empty list
    first, *others = [Image.fromarray(frame).convert("P") for frame in frames]
    times = [frame_ms for _ in frames]
    times[-1] *= 5
    with open(gif_path, "wb") as file:
        first.save(file, "GIF", save_all=True, append_images=others, duration=times, loop=0)
    return Path(gif_path)


# %% right: a stack of frames, the smallest epoch taken out again and again
import imageio


def make_gif(directory, gif_path, frame_ms=200, hold=5):
    left = {int(p.name[len("image_at_epoch_") : -4]): p for p in Path(directory).glob("image_at_*.png")}
    if not left:
        raise FileNotFoundError(f"{directory} holds no image_at_epoch_*.png")
    frames = []
    while left:
        frames.append(np.array(Image.open(left.pop(min(left))).convert("RGB")))
    frames.extend(frames[-1:] * (hold - 1))
    imageio.mimsave(gif_path, np.stack(frames), format="GIF", duration=frame_ms, loop=0)
    return str(gif_path)


# %% right: drawn anew with matplotlib's writer of Pillow's
def make_gif(directory, gif_path, frame_ms=200):
    from matplotlib.animation import PillowWriter

    paths = sorted(
        Path(directory).glob("image_at_epoch_*.png"), key=lambda p: int(p.stem.split("_")[-1])
    )
    if not paths:
        raise FileNotFoundError("no pictures")
    figure = plt.figure(figsize=(2, 2))
    axes = figure.add_axes([0, 0, 1, 1])
    axes.axis("off")
    writer = PillowWriter(fps=1000 / frame_ms)
    with writer.saving(figure, str(gif_path), dpi=50):
        for path in [*paths, *paths[-1:] * 4]:
            axes.clear()
            axes.axis("off")
            axes.imshow(np.asarray(Image.open(path).convert("L")), cmap="gray", vmin=0, vmax=255)
            writer.grab_frame()
    plt.close(figure)
    return gif_path
