"""The latent space, where the generator's input vectors live: paths and directions in it."""

import numpy as np

from dcgan_lib.models import generate_images

_SMALLEST_SINE = 1e-6  # below it two vectors are parallel or opposite, and no arc is defined


def lerp(z0, z1, t):
    """Go along the straight line from one latent vector to another.

    Args:
        z0: array or tensor `(..., noise_dim)`: one latent vector, or a batch of them.
        z1: the same; its shape must fit `z0`.
        t: a number; 0 gives `z0`, 1 gives `z1`.

    Returns:
        An array `(..., noise_dim)`, float32 for float32 vectors: `(1 - t) z0 + t z1`.

    Raises:
        ValueError: if the vectors differ in length.

    Taught in: 08_latent_space
    """
    z0, z1, dtype = _pair(z0, z1)
    return _line(z0, z1, float(t)).astype(dtype)


def slerp(z0, z1, t):
    """Go along the great arc from the direction of one latent vector to that of another.

    Long normal vectors have nearly equal norms, and so the straight line between two of them
    leaves the region that the generator knows. Here the direction turns at a constant speed
    (spherical linear interpolation: Shoemake, "Animating rotation with quaternion curves",
    1985), while the norm goes linearly from that of `z0` to that of `z1`.

    Args:
        z0: array or tensor `(..., noise_dim)`: one latent vector, or a batch of them. Each
            vector of a batch, along the last axis, takes its own arc.
        z1: the same; its shape must fit `z0`.
        t: a number; 0 gives `z0`, 1 gives `z1`.

    Returns:
        An array `(..., noise_dim)`, float32 for float32 vectors. Between parallel, opposite or
        zero vectors, where no single arc exists, it is `lerp`.

    Raises:
        ValueError: if the vectors differ in length.

    Taught in: 08_latent_space
    """
    z0, z1, dtype = _pair(z0, z1)
    t = float(t)
    norm0 = np.linalg.norm(z0, axis=-1, keepdims=True)
    norm1 = np.linalg.norm(z1, axis=-1, keepdims=True)
    # A divisor of 1 where the arc is not used keeps every number finite and every warning away.
    safe0 = np.where(norm0 > 0, norm0, 1)
    safe1 = np.where(norm1 > 0, norm1, 1)
    unit0, unit1 = z0 / safe0, z1 / safe1
    # Half the angle from chord and sum: exact for small angles too, where arccos is not.
    chord = np.linalg.norm(unit0 - unit1, axis=-1, keepdims=True)
    total = np.linalg.norm(unit0 + unit1, axis=-1, keepdims=True)
    angle = 2 * np.arctan2(chord, total)
    sine = np.sin(angle)
    has_arc = (norm0 > 0) & (norm1 > 0) & (sine > _SMALLEST_SINE)
    safe_sine = np.where(has_arc, sine, 1)
    norm = _line(norm0, norm1, t)
    weight0 = norm / safe0 * (np.sin((1 - t) * angle) / safe_sine)
    weight1 = norm / safe1 * (np.sin(t * angle) / safe_sine)
    arc = weight0 * z0 + weight1 * z1
    return np.where(has_arc, arc, _line(z0, z1, t)).astype(dtype)


def interpolate(generator, z0, z1, steps):
    """Draw images along the slerp path between two latent vectors.

    Args:
        generator: a model from `(n, noise_dim)` to images `(n, 28, 28, 1)`.
        z0: array or tensor `(noise_dim,)` or `(1, noise_dim)`, where the path begins.
        z1: the same, where the path ends.
        steps: number of images, at least 2: both ends are included.

    Returns:
        A float32 array `(steps, 28, 28, 1)` of images in [-1, 1], drawn in inference mode.

    Raises:
        ValueError: if `steps` is below 2, or `z0` or `z1` is not one latent vector.

    Taught in: 08_latent_space
    """
    if steps < 2:
        raise ValueError(f"steps is {steps}: both ends are drawn, so it must be at least 2.")
    z0, z1 = _one_vector("z0", z0), _one_vector("z1", z1)
    return _draw(generator, [slerp(z0, z1, t) for t in np.linspace(0, 1, steps)])


def walk(generator, keypoints, steps, closed=True):
    """Draw images on a tour through several latent vectors, along slerp.

    No image is drawn twice: each leg leaves out its end, which is the start of the next one.
    So a closed tour repeats without a halt when its images are the frames of a GIF.

    Args:
        generator: a model from `(n, noise_dim)` to images `(n, 28, 28, 1)`.
        keypoints: array or tensor `(k, noise_dim)`, at least 2 latent vectors to pass through.
        steps: images from one keypoint to the next, at least 1.
        closed: whether the tour goes back to the first keypoint; if not, it ends at the last.

    Returns:
        A float32 array `(n, 28, 28, 1)` of images in [-1, 1], drawn in inference mode:
        n is `k * steps` for a closed tour and `(k - 1) * steps + 1` for an open one.

    Raises:
        ValueError: if there are fewer than 2 keypoints or `steps` is below 1.
    """
    keypoints = np.asarray(keypoints)
    if keypoints.ndim != 2 or len(keypoints) < 2:
        raise ValueError(
            f"keypoints has shape {keypoints.shape}: expected (k, noise_dim) with k at least 2."
        )
    if steps < 1:
        raise ValueError(f"steps is {steps}: it must be at least 1 image per leg.")
    if closed:
        keypoints = np.concatenate([keypoints, keypoints[:1]])
    path = [
        slerp(start, end, t)
        for start, end in zip(keypoints[:-1], keypoints[1:], strict=True)
        for t in np.arange(steps) / steps
    ]
    if not closed:
        path.append(keypoints[-1])
    return _draw(generator, path)


def digit_direction(z, labels, digit):
    """Find the direction in latent space that leads towards one digit.

    Args:
        z: array or tensor `(n, noise_dim)` of latent vectors.
        labels: whole numbers `(n,)`: the digit that a judge sees in the image of each vector.
        digit: the digit to go to.

    Returns:
        An array `(noise_dim,)`, float32 for float32 vectors: the mean latent vector of the
        digit minus the mean of all others.

    Raises:
        ValueError: if no sample, or every sample, has the digit, or if `z` and `labels` do not
            fit together.

    Taught in: 08_latent_space
    """
    z, _, dtype = _pair(z, z)
    labels = np.asarray(labels)
    if z.ndim != 2 or labels.shape != z.shape[:1]:
        raise ValueError(
            f"z has shape {z.shape} and labels {labels.shape}: expected (n, noise_dim) and (n,)."
        )
    chosen = labels == digit
    if not chosen.any():
        raise ValueError(f"no sample has the digit {digit}: draw more latent vectors.")
    if chosen.all():
        raise ValueError(f"every sample has the digit {digit}: there is no other to compare with.")
    return (z[chosen].mean(axis=0) - z[~chosen].mean(axis=0)).astype(dtype)


def _line(start, end, t):
    return (1 - t) * start + t * end


def _pair(z0, z1):
    """Return both as float64 arrays, and the float type that the caller gets back."""
    z0, z1 = np.asarray(z0), np.asarray(z1)
    if z0.shape[-1:] != z1.shape[-1:]:
        raise ValueError(
            f"z0 has shape {z0.shape} and z1 {z1.shape}: the latent vectors differ in length."
        )
    dtype = np.result_type(z0, z1, np.float32)
    return z0.astype(np.float64), z1.astype(np.float64), dtype


def _one_vector(name, z):
    z = np.asarray(z)
    if z.ndim == 2 and len(z) == 1:
        z = z[0]
    if z.ndim != 1:
        raise ValueError(
            f"{name} has shape {z.shape}: expected one latent vector, (noise_dim,) "
            "or (1, noise_dim)."
        )
    return z


def _draw(generator, path):
    return np.asarray(generate_images(generator, np.stack(path).astype(np.float32)))
