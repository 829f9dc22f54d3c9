# %% wrong: the size after a convolution
# fails: conv_transpose_output_size_value
# says: this is the size after a convolution
# score: 0
def conv_transpose_output_size(size, stride):
    return size // stride


# %% wrong: "valid" padding with the kernel of the example
# fails: conv_transpose_output_size_value
# says: "valid" padding
# score: 0
def conv_transpose_output_size(size, stride):
    return (size - 1) * stride + 5


# %% wrong: stride 2 always
# fails: conv_transpose_output_size_value
# says: not always 2
# score: 0
def conv_transpose_output_size(size, stride):
    return size * 2


# %% wrong: plus for times
# fails: conv_transpose_output_size_value
# says: the stride is a factor
# score: 0
def conv_transpose_output_size(size, stride):
    return size + stride


# %% wrong: the last print is forgotten
# fails: conv_transpose_output_size_value
# says: the last pixel also takes up
# score: 0
def conv_transpose_output_size(size, stride):
    return (size - 1) * stride + 1


# %% wrong: a shape for a length
# fails: conv_transpose_output_size_value
# says: return one number
# score: 0
def conv_transpose_output_size(size, stride):
    return (size * stride, size * stride)


# %% wrong: the area
# fails: conv_transpose_output_size_value
# says: this is an area
# score: 0
def conv_transpose_output_size(size, stride):
    return (size * stride) ** 2


# %% wrong: right up to stride 2
# fails: conv_transpose_output_size_value
# says: is wrong
# score: 0
def conv_transpose_output_size(size, stride):
    return size if stride == 1 else 2 * size


# %% wrong: prints
# fails: conv_transpose_output_size_value
# says: is there a `return`
# score: 0
def conv_transpose_output_size(size, stride):
    print(size * stride)


# %% right: other names of the parameters
def conv_transpose_output_size(length, step):
    return length * step


# %% right: a layer is asked
def conv_transpose_output_size(size, stride):
    layer = keras.layers.Conv2DTranspose(1, 5, strides=stride, padding="same")
    return layer.compute_output_shape((None, size, size, 1))[1]


# %% right: a tensor, counted
def conv_transpose_output_size(size, stride):
    return tf.reduce_sum([stride for _ in range(size)])


# %% right: a float
conv_transpose_output_size = lambda size, stride: float(np.multiply(size, stride))
