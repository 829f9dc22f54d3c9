# %% wrong: scales to 0 to 1, as for a classifier
# fails: normalize_images_values
# says: dividing by 255 gives [0, 1]; tanh gives [-1, 1]
# score: 1
def normalize_images(images):
    return images.astype(np.float32)[..., np.newaxis] / 255


# %% wrong: no channel axis
# fails: normalize_images_shape
# says: the channel axis is missing
# score: 2
def normalize_images(images):
    return (images.astype(np.float32) - 127.5) / 127.5


# %% wrong: the channel axis before the rows
# fails: normalize_images_shape
# says: the channel axis belongs at the end
# score: 2
def normalize_images(images):
    return (np.expand_dims(images, 1).astype("float32") - 127.5) / 127.5


# %% wrong: the new axis in front
# fails: normalize_images_shape
# says: the new axis stands in front; it belongs at the end
# score: 2
def normalize_images(images):
    return ((images.astype(np.float32) - 127.5) / 127.5)[np.newaxis]


# %% wrong: float64, because nothing was converted
# fails: normalize_images_dtype
# says: NumPy computes uint8 with 127.5 in float64
# score: 2
def normalize_images(images):
    return (images.reshape(-1, 28, 28, 1) - 127.5) / 127.5


# %% wrong: float16
# fails: normalize_images_dtype, normalize_images_values
# says: convert `images` to float32
# score: 0
def normalize_images(images):
    return (images[..., None].astype(np.float16) - 127.5) / 127.5


# %% wrong: converted at the end, so back to whole numbers
# fails: normalize_images_dtype, normalize_images_values
# says: whole numbers cannot hold
# score: 0
def normalize_images(images):
    return ((images[..., None] - 127.5) / 127.5).astype(np.int8)


# %% wrong: 128 instead of 127.5
# fails: normalize_images_values
# says: the middle between 0 and 255 is 127.5
# score: 1
def normalize_images(images):
    return (images[..., None].astype(np.float32) - 128) / 128


# %% wrong: overflow when subtracting in uint8
# fails: normalize_images_values
# says: uint8 arithmetic overflowed
# score: 1
def normalize_images(images):
    return ((images - 127)[..., None] / 128).astype(np.float32)


# %% wrong: overflow when doubling in uint8
# fails: normalize_images_values
# says: uint8 arithmetic overflowed
# score: 1
def normalize_images(images):
    return np.float32(images * 2)[..., None] / 255 - 1


# %% wrong: divides first and then subtracts the same
# fails: normalize_images_values
# says: this gives [0, 2]
# score: 1
def normalize_images(images):
    return tf.cast(images, tf.float32)[..., None] / 127.5


# %% wrong: brackets forgotten
# fails: normalize_images_values
# says: brackets are missing
# score: 1
def normalize_images(images):
    return images[..., None].astype(np.float32) - 127.5 / 127.5


# %% wrong: divides by the whole range
# fails: normalize_images_values
# says: half as wide
# score: 1
def normalize_images(images):
    return (images[..., None].astype(np.float32) - 127.5) / 255


# %% wrong: does not scale at all
# fails: normalize_images_values
# says: the pixels still go from 0 to 255
# score: 1
def normalize_images(images):
    return images[..., None].astype(np.float32)


# %% wrong: black and white exchanged
# fails: normalize_images_values
# says: black and white are exchanged
# score: 1
def normalize_images(images):
    return 1 - images[..., None].astype(np.float32) / 127.5


# %% wrong: least and greatest pixel of the batch
# fails: normalize_images_values
# says: the least and greatest pixel of the images at hand are used; 0 and 255 are fixed
# score: 1
def normalize_images(images):
    pixels = images.astype(np.float32)[..., np.newaxis]
    return (pixels - pixels.min()) / (pixels.max() - pixels.min()) * 2 - 1


# %% wrong: each image by its own mean and spread
# fails: normalize_images_values
# says: depends on the other pixels
# score: 1
def normalize_images(images):
    pixels = images.astype(np.float32)[..., np.newaxis]
    mean = pixels.mean(axis=(1, 2, 3), keepdims=True)
    return (pixels - mean) / pixels.std(axis=(1, 2, 3), keepdims=True)


# %% wrong: sets the shape of its input
# fails: normalize_images_keeps_input
# says: compute a new array instead
# score: 1
def normalize_images(images):
    images.shape = (len(images), 28, 28, 1)
    return (images.astype(np.float32) - 127.5) / 127.5


# %% wrong: writes into its input
# fails: normalize_images_keeps_input
# says: compute a new array instead
# score: 1
def normalize_images(images):
    result = (images.astype(np.float32)[..., None] - 127.5) / 127.5
    images[:] = 0
    return result


# %% wrong: in place, which uint8 refuses
# fails: normalize_images_shape, normalize_images_dtype, normalize_images_values, normalize_images_keeps_input
# says: Cannot cast ufunc
# score: 0
def normalize_images(images):
    images -= 127.5
    images /= 127.5
    return images[..., None]


# %% wrong: rows and columns exchanged
# fails: normalize_images_values
# says: stand in other places
# score: 1
def normalize_images(images):
    return (np.transpose(images, (0, 2, 1))[..., None].astype(np.float32) - 127.5) / 127.5


# %% wrong: the number of images of the setup cell
# fails: normalize_images_shape, normalize_images_dtype, normalize_images_values, normalize_images_keeps_input
# says: cannot reshape array
# score: 0
def normalize_images(images):
    images = images.reshape(60000, 28, 28, 1).astype("float32")
    return (images - 127.5) / 127.5


# %% wrong: the digits of the setup cell instead of the parameter
# fails: normalize_images_shape, normalize_images_values
# says: from `images`, not from another variable
# score: 0
def normalize_images(images):
    return (digits.x_train[:100].astype(np.float32)[..., None] - 127.5) / 127.5


# %% wrong: returns nothing
# fails: normalize_images_shape, normalize_images_dtype, normalize_images_values
# says: is there a `return`
# score: 0
def normalize_images(images):
    pixels = (images.astype(np.float32)[..., None] - 127.5) / 127.5


# %% right: the tutorial's way
def normalize_images(images):
    images = images.reshape(images.shape[0], 28, 28, 1).astype("float32")
    return (images - 127.5) / 127.5


# %% right: TensorFlow
def normalize_images(images):
    return tf.expand_dims(tf.cast(images, tf.float32), -1) / 127.5 - 1.0


# %% right: a Keras layer
def normalize_images(images):
    import keras

    return keras.layers.Rescaling(1 / 127.5, offset=-1)(images[..., np.newaxis])


# %% right: keras.ops
def normalize_images(images):
    from keras import ops

    return (ops.expand_dims(ops.cast(images, "float32"), axis=-1) - 127.5) / 127.5


# %% right: in float64, converted at the end
def normalize_images(images):
    return (np.stack([images], axis=-1) / 255 * 2 - 1).astype(np.float32)


# %% right: a table of the 256 values
def normalize_images(images):
    table = np.linspace(-1, 1, 256, dtype=np.float32)
    return table[images].reshape(images.shape + (1,))


# %% right: in place, in an array of its own, with a parameter more
def normalize_images(images, middle=127.5):
    pixels = np.array(images, dtype=np.float32)
    pixels -= middle
    pixels /= middle
    pixels.shape += (1,)
    return pixels


# %% right: TensorFlow's image tools
def normalize_images(images):
    return tf.image.convert_image_dtype(images[..., None], tf.float32) * 2 - 1


# %% right: loops
def normalize_images(images):
    result = np.empty((len(images), 28, 28, 1), dtype=np.float32)
    for i, image in enumerate(images):
        for row in range(28):
            for column in range(28):
                result[i, row, column, 0] = float(image[row, column]) / 127.5 - 1
    return result
