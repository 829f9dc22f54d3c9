# %% wrong: cuts off instead of rounding
# fails: denormalize_images_rounds
# says: astype and cast cut off
# score: 2
def denormalize_images(images):
    return np.clip(images[..., 0] * 127.5 + 127.5, 0, 255).astype(np.uint8)


# %% wrong: cuts off, and loses even greys that came from pixels
# fails: denormalize_images_inverse, denormalize_images_rounds
# says: off by one
# score: 2
def denormalize_images(images):
    return tf.cast(tf.clip_by_value((images[..., 0] + 1) * 127.5, 0, 255), tf.uint8)


# %% wrong: rounds up
# fails: denormalize_images_rounds
# says: round to the nearest, not up
# score: 2
def denormalize_images(images):
    return np.clip(np.ceil((images[..., 0] + 1) / 2 * 255), 0, 255).astype(np.uint8)


# %% wrong: no clipping
# fails: denormalize_images_clips
# says: in uint8, 256 is 0
# score: 2
def denormalize_images(images):
    pixels = np.rint(images[..., 0] * 127.5 + 127.5)
    return pixels.astype(np.int64).astype(np.uint8)


# %% wrong: clips after the conversion
# fails: denormalize_images_clips
# says: before you convert: in uint8, 256 is 0
# score: 2
def denormalize_images(images):
    pixels = np.rint(images[..., 0] * 127.5 + 127.5).astype(np.int64).astype(np.uint8)
    return np.clip(pixels, 0, 255)


# %% wrong: clips above only
# fails: denormalize_images_clips
# says: before you convert: in uint8, 256 is 0
# score: 2
def denormalize_images(images):
    pixels = np.minimum(np.rint(images[..., 0] * 127.5 + 127.5), 255)
    return pixels.astype(np.int64).astype(np.uint8)


# %% wrong: float numbers, not clipped
# fails: denormalize_images_dtype, denormalize_images_clips
# says: the limits 0 and 255 are not kept
# score: 1
def denormalize_images(images):
    return np.rint(images[..., 0] * 127.5 + 127.5)


# %% wrong: clips to [0, 1], then scales
# fails: denormalize_images_inverse, denormalize_images_rounds, denormalize_images_clips
# says: multiply first, then add
# score: 1
def denormalize_images(images):
    return np.rint(np.clip(images[..., 0], 0, 1) * 127.5 + 127.5).astype(np.uint8)


# %% wrong: the inverse of a division by 255
# fails: denormalize_images_inverse, denormalize_images_rounds
# says: multiply first, then add
# score: 2
def denormalize_images(images):
    return np.clip(np.rint(images[..., 0] * 255), 0, 255).astype(np.uint8)


# %% wrong: adds first, then multiplies
# fails: denormalize_images_inverse, denormalize_images_rounds, denormalize_images_clips
# says: multiply first, then add
# score: 1
def denormalize_images(images):
    return np.clip(np.rint((images[..., 0] + 127.5) * 127.5), 0, 255).astype(np.uint8)


# %% wrong: 128 instead of 127.5
# fails: denormalize_images_inverse, denormalize_images_rounds
# says: off by one
# score: 2
def denormalize_images(images):
    return np.clip(np.rint(images[..., 0] * 128 + 128), 0, 255).astype(np.uint8)


# %% wrong: adds almost a half and rounds as well
# fails: denormalize_images_rounds
# says: round to the nearest, not up
# score: 2
def denormalize_images(images):
    pixels = np.rint(images[..., 0] * 127.5 + 127.5 + 0.4)
    return np.clip(pixels, 0, 255).astype(np.uint8)


# %% wrong: the channel axis stays
# fails: denormalize_images_shape
# says: the channel axis is still there
# score: 2
def denormalize_images(images):
    return np.clip(np.rint(images * 127.5 + 127.5), 0, 255).astype(np.uint8)


# %% wrong: squeezes, and so loses a single image's axis
# fails: denormalize_images_shape
# says: squeeze removes every axis of length 1
# score: 2
def denormalize_images(images):
    return np.clip(np.rint(np.squeeze(images) * 127.5 + 127.5), 0, 255).astype(np.uint8)


# %% wrong: whole numbers of another type
# fails: denormalize_images_dtype
# says: convert to uint8 at the very end
# score: 2
def denormalize_images(images):
    return np.clip(np.rint(images[..., 0] * 127.5 + 127.5), 0, 255).astype(int)


# %% wrong: takes the first column instead of the channel
# fails: denormalize_images_shape, denormalize_images_inverse, denormalize_images_rounds, denormalize_images_clips
# says: only the channel axis, the last one, goes
# score: 0
def denormalize_images(images):
    return np.clip(np.rint(images[:, :, 0] * 127.5 + 127.5), 0, 255).astype(np.uint8)


# %% wrong: black and white exchanged
# fails: denormalize_images_inverse, denormalize_images_rounds, denormalize_images_clips
# says: black and white are exchanged
# score: 1
def denormalize_images(images):
    return np.clip(np.rint(127.5 - images[..., 0] * 127.5), 0, 255).astype(np.uint8)


# %% wrong: rows and columns exchanged
# fails: denormalize_images_inverse, denormalize_images_rounds
# says: keep the order of the axes
# score: 2
def denormalize_images(images):
    pixels = np.clip(np.rint(images[..., 0] * 127.5 + 127.5), 0, 255).astype(np.uint8)
    return pixels.transpose(0, 2, 1)


# %% wrong: scales by the least and the greatest value there is
# fails: denormalize_images_inverse, denormalize_images_rounds, denormalize_images_clips
# says: off by one
# score: 1
def denormalize_images(images):
    low, high = images.min(), images.max()
    return np.floor((images[..., 0] - low) / (high - low) * 255).astype(np.uint8)


# %% wrong: returns nothing
# fails: denormalize_images_shape, denormalize_images_dtype, denormalize_images_inverse, denormalize_images_rounds, denormalize_images_clips
# says: is there a `return`
# score: 0
def denormalize_images(images):
    np.clip(np.rint(images[..., 0] * 127.5 + 127.5), 0, 255).astype(np.uint8)


# %% right: TensorFlow
def denormalize_images(images):
    pixels = tf.round(tf.squeeze(images, axis=-1) * 127.5 + 127.5)
    return tf.cast(tf.clip_by_value(pixels, 0, 255), tf.uint8)


# %% right: clips first, adds a half and cuts off
def denormalize_images(images):
    images = np.clip(images, -1, 1)
    return ((images + 1) * 127.5 + 0.5).astype(np.uint8).reshape(-1, 28, 28)


# %% right: array methods
def denormalize_images(images):
    return (images * 127.5 + 127.5).round().clip(0, 255).astype("uint8").squeeze(-1)


# %% right: a cast that clips by itself
def denormalize_images(images):
    return tf.saturate_cast(tf.round(images[:, :, :, 0] * 127.5 + 127.5), tf.uint8)


# %% right: the nearest of the 256 values
def denormalize_images(images):
    table = np.linspace(-1, 1, 256)
    return np.searchsorted((table[:-1] + table[1:]) / 2, images[..., 0]).astype(np.uint8)


# %% right: rounded to whole numbers before clipping
def denormalize_images(images):
    pixels = np.round((np.asarray(images, np.float64)[..., 0] + 1) / 2 * 255).astype(int)
    return np.uint8(np.minimum(np.maximum(pixels, 0), 255))


# %% right: keras.ops, with a parameter more
def denormalize_images(images, axis=-1):
    from keras import ops

    pixels = ops.round(ops.squeeze(images, axis=axis) * 127.5 + 127.5)
    return ops.cast(ops.clip(pixels, 0.0, 255.0), "uint8")
