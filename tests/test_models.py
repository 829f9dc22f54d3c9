"""The two networks, and their weights on disk."""

import keras
import numpy as np
import pytest

from dcgan_lib import models

pytestmark = pytest.mark.colab


def output_shapes(model):
    return [tuple(layer.output.shape[1:]) for layer in model.layers]


def test_generator_has_the_chapters_blocks():
    model = models.make_generator_model()
    assert model.count_params() == 2_330_944
    shapes = output_shapes(model)
    for shape in ((7, 7, 256), (7, 7, 128), (14, 14, 64), (28, 28, 1)):
        assert shape in shapes
    biases = [layer.use_bias for layer in model.layers if hasattr(layer, "use_bias")]
    assert biases == [False] * 4


def test_discriminator_has_the_chapters_blocks():
    model = models.make_discriminator_model()
    assert model.count_params() == 212_865
    shapes = output_shapes(model)
    for shape in ((14, 14, 64), (7, 7, 128), (6272,), (1,)):
        assert shape in shapes
    rates = [layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    assert rates == [0.3, 0.3]


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_keeps_outputs_and_weights_float32(dtype):
    generator = models.make_generator_model(8, dtype=dtype)
    discriminator = models.make_discriminator_model(dtype=dtype)
    images = models.generate_images(generator, np.zeros((2, 8), np.float32))
    assert images.dtype == "float32" and discriminator(images).dtype == "float32"
    assert generator.layers[3].compute_dtype == dtype.removeprefix("mixed_")
    assert {w.dtype for w in generator.weights + discriminator.weights} == {"float32"}


def test_generate_images_ignores_batch_mates_and_moves_no_statistic():
    generator = models.make_generator_model(8)
    noise = np.random.default_rng(0).standard_normal((6, 8), np.float32)
    before = generator.get_weights()
    together = np.asarray(models.generate_images(generator, noise))
    alone = np.asarray(models.generate_images(generator, noise[:1]))
    np.testing.assert_allclose(together[:1], alone, atol=1e-5)
    for old, new in zip(before, generator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_output_size_of_a_transposed_convolution_is_kerass():
    for size, stride in ((7, 1), (7, 2), (14, 2), (5, 3)):
        layer = keras.layers.Conv2DTranspose(1, 5, strides=stride, padding="same")
        expected = layer.compute_output_shape((1, size, size, 1))[1]
        assert models.conv_transpose_output_size(size, stride) == expected


def test_probability_and_decision():
    logits = np.array([[-1000.0], [0.0], [1000.0], [np.log(3)]], np.float32)
    np.testing.assert_allclose(
        np.asarray(models.probability_real(logits))[:, 0], [0, 0.5, 1, 0.75], rtol=1e-6
    )
    decided = np.asarray(models.is_real(logits))
    assert decided.dtype == bool and decided[:, 0].tolist() == [False, False, True, True]


def test_weights_survive_the_disk(tmp_path):
    model = models.make_discriminator_model()
    path = tmp_path / "weights.npz"
    models.save_weights(model, path)
    again = models.load_weights(models.make_discriminator_model(), path)
    for old, new in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(old.astype(np.float16), new.astype(np.float16))


def test_weights_of_another_network_are_refused(tmp_path):
    path = tmp_path / "weights.npz"
    models.save_weights(models.make_discriminator_model(), path)
    with pytest.raises(ValueError, match="another network"):
        models.load_weights(models.make_generator_model(), path)
    models.save_weights(models.make_generator_model(50), path)
    with pytest.raises(ValueError, match=r"array 0 has shape \(50, 12544\)"):
        models.load_weights(models.make_generator_model(), path)


def test_shipped_networks_are_small_and_work():
    sizes = [(models.ASSETS / n).stat().st_size for n in ("generator.npz", "discriminator.npz")]
    assert sum(sizes) < 6e6
    noise = np.random.default_rng(0).standard_normal((64, 100), np.float32)
    images = models.generate_images(models.load_trained_generator(), noise)
    logits = models.load_trained_discriminator()(images)
    assert images.shape == (64, 28, 28, 1) and np.isfinite(logits).all()
