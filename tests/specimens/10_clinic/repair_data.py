# %% wrong: still [0, 1]
# fails: repair_data_values
# says: dividing by 255 gives [0, 1]
# score: 1
def repair_data(images):
    return images.astype(np.float32)[..., np.newaxis] / 255


# %% wrong: half of the range
# fails: repair_data_values
# says: divide by 127.5
# score: 1
def repair_data(images):
    return clinic.broken_data(images) - 0.5


# %% wrong: no channel axis
# fails: repair_data_shape
# says: the channel axis is missing
# score: 1
def repair_data(images):
    return (images.astype(np.float32) - 127.5) / 127.5


# %% wrong: float64
# fails: repair_data_dtype
# says: NumPy computes uint8 with 127.5 in float64
# score: 1
def repair_data(images):
    return (images[..., np.newaxis] - 127.5) / 127.5


# %% wrong: black and white exchanged
# fails: repair_data_values
# says: black and white are exchanged
# score: 1
def repair_data(images):
    return 1 - 2 * clinic.broken_data(images)


# %% wrong: the extremes of the images at hand
# fails: repair_data_values
# says: 0 and 255 are fixed
# score: 1
def repair_data(images):
    x = images.astype(np.float32)[..., np.newaxis]
    return (x - x.min()) / (x.max() - x.min()) * 2 - 1


# %% wrong: changes its input
# fails: repair_data_keeps_input
# says: you wrote into `images`
# score: 1
def repair_data(images):
    scaled = (images.astype(np.float32)[..., np.newaxis] - 127.5) / 127.5
    images[:] = 0
    return scaled


# %% wrong: the library's function of the earlier lesson
# fails: repair_data_shape, repair_data_dtype, repair_data_values, repair_data_keeps_input
# says: the library's own solution
# score: 0
from dcgan_lib.data import normalize_images


def repair_data(images):
    return normalize_images(images)


# %% wrong: a list of images
# fails: repair_data_dtype
# says: is not one array
# score: 1
def repair_data(images):
    return [(image[..., np.newaxis] / np.float32(127.5) - 1).astype("float32") for image in images]



# %% right: NumPy
def repair_data(images):
    return (images[..., np.newaxis].astype(np.float32) - 127.5) / 127.5


# %% right: the broken range, stretched
def repair_data(images):
    return 2 * clinic.broken_data(images) - 1


# %% right: TensorFlow
def repair_data(images):
    return tf.cast(tf.convert_to_tensor(images)[..., tf.newaxis], tf.float32) / 127.5 - 1.0


# %% right: Keras's layer
def repair_data(images):
    layer = keras.layers.Rescaling(1 / 127.5, offset=-1)
    return layer(keras.ops.expand_dims(images, -1))
