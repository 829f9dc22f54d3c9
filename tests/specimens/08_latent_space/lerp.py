# %% wrong: ends exchanged
# fails: lerp_line, lerp_rows
# says: the ends are exchanged
# score: 0
def lerp(z0, z1, t):
    return t * z0 + (1 - t) * z1


# %% wrong: the weight of z0 is missing
# fails: lerp_line, lerp_rows
# says: its weight is 1 - t
# score: 0
def lerp(z0, z1, t):
    return z0 + t * z1


# %% wrong: always the middle
# fails: lerp_line, lerp_rows
# says: this is the middle
# score: 0
def lerp(z0, z1, t):
    return (z0 + z1) / 2


# %% wrong: only a whole path
# fails: lerp_line, lerp_rows
# says: has the wrong shape
# score: 0
def lerp(z0, z1, t):
    return np.linspace(z0, z1, 10)


# %% wrong: the nearest of 101 points
# fails: lerp_line, lerp_rows
# says: t is rounded
# score: 0
def lerp(z0, z1, t):
    return np.linspace(z0, z1, 101)[round(t * 100)]


# %% wrong: the norm kept
# fails: lerp_line, lerp_rows
# says: the norm is changed
# score: 0
def lerp(z0, z1, t):
    z = (1 - t) * z0 + t * z1
    norm = (1 - t) * np.linalg.norm(z0, axis=-1, keepdims=True)
    norm = norm + t * np.linalg.norm(z1, axis=-1, keepdims=True)
    return z / np.linalg.norm(z, axis=-1, keepdims=True) * norm


# %% wrong: slow at the ends
# fails: lerp_line, lerp_rows
# says: the speed must be constant
# score: 0
def lerp(z0, z1, t):
    t = t * t * (3 - 2 * t)
    return (1 - t) * z0 + t * z1


# %% wrong: one vector only
# fails: lerp_rows
# says: your code stopped
# score: 0
def lerp(z0, z1, t):
    return np.array([(1 - t) * float(a) + t * float(b) for a, b in zip(z0, z1)])


# %% wrong: flattened
# fails: lerp_rows
# says: an axis is lost
# score: 0
def lerp(z0, z1, t):
    return (1 - t) * np.ravel(z0) + t * np.ravel(z1)


# %% wrong: an axis more
# fails: lerp_line
# says: there is one axis too many
# score: 0
def lerp(z0, z1, t):
    return (1 - t) * np.atleast_2d(z0) + t * np.atleast_2d(z1)


# %% wrong: changes z0
# fails: lerp_inputs
# says: change the caller's array
# score: 0
def lerp(z0, z1, t):
    z0 *= 1 - t
    z0 += t * z1
    return z0


# %% wrong: returns nothing
# fails: lerp_line, lerp_rows
# says: is there a `return`
# score: 0
def lerp(z0, z1, t):
    z = (1 - t) * z0 + t * z1


# %% wrong: a list
# fails: lerp_line, lerp_rows
# says: is not one array
# score: 0
def lerp(z0, z1, t):
    return [(1 - t) * a + t * b for a, b in zip(z0, z1, strict=True)]


# %% wrong: remembers where it began
# fails: lerp_line
# says: is wrong
# score: 0
starts = {}


def lerp(z0, z1, t):
    z0 = starts.setdefault(z0.shape, z0.copy())
    return (1 - t) * z0 + t * z1


# %% right: from z0 towards z1
def lerp(z0, z1, t):
    return z0 + t * (z1 - z0)


# %% right: TensorFlow
def lerp(z0, z1, t):
    z0, z1 = tf.convert_to_tensor(z0), tf.convert_to_tensor(z1)
    return tf.add((1.0 - t) * z0, t * z1)


# %% right: keras.ops, t by default
def lerp(z0, z1, t=0.5):
    return keras.ops.multiply(z0, 1 - t) + keras.ops.multiply(z1, t)


# %% right: weights and a tensor product
def lerp(z0, z1, t):
    return np.tensordot([1 - t, t], np.stack([z0, z1]), axes=1)
