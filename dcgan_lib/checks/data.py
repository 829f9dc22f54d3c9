"""Checks of 02_data."""

import itertools
import math

import numpy as np
import tensorflow as tf

from dcgan_lib.checks.framework import (
    Exercise,
    as_array,
    expect,
    fail,
    one_array,
    progress,
    short,
)

__all__ = [
    "denormalize_images_clips",
    "denormalize_images_dtype",
    "denormalize_images_inverse",
    "denormalize_images_rounds",
    "denormalize_images_shape",
    "make_dataset_batches",
    "make_dataset_drops_remainder",
    "make_dataset_every_image",
    "make_dataset_fills_buffer",
    "make_dataset_keeps_images",
    "make_dataset_limits_buffer",
    "make_dataset_mixes_images",
    "make_dataset_reshuffles",
    "normalize_images_dtype",
    "normalize_images_keeps_input",
    "normalize_images_shape",
    "normalize_images_values",
    "progress",
]

LESSON = "02_data"
NORMALIZE = Exercise("normalize_images", LESSON, references=["data.normalize_images"])
DENORMALIZE = Exercise("denormalize_images", LESSON, references=["data.denormalize_images"])
DATASET = Exercise("make_dataset", LESSON, references=["data.make_dataset"])

IMAGE = (28, 28, 1)
ALL_IN_ONE = "from_tensors makes one element of all images: use from_tensor_slices"
FALSE_ALARM = 1e-11  # a right answer is refused by chance at most this often, per check


# normalize_images


@NORMALIZE.check("The channel axis")
def normalize_images_shape(answer, count=3):
    """gives images of shape (n, 28, 28, 1)."""
    came = as_array(answer(_grey_images(range(256), count)), f"the result for {count} images")
    shape = came.shape
    if shape == (count, 28, 28):
        cause = "the channel axis is missing"
    elif shape == (count, 1, 28, 28):
        cause = "the channel axis belongs at the end"
    elif shape == (1, count, 28, 28):
        cause = "the new axis stands in front; it belongs at the end"
    elif len(shape) == 4 and shape[0] != count:
        cause = "the number of images must come from `images`, not from another variable"
    else:
        cause = "only one axis of length 1 is added, after the others"
    expect(
        shape == (count, *IMAGE),
        f"{count} images have the wrong shape",
        came=shape,
        expected=(count, *IMAGE),
        cause=cause,
    )


@NORMALIZE.check("float32, not whole numbers")
def normalize_images_dtype(answer, count=3):
    """gives numbers of type float32."""
    came = one_array(answer(_grey_images(range(256), count)), "the result")
    if came.dtype.kind in "iub":
        cause = "whole numbers cannot hold what lies between -1 and 1: convert to float32 first"
    elif came.dtype == np.float64:
        cause = "NumPy computes uint8 with 127.5 in float64: convert to float32 first"
    else:
        cause = "convert `images` to float32"
    expect(
        came.dtype == np.float32,
        "the numbers have the wrong type",
        came=came.dtype,
        expected="float32",
        cause=cause,
    )


@NORMALIZE.check("One range for real and fake images")
def normalize_images_values(answer, greys=range(256), count=3):
    """maps 0 to -1, 255 to 1, and every grey evenly between."""
    images = _grey_images(greys, count)
    pixels = images[..., np.newaxis].astype(np.float64)
    expected = (pixels - 127.5) / 127.5
    came = _same_size(answer(images.copy()), expected)
    wrong = np.flatnonzero(~np.isclose(came, expected, rtol=1e-4, atol=1e-5))
    if len(wrong):
        # The grey that is farthest off shows the mistake best.
        worst = wrong[np.argmax(np.nan_to_num(abs(came - expected).flat[wrong], nan=np.inf))]
        fail(
            f"grey {images.flat[worst]} is wrong",
            came=short(came.flat[worst]),
            expected=short(expected.flat[worst]),
            cause=_why_scaled_so(came, pixels, expected),
        )


@NORMALIZE.check("float32, not whole numbers")
def normalize_images_keeps_input(answer):
    """leaves its input unchanged."""
    images = _grey_images(range(256), 2)
    given = images.copy()
    answer(given)
    kept = given.shape == images.shape and given.dtype == images.dtype
    expect(
        kept and np.array_equal(given, images),
        "the input was changed",
        came=short(given[0].ravel()[:6]) if kept else f"{given.dtype} {given.shape}",
        expected=short(images[0].ravel()[:6]) if kept else f"{images.dtype} {images.shape}",
        cause="you wrote into `images`, or set its shape: compute a new array instead",
    )


def _why_scaled_so(came, pixels, expected):
    """Find the mistake that gives the values which came."""
    each = {"axis": (1, 2, 3), "keepdims": True}
    low, high, mean, spread = pixels.min(), pixels.max(), pixels.mean(), pixels.std()
    own_low, own_high = pixels.min(**each), pixels.max(**each)
    depends = "the result depends on the other pixels: use the fixed numbers 0 and 255"
    extremes = "the least and greatest pixel of the images at hand are used; 0 and 255 are fixed"
    whole = "uint8 arithmetic overflowed: convert to float32 before you compute"
    middle = "the middle between 0 and 255 is 127.5, and so is half of the range"
    mistakes = [
        (pixels, "the pixels still go from 0 to 255"),
        (pixels / 255, "dividing by 255 gives [0, 1]; tanh gives [-1, 1]"),
        ((pixels - 127.5) / 255, "the range is half as wide as it should be: divide by 127.5"),
        (pixels - 127.5, "divide by 127.5 as well"),
        (pixels / 127.5, "this gives [0, 2]: subtract 127.5 before you divide"),
        (pixels - 127.5 / 127.5, "brackets are missing: subtract first, then divide"),
        (-expected, "black and white are exchanged: 0 maps to -1"),
        ((pixels - low) / (high - low) * 2 - 1, extremes),
        ((pixels - own_low) / (own_high - own_low) * 2 - 1, extremes),
        ((pixels - mean) / spread, depends),
        ((pixels - pixels.mean(**each)) / pixels.std(**each), depends),
        ((pixels * 2 % 256) / 255 - 1, whole),
    ]
    for shift, scale in itertools.product((127, 127.5, 128), repeat=2):
        mistakes.append(((pixels - shift) / scale, middle))
        mistakes.append((((pixels - shift) % 256) / scale, whole))
    for mistake, cause in mistakes:
        if np.allclose(came, mistake, rtol=1e-4, atol=1e-4, equal_nan=True):
            return cause
    if np.allclose(np.sort(came, axis=None), np.sort(expected, axis=None), atol=1e-4):
        return "the values are right but stand in other places: keep the order of the axes"
    if np.allclose(came, expected, atol=0.01):
        return "too inexact: compute in float32, without rounding"
    return "subtract 127.5, then divide by 127.5"


# denormalize_images


@DENORMALIZE.check("The channel axis")
def denormalize_images_shape(answer, count=3):
    """gives images of shape (n, 28, 28)."""
    came = as_array(answer(_images_of(range(256), count)), f"the result for {count} images")
    if came.shape == (count, *IMAGE):
        cause = "the channel axis is still there"
    elif came.shape == (28, 28):
        cause = "squeeze removes every axis of length 1, also that of a single image: name the axis"
    else:
        cause = "only the channel axis, the last one, goes"
    expect(
        came.shape == (count, 28, 28),
        f"{count} {'image has' if count == 1 else 'images have'} the wrong shape",
        came=came.shape,
        expected=(count, 28, 28),
        cause=cause,
    )


@DENORMALIZE.check("Back to pixels: round")
def denormalize_images_dtype(answer):
    """gives numbers of type uint8."""
    came = as_array(answer(_images_of(range(256), 3)), "the result")
    expect(
        came.dtype == np.uint8,
        "the numbers have the wrong type",
        came=came.dtype,
        expected="uint8",
        cause="convert to uint8 at the very end",
    )


@DENORMALIZE.check("Back to pixels: round")
def denormalize_images_inverse(answer):
    """gives back every grey from 0 to 255 exactly."""
    pixels = _grey_images(range(256), 3)[..., np.newaxis]
    x = pixels.astype(np.float32)
    # The two differ in the last digit of float32, which no answer may feel.
    for images in ((x - np.float32(127.5)) / np.float32(127.5), x / np.float32(127.5) - 1):
        came = _same_size(answer(images.copy()), pixels)
        _expect_pixels(came, x.astype(np.float64), "normalized and back")


@DENORMALIZE.check("Back to pixels: round")
def denormalize_images_rounds(answer, parts=(-0.3, 0.3)):
    """rounds to the nearest grey."""
    pixels = np.add.outer(np.arange(1, 255), parts).ravel()  # such as 99.7 and 100.3
    images = _images_of(pixels, 3)
    came = _same_size(answer(images.copy()), images)
    _expect_pixels(came, _repeat(pixels, 3), "what lies between two greys")


@DENORMALIZE.check("Back to pixels: clip")
def denormalize_images_clips(answer, values=(-3.0, -1.01, 1.01, 3.0)):
    """clips what lies outside [-1, 1]."""
    images = np.array(values, np.float32).reshape(-1, 1, 1, 1) * np.ones(IMAGE, np.float32)
    expected = np.where(images < 0, 0, 255)
    came = _same_size(answer(images.copy()), images)
    wrong = np.flatnonzero(came != expected)
    if not len(wrong):
        return
    first = wrong[0]
    pixels = (images * 127.5 + 127.5).flat[wrong]
    wrapped = [np.rint(pixels) % 256, np.trunc(pixels) % 256]
    if np.array_equal(came.flat[wrong], np.rint(pixels)):
        cause = "the limits 0 and 255 are not kept: clip, on both sides"
    elif any(np.array_equal(came.flat[wrong], numbers) for numbers in wrapped):
        cause = "clip on both sides, before you convert: in uint8, 256 is 0 and -1 is 255"
    else:
        cause = "below -1 is black (0), above 1 is white (255)"
    fail(
        f"the value {images.flat[first]:g} is wrong",
        came=short(came.flat[first]),
        expected=expected.flat[first],
        cause=cause,
    )


def _expect_pixels(came, pixels, what):
    """Expect pixels, which are floats, rounded; none of them is a tie."""
    expected = np.rint(pixels)
    wrong = np.flatnonzero(came != expected)
    if not len(wrong):
        return
    first = wrong[0]
    if np.array_equal(came, np.floor(pixels)):
        cause = "astype and cast cut off what follows the point: round first"
    elif np.array_equal(came, np.ceil(pixels)):
        cause = "round to the nearest, not up"
    elif np.all(abs(came - pixels) <= 1.001):
        cause = "off by one: is it values * 127.5 + 127.5, rounded to the nearest?"
    elif np.allclose(came, 255 - expected, atol=1):
        cause = "black and white are exchanged"
    elif np.array_equal(np.sort(came, axis=None), np.sort(expected, axis=None)):
        cause = "the values are right but stand in other places: keep the order of the axes"
    else:
        cause = "the inverse is values * 127.5 + 127.5: multiply first, then add"
    fail(
        f"{what}: pixel {pixels.flat[first]:.4g} is wrong",
        came=short(came.flat[first]),
        expected=int(expected.flat[first]),
        cause=cause,
    )


# make_dataset


@DATASET.check("Batches, and the last one")
def make_dataset_batches(answer, count=10, batch_size=4):
    """gives batches of batch_size images, float32."""
    dataset = _build(answer, _numbered_images(count), count, batch_size)
    batch = _pass(dataset, count, batch_size)[0]
    if batch.shape == IMAGE:
        cause = "these are single images: use batch"
    elif _all_in_one(batch.shape, count):
        cause = ALL_IN_ONE
    elif batch.shape[1:] != IMAGE:
        cause = "batch once, and leave the images as they are"
    else:
        cause = "use the parameter `batch_size`; buffer_size is for shuffle alone"
    expect(
        batch.shape == (batch_size, *IMAGE),
        "a batch has the wrong shape",
        came=batch.shape,
        expected=(batch_size, *IMAGE),
        cause=cause,
    )
    expect(
        batch.dtype == np.float32,
        "a batch has the wrong type",
        came=batch.dtype,
        expected="float32, like `images`",
        cause="leave the images as they are",
    )


@DATASET.check("Batches, and the last one")
def make_dataset_drops_remainder(answer, count=10, batch_size=4):
    """drops the last, partial batch, and no other."""
    dataset = _build(answer, _numbered_images(count), count, batch_size)
    full = count // batch_size
    for number in (1, 2):  # a generator may be used up after one pass
        # A partial batch may be the only one, or there may be none: `_pass` would refuse that.
        sizes = [len(batch) for batch in itertools.islice(_batches(dataset), full + 1)]
        if sizes == [batch_size] * full:
            continue
        if len(sizes) > full and sizes[-1] == count % batch_size:
            cause = "the last batch is too small: see drop_remainder"
        elif len(sizes) > full:
            cause = "a pass is too long: without repeat each image comes at most once"
        elif _all_in_one(_spec_shape(dataset), count):
            cause = ALL_IN_ONE
        elif not sizes and number == 2:
            cause = "the dataset can be read only once: it must hold `images`, not an iterator"
        else:
            cause = "batch by batch_size; only the last batch is dropped, if it is too small"
        fail(
            f"pass {number} over {count} images has the wrong batches",
            came=f"batches of {sizes}" if sizes else "no batch",
            expected=f"batches of {[batch_size] * full}",
            cause=cause,
        )


@DATASET.check("A stream of images")
def make_dataset_keeps_images(answer, count=12, batch_size=4):
    """gives the images themselves, none of them twice in a pass."""
    for order in _orders(answer, count, count, batch_size, passes=3):
        twice = sorted({index for index in order if order.count(index) > 1})
        expect(
            not twice,
            "an image occurs twice in one pass",
            came=f"images {order}",
            expected=f"each of the {count} images once",
            cause="repeat before shuffle mixes two passes; drawing with replacement repeats, too",
        )


@DATASET.check("A new order in every pass")
def make_dataset_reshuffles(answer, count=24, batch_size=4):
    """shuffles anew at every pass."""
    orders = _orders(answer, count, count, batch_size, passes=4)
    if orders[0] == sorted(orders[0]):
        cause = "nothing is shuffled: use shuffle, and keep the dataset which it returns"
    else:
        cause = (
            "the order is made once: shuffle inside the dataset, with "
            "reshuffle_each_iteration=True (the default), and no cache after shuffle"
        )
    same = [number for number in range(1, 4) if orders[number] in orders[:number]]
    expect(
        not same,
        f"pass {same[0] + 1 if same else ''} has the order of an earlier pass",
        came=f"images {short(orders[0])} again",
        expected="another order in every pass",
        cause=cause,
    )


@DATASET.check("Shuffle first, then batch")
def make_dataset_mixes_images(answer, count=12, batch_size=4):
    """shuffles images, not whole batches."""
    # 12 images make 5,775 different sets of 3 batches: five equal ones are no chance.
    orders = _orders(answer, count, count, batch_size, passes=5)
    sets = {
        frozenset(frozenset(o[i : i + batch_size]) for i in range(0, len(o), batch_size))
        for o in orders
    }
    if all(order == orders[0] for order in orders):
        cause = "every pass has the same order: shuffle in the dataset, before batch"
    else:
        cause = "batch stands before shuffle: then whole batches are shuffled"
    expect(
        len(sets) > 1,
        "the same images share a batch in every pass",
        came=f"five times the batches {[sorted(batch) for batch in next(iter(sets))]}",
        expected="other companions in every pass",
        cause=cause,
    )


@DATASET.check("Shuffle first, then batch")
def make_dataset_every_image(answer, count=10, batch_size=4, buffer_size=10):
    """lets every image occur, whatever was dropped in the pass before."""
    left = count % batch_size
    passes = _passes(chance_to_miss=left / count, outcomes=count)
    orders = _orders(answer, count, buffer_size, batch_size, passes)
    missing = sorted(set(range(count)).difference(*orders))
    expect(
        not missing,
        f"in {passes} passes some images never occur",
        came=f"images {missing} are never there",
        expected=f"each pass leaves out {left} of the {count}, by chance",
        cause="shuffle with the whole buffer first, and drop the rest after that, in batch",
    )


@DATASET.check("Shuffle with a buffer")
def make_dataset_limits_buffer(answer, count=12, batch_size=4, buffer_size=3):
    """draws no image before it can be in the buffer."""
    for order in _orders(answer, count, buffer_size, batch_size, passes=10):
        for place, index in enumerate(order):
            if index < place + buffer_size:
                continue
            fail(
                f"with buffer_size {buffer_size} an image comes too early",
                came=f"place {place} has image {index} (both counted from 0)",
                expected="the images in their order"
                if buffer_size == 1
                else f"one of the images 0 to {place + buffer_size - 1}",
                cause="use the parameter buffer_size in shuffle, and shuffle once, before batch",
            )


@DATASET.check("Shuffle with a buffer")
def make_dataset_fills_buffer(answer, count=8, batch_size=4, buffer_size=3, first=1):
    """draws from the whole buffer."""
    # The more of the `first` places are looked at, the fewer passes it takes; but a buffer that
    # is too small by less than that goes unseen.
    images = _numbered_images(count)
    dataset = _build(answer, images, buffer_size, batch_size)
    reachable = min(count, buffer_size)
    parts = np.array_split(np.arange(reachable), 3)  # the front, middle and end of the buffer
    smallest = min(len(part) for part in parts)
    passes = _passes((1 - smallest / reachable) ** first, outcomes=len(parts))
    firsts = set()
    for _ in range(passes):
        batches = _pass(dataset, count, batch_size)
        firsts.update(_numbers(batches[0][:first], images))
    which = sorted(firsts) if len(firsts) < 10 else f"between {min(firsts)} and {max(firsts)}"
    for part in parts:
        expect(
            not firsts.isdisjoint(part.tolist()),
            f"with buffer_size {buffer_size} and {count} images a pass begins wrong",
            came=f"in {passes} passes the first place has only images {which}"
            if first == 1
            else f"in {passes} passes the first {first} places have only images {which}",
            expected=f"any of the images 0 to {reachable - 1} can be the first",
            cause="shuffle makes its order once: it must be new in every pass"
            if len(firsts) == first
            else "give shuffle the parameter buffer_size as it is",
        )


def _build(answer, images, buffer_size, batch_size):
    dataset = answer(images.copy(), buffer_size, batch_size)
    expect(
        isinstance(dataset, tf.data.Dataset),
        "this is no tf.data.Dataset",
        came=short(dataset) if dataset is None else f"a {type(dataset).__name__}",
        expected="a tf.data.Dataset",
        cause="is there a `return`?"
        if dataset is None
        else "return the dataset itself, neither its elements nor an iterator",
    )
    return dataset


def _batches(dataset):
    """The batches of one pass, as arrays."""
    for batch in dataset:
        if isinstance(batch, (tuple, list, dict)):
            fail(
                "an element of the dataset is no batch of images",
                came=f"a {type(batch).__name__} of {len(batch)}",
                expected="one tensor: the images, without labels",
                cause="give from_tensor_slices the images alone, not in a tuple, list or dict",
            )
        yield as_array(batch, "a batch")


def _orders(answer, count, buffer_size, batch_size, passes):
    """The numbers of the images in each pass, full batches only."""
    images = _numbered_images(count)
    dataset = _build(answer, images, buffer_size, batch_size)
    orders = []
    for _ in range(passes):
        batches = _pass(dataset, count, batch_size)
        order = [index for batch in batches for index in _numbers(batch, images)]
        orders.append(order[: count // batch_size * batch_size])
    return orders


def _all_in_one(shape, count):
    """Whether this is a batch of elements each of which holds all images."""
    return len(shape) == 5 and shape[1] == count


def _spec_shape(dataset):
    """The shape of the dataset's elements as far as it is known; () if it is not."""
    shape = getattr(dataset.element_spec, "shape", None)
    return () if shape is None or shape.rank is None else tuple(shape)


def _pass(dataset, count, batch_size):
    """One pass, to its end if that comes after the full batches; the dataset may be endless."""
    # One batch more is asked for: a cache is complete only when the end was seen.
    batches = list(itertools.islice(_batches(dataset), count // batch_size + 1))
    expect(
        batches,
        "a pass gives no batch",
        came="nothing",
        expected="batches in every pass",
        cause=ALL_IN_ONE
        if _all_in_one(_spec_shape(dataset), count)
        else "the dataset must hold `images`, not a generator or iterator that is used up",
    )
    return batches


def _numbers(batch, images):
    """Which images these are, by number."""
    cause = "leave the images as they are: they are scaled already"
    expect(
        batch.ndim == 4 and batch.shape[1:] == IMAGE,
        "a batch has the wrong shape",
        came=batch.shape,
        expected=f"(batch_size, {', '.join(map(str, IMAGE))})",
        cause=ALL_IN_ONE
        if _all_in_one(batch.shape, len(images))
        else "batch once; each element of a dataset from images is one image",
    )
    numbers = np.abs(np.subtract.outer(batch[:, 0, 0, 0], images[:, 0, 0, 0])).argmin(axis=1)
    expect(
        np.allclose(batch, images[numbers], rtol=0, atol=1e-5),
        "the images were changed",
        came=f"an image with values from {batch[0].min():.4g} to {batch[0].max():.4g}",
        expected="one of the images that were given",
        cause=cause,
    )
    return numbers.tolist()


def _passes(chance_to_miss, outcomes):
    """How many passes a right answer needs to show all of some outcomes, almost surely."""
    return math.ceil(math.log(FALSE_ALARM / outcomes) / math.log(chance_to_miss))


# images to try answers with


def _repeat(values, count):
    """Fill images (count, 28, 28, 1) with the values over and over, each from another start."""
    one = np.resize(values, 28 * 28)
    return np.stack([np.roll(one, 5 * i) for i in range(count)]).reshape(count, *IMAGE)


def _grey_images(greys, count):
    """Digits' shape and type, (count, 28, 28) uint8, with these greys."""
    return _repeat(np.array(greys, np.uint8), count)[..., 0]


def _images_of(pixels, count):
    """What `normalize_images` gives for pixels, which need not be whole."""
    return ((_repeat(np.array(pixels), count) - 127.5) / 127.5).astype(np.float32)


def _numbered_images(count):
    """Images that all differ, and that no flip or turn leaves as they are."""
    ramp = np.linspace(-0.05, 0.05, 28 * 28).reshape(IMAGE)
    levels = np.linspace(-0.9, 0.9, count).reshape(count, 1, 1, 1)
    return (levels + ramp).astype(np.float32)


def _same_size(value, expected):
    """The numbers of an answer in the expected shape; where axes of length 1 stand is free."""
    came = as_array(value, "the result")
    expect(
        [n for n in came.shape if n > 1] == [n for n in expected.shape if n > 1],
        "the result has the wrong shape",
        came=came.shape,
        expected=f"one number for each of {expected.shape[0]} images of 28 times 28 pixels",
        cause="only the axis of length 1 comes or goes; the others keep their order",
    )
    return came.astype(np.float64).reshape(expected.shape)
