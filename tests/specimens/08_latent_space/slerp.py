# %% wrong: the common formula, applied to the vectors
# fails: slerp_norm, slerp_direction
# says: apply the formula to the directions
# score: 1
def slerp(z0, z1, t):
    u0 = z0 / np.maximum(np.linalg.norm(z0, axis=-1, keepdims=True), 1e-9)
    u1 = z1 / np.maximum(np.linalg.norm(z1, axis=-1, keepdims=True), 1e-9)
    angle = np.arccos(np.clip(np.sum(u0 * u1, axis=-1, keepdims=True), -1, 1))
    sine = np.sin(angle)
    safe = np.where(sine < 1e-4, 1, sine)
    arc = (np.sin((1 - t) * angle) * z0 + np.sin(t * angle) * z1) / safe
    return np.where(sine < 1e-4, (1 - t) * z0 + t * z1, arc)


# %% wrong: straight line
# fails: slerp_norm, slerp_direction
# says: straight line
# score: 1
def slerp(z0, z1, t):
    return (1 - t) * z0 + t * z1


# %% wrong: a direction without its norm
# fails: slerp_norm, slerp_parallel
# says: the result is a direction only
# score: 0
def slerp(z0, z1, t):
    u0 = z0 / np.maximum(np.linalg.norm(z0, axis=-1, keepdims=True), 1e-9)
    u1 = z1 / np.maximum(np.linalg.norm(z1, axis=-1, keepdims=True), 1e-9)
    angle = np.arccos(np.clip(np.sum(u0 * u1, axis=-1, keepdims=True), -0.9999999, 0.9999999))
    return (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)


# %% wrong: the norm of z0 all the way
# fails: slerp_norm
# says: the norm stays that of z0
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / np.where(norm0 > 0, norm0, 1), z1 / np.where(norm1 > 0, norm1, 1)
    angle = np.arccos(np.clip(np.sum(u0 * u1, axis=-1, keepdims=True), -1, 1))
    sine = np.sin(angle)
    arc = np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1
    arc = norm0 * arc / np.where(sine > 1e-3, sine, 1)
    return np.where(sine > 1e-3, arc, (1 - t) * z0 + t * z1)


# %% wrong: the norm by powers
# fails: slerp_norm, slerp_parallel
# says: interpolated by powers
# score: 0
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / (norm0 + 1e-12), z1 / (norm1 + 1e-12)
    angle = np.arccos(np.clip(np.sum(u0 * u1, axis=-1, keepdims=True), -0.999999, 0.999999))
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    return norm0 ** (1 - t) * norm1**t * arc


# %% wrong: a stretched straight line between directions
# fails: slerp_direction
# says: does not turn at a constant speed
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u = (1 - t) * z0 / (norm0 + 1e-12) + t * z1 / (norm1 + 1e-12)
    u = u / (np.linalg.norm(u, axis=-1, keepdims=True) + 1e-12)
    return ((1 - t) * norm0 + t * norm1) * u


# %% wrong: a stretched straight line between the vectors
# fails: slerp_direction
# says: the direction on the straight line
# score: 1
def slerp(z0, z1, t):
    norm = (1 - t) * np.linalg.norm(z0, axis=-1, keepdims=True)
    norm = norm + t * np.linalg.norm(z1, axis=-1, keepdims=True)
    z = (1 - t) * z0 + t * z1
    return norm * z / (np.linalg.norm(z, axis=-1, keepdims=True) + 1e-12)


# %% wrong: the short way round, as for quaternions
# fails: slerp_direction
# says: as one does for quaternions
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / (norm0 + 1e-12), z1 / (norm1 + 1e-12)
    dot = np.sum(u0 * u1, axis=-1, keepdims=True)
    u1 = np.where(dot < 0, -u1, u1)
    angle = np.arccos(np.clip(np.abs(dot), 0, 0.999999))
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% wrong: ends exchanged
# fails: slerp_norm, slerp_direction, slerp_parallel
# says: t is turned round
# score: 0
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / (norm0 + 1e-12), z1 / (norm1 + 1e-12)
    angle = np.arccos(np.clip(np.sum(u0 * u1, axis=-1, keepdims=True), -0.999999, 0.999999))
    arc = (np.sin(t * angle) * u0 + np.sin((1 - t) * angle) * u1) / np.sin(angle)
    return (t * norm0 + (1 - t) * norm1) * arc


# %% wrong: cosine of the vectors, not of their directions
# fails: slerp_norm, slerp_direction, slerp_parallel
# says: apply the formula to the directions
# score: 0
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / (norm0 + 1e-12), z1 / (norm1 + 1e-12)
    angle = np.arccos(np.clip(np.sum(z0 * z1, axis=-1, keepdims=True), -0.999999, 0.999999))
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% wrong: degrees
# fails: slerp_norm, slerp_direction
# says: in radians
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / (norm0 + 1e-12), z1 / (norm1 + 1e-12)
    angle = np.degrees(
        np.arccos(np.clip(np.sum(u0 * u1, axis=-1, keepdims=True), -0.9999999, 0.9999999))
    )
    if np.all(angle < 0.1):
        return (1 - t) * z0 + t * z1
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    arc = np.where(angle < 0.1, (1 - t) * u0 + t * u1, arc)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% wrong: norm of the whole array
# fails: slerp_rows
# says: sum along axis=-1
# score: 1
def slerp(z0, z1, t):
    norm0, norm1 = np.linalg.norm(z0), np.linalg.norm(z1)
    u0, u1 = z0 / (norm0 + 1e-12), z1 / (norm1 + 1e-12)
    angle = np.arccos(np.clip(np.sum(u0 * u1), -0.999999, 0.999999))
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% wrong: own norms, but one angle for the whole array
# fails: slerp_rows
# says: sum along axis=-1
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / (norm0 + 1e-12), z1 / (norm1 + 1e-12)
    dot = np.sum(u0 * u1) / max(1, u0.size // u0.shape[-1])
    angle = np.arccos(np.clip(dot, -0.999999, 0.999999))
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% wrong: without keepdims
# fails: slerp_rows, slerp_finite
# says: sum along axis=-1 with keepdims=True
# score: 1
def slerp(z0, z1, t):
    norm0, norm1 = np.linalg.norm(z0, axis=-1), np.linalg.norm(z1, axis=-1)
    u0, u1 = z0 / (norm0 + 1e-12), z1 / (norm1 + 1e-12)
    angle = np.arccos(np.clip(np.sum(u0 * u1, axis=-1), -0.999999, 0.999999))
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% wrong: without keepdims, and 0 / 0 between parallel vectors
# fails: slerp_rows, slerp_parallel, slerp_finite
# says: sum along axis=-1 with keepdims=True
# score: 1
def slerp(z0, z1, t):
    norm0, norm1 = np.linalg.norm(z0, axis=-1), np.linalg.norm(z1, axis=-1)
    u0, u1 = z0 / norm0, z1 / norm1
    angle = np.arccos(np.sum(u0 * u1, axis=-1))
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% wrong: the dot product of one vector only
# fails: slerp_rows, slerp_finite
# says: sum along axis=-1
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / (norm0 + 1e-12), z1 / (norm1 + 1e-12)
    angle = np.arccos(np.clip(np.dot(u0, u1), -0.999999, 0.999999))
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% wrong: if, for a whole batch
# fails: slerp_rows, slerp_finite
# says: use np.where
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / (norm0 + 1e-12), z1 / (norm1 + 1e-12)
    angle = np.arccos(np.clip(np.sum(u0 * u1, axis=-1, keepdims=True), -1, 1))
    if np.sin(angle) < 1e-3:
        return (1 - t) * z0 + t * z1
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% wrong: any parallel row sends all to the line
# fails: slerp_rows
# says: decide row by row
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / (norm0 + 1e-12), z1 / (norm1 + 1e-12)
    angle = np.arccos(np.clip(np.sum(u0 * u1, axis=-1, keepdims=True), -1, 1))
    if np.any(np.sin(angle) < 1e-3):
        return (1 - t) * z0 + t * z1
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% wrong: 0 / 0 between parallel vectors
# fails: slerp_rows, slerp_parallel, slerp_finite
# says: clip it to [-1, 1]
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / norm0, z1 / norm1
    angle = np.arccos(np.sum(u0 * u1, axis=-1, keepdims=True))
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% wrong: an epsilon beside the sine
# fails: slerp_parallel
# says: hides the 0 / 0 but gives no line
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / (norm0 + 1e-12), z1 / (norm1 + 1e-12)
    angle = np.arccos(np.clip(np.sum(u0 * u1, axis=-1, keepdims=True), -1, 1))
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / (np.sin(angle) + 1e-7)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% wrong: a batch of one row loses its axis
# fails: slerp_rows
# says: an axis is lost
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / (norm0 + 1e-12), z1 / (norm1 + 1e-12)
    angle = np.arccos(np.clip(np.sum(u0 * u1, axis=-1, keepdims=True), -0.999999, 0.999999))
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    return np.squeeze(((1 - t) * norm0 + t * norm1) * arc)


# %% wrong: zero vectors of a batch forgotten
# fails: slerp_finite
# says: do not divide by it
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    if z0.ndim == 1 and (norm0 == 0 or norm1 == 0):
        return (1 - t) * z0 + t * z1
    u0, u1 = z0 / norm0, z1 / norm1
    angle = np.arccos(np.clip(np.sum(u0 * u1, axis=-1, keepdims=True), -0.999999, 0.999999))
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% wrong: divides by the norm of a zero vector
# fails: slerp_finite
# says: do not divide by it
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / norm0, z1 / norm1
    angle = np.arccos(np.clip(np.sum(u0 * u1, axis=-1, keepdims=True), -0.999999, 0.999999))
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% wrong: a line too often
# fails: slerp_direction
# says: straight line
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / (norm0 + 1e-12), z1 / (norm1 + 1e-12)
    dot = np.clip(np.sum(u0 * u1, axis=-1, keepdims=True), -1, 1)
    angle = np.arccos(dot)
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.maximum(np.sin(angle), 1e-9)
    arc = ((1 - t) * norm0 + t * norm1) * arc
    return np.where(np.abs(dot) > 0.95, (1 - t) * z0 + t * z1, arc)


# %% wrong: changes its inputs
# fails: slerp_inputs
# says: change the caller's array
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    z0 /= np.maximum(norm0, 1e-12)
    z1 /= np.maximum(norm1, 1e-12)
    angle = np.arccos(np.clip(np.sum(z0 * z1, axis=-1, keepdims=True), -0.999999, 0.999999))
    arc = (np.sin((1 - t) * angle) * z0 + np.sin(t * angle) * z1) / np.sin(angle)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% wrong: returns nothing
# fails: slerp_norm, slerp_direction, slerp_rows, slerp_parallel, slerp_finite
# says: is there a `return`
# score: 0
def slerp(z0, z1, t):
    lerp(z0, z1, t)


# %% wrong: obtuse angles taken for acute ones
# fails: slerp_norm, slerp_direction
# says: an obtuse angle is taken for an acute one
# score: 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / np.where(norm0 > 0, norm0, 1), z1 / np.where(norm1 > 0, norm1, 1)
    angle = np.arccos(np.clip(np.abs(np.sum(u0 * u1, axis=-1, keepdims=True)), 0, 1))
    flat = np.sin(angle) < 1e-4
    arc = np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1
    arc = ((1 - t) * norm0 + t * norm1) * arc / np.where(flat, 1, np.sin(angle))
    return np.where(flat, lerp(z0, z1, t), arc)


# %% right: the cosine clipped a little below 1
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0, u1 = z0 / (norm0 + 1e-12), z1 / (norm1 + 1e-12)
    dot = np.sum(u0 * u1, axis=-1, keepdims=True)
    angle = np.arccos(np.clip(dot, -0.999999, 0.999999))
    arc = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    return ((1 - t) * norm0 + t * norm1) * arc


# %% right: TensorFlow
def slerp(z0, z1, t):
    norm0 = tf.norm(z0, axis=-1, keepdims=True)
    norm1 = tf.norm(z1, axis=-1, keepdims=True)
    u0, u1 = tf.math.divide_no_nan(z0, norm0), tf.math.divide_no_nan(z1, norm1)
    dot = tf.reduce_sum(u0 * u1, axis=-1, keepdims=True)
    angle = tf.acos(tf.clip_by_value(dot, -1.0, 1.0))
    sine = tf.sin(angle)
    flat = sine < 1e-4
    sine = tf.where(flat, 1.0, sine)
    weight0 = tf.where(flat, 1.0 - t, tf.sin((1.0 - t) * angle) / sine)
    weight1 = tf.where(flat, t, tf.sin(t * angle) / sine)
    norm = (1.0 - t) * norm0 + t * norm1
    return tf.where(flat, (1.0 - t) * z0 + t * z1, norm * (weight0 * u0 + weight1 * u1))


# %% right: keras.ops, with l2 normalization and the student's lerp
def slerp(z0, z1, t):
    u0, u1 = keras.ops.normalize(z0, axis=-1), keras.ops.normalize(z1, axis=-1)
    norm0 = keras.ops.norm(z0, axis=-1, keepdims=True)
    norm1 = keras.ops.norm(z1, axis=-1, keepdims=True)
    dot = keras.ops.clip(keras.ops.sum(u0 * u1, axis=-1, keepdims=True), -1 + 1e-6, 1 - 1e-6)
    angle = keras.ops.arccos(dot)
    arc = keras.ops.sin((1 - t) * angle) * u0 + keras.ops.sin(t * angle) * u1
    return lerp(norm0, norm1, t) * arc / keras.ops.sin(angle)


# %% right: turned in the plane of both, one row after the other, in float64
def slerp(z0, z1, t):
    if np.ndim(z0) > 1:
        return np.array([slerp(a, b, t) for a, b in zip(z0, z1)])
    a, b = np.asarray(z0, np.float64), np.asarray(z1, np.float64)
    norm_a, norm_b = np.sqrt(a @ a), np.sqrt(b @ b)
    if norm_a == 0 or norm_b == 0:
        return (1 - t) * a + t * b
    a, b = a / norm_a, b / norm_b
    aside = b - (a @ b) * a
    length = np.sqrt(aside @ aside)
    norm = (1 - t) * norm_a + t * norm_b
    if length < 1e-6:
        return (1 - t) * norm_a * a + t * norm_b * b
    angle = np.arctan2(length, a @ b)
    return norm * (np.cos(t * angle) * a + np.sin(t * angle) * aside / length)


# %% right: np.sinc, which knows 0 / 0
def slerp(z0, z1, t):
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    u0 = z0 / np.where(norm0 == 0, 1, norm0)
    u1 = z1 / np.where(norm1 == 0, 1, norm1)
    a = np.arccos(np.clip((u0 * u1).sum(axis=-1, keepdims=True), -1, 1)) / np.pi
    down = np.maximum(np.sinc(a), 1e-7)
    arc = ((1 - t) * np.sinc((1 - t) * a) * u0 + t * np.sinc(t * a) * u1) / down
    return ((1 - t) * norm0 + t * norm1) * arc


# %% right: half the angle from chord and sum, weights on the vectors
def slerp(start, end, t, smallest=1e-5):
    start, end = np.asarray(start, float), np.asarray(end, float)
    n0, n1 = (np.sqrt((z**2).sum(-1, keepdims=True)) for z in (start, end))
    u0, u1 = start / np.maximum(n0, 1e-30), end / np.maximum(n1, 1e-30)
    angle = 2 * np.arctan2(
        np.linalg.norm(u0 - u1, axis=-1, keepdims=True),
        np.linalg.norm(u0 + u1, axis=-1, keepdims=True),
    )
    with np.errstate(all="ignore"):
        arc = np.sin((1 - t) * angle) / np.sin(angle) * u0 + np.sin(t * angle) / np.sin(angle) * u1
    arc *= n0 + t * (n1 - n0)
    return np.where(np.sin(angle) > smallest, arc, start + t * (end - start)).astype("float32")


# %% right: the threshold of many programs
def slerp(z0, z1, t, DOT_THRESHOLD=0.9995):
    if z0.ndim == 2:
        return np.stack([slerp(a, b, t) for a, b in zip(z0, z1)])
    norm0, norm1 = np.linalg.norm(z0), np.linalg.norm(z1)
    if norm0 == 0 or norm1 == 0:
        return lerp(z0, z1, t)
    v0, v1 = z0 / norm0, z1 / norm1
    dot = np.sum(v0 * v1)
    if np.abs(dot) > DOT_THRESHOLD:
        return lerp(z0, z1, t)
    theta_0 = np.arccos(dot)
    theta_t = theta_0 * t
    s0 = np.sin(theta_0 - theta_t) / np.sin(theta_0)
    s1 = np.sin(theta_t) / np.sin(theta_0)
    return lerp(norm0, norm1, t) * (s0 * v0 + s1 * v1)
