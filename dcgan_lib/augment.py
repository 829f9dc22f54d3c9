"""Differentiable augmentation: what keeps a discriminator from learning few images by heart.

The discriminator sees real and generated images changed in the same random ways, and the
generator's gradient flows through the change (Zhao et al. 2020, arXiv:2006.10738).
"""

import tensorflow as tf

BLACK = -1.0


def shift_and_cut(images, seed, shift=3, cut=10):
    """Move each image by a few pixels and black out one square of it.

    Args:
        images: float tensor `(n, height, width, 1)` in [-1, 1].
        seed: int tensor `(2,)`; the same seed changes an image in the same way.
        shift: largest move in pixels, along each axis, from 0.
        cut: side of the square in pixels; 0 cuts nothing.

    Returns:
        Images of the same shape; what moves in from outside is black.
    """
    seed = tf.cast(seed, tf.int64)
    if shift:
        images = _shift(images, seed, shift)
    if cut:
        images = _cut(images, seed + [0, 1], cut)
    return images


def _shift(images, seed, shift):
    count, height, width = tf.shape(images)[0], images.shape[1], images.shape[2]
    moves = tf.random.stateless_uniform((count, 2), seed, -shift, shift + 1, tf.int32)
    # A row of zeros where the source lies outside; 0 is black once BLACK is subtracted.
    rows = tf.one_hot(tf.range(height) + moves[:, :1], height, dtype=images.dtype)
    columns = tf.one_hot(tf.range(width) + moves[:, 1:], width, dtype=images.dtype)
    light = tf.matmul(tf.matmul(rows, images[..., 0] - BLACK), columns, transpose_b=True)
    return light[..., tf.newaxis] + BLACK


def _cut(images, seed, cut):
    count, height, width = tf.shape(images)[0], images.shape[1], images.shape[2]
    corner = tf.random.stateless_uniform((2, count, 1), seed)

    def inside(corner, length):
        start = tf.cast(corner * float(length + cut), tf.int32) - cut
        offset = tf.range(length) - start
        return (offset >= 0) & (offset < cut)

    hole = inside(corner[0], height)[:, :, tf.newaxis] & inside(corner[1], width)[:, tf.newaxis, :]
    return tf.where(hole[..., tf.newaxis], tf.cast(BLACK, images.dtype), images)
