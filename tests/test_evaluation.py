"""The figures of quality against closed forms and planted faults."""

import importlib.util
from pathlib import Path

import keras
import numpy as np
import pytest

from dcgan_lib import data, evaluation
from dcgan_lib.evaluation import (
    class_histogram,
    confident_share,
    format_quality_table,
    frechet_digit_distance,
    frechet_distance,
    judge_digits,
    kl_from_uniform,
    memorising,
    missing_digits,
    nearest_digits,
    quality_table,
)

SCRIPT = Path(__file__).parent.parent / "scripts" / "train_judge.py"


@pytest.fixture(scope="module")
def digits():
    return data.load_digits("embedded")


@pytest.fixture(scope="module")
def held_out(digits):
    return data.normalize_images(digits.x_test)


# ---- Labels ------------------------------------------------------------------------------


def test_class_histogram():
    shares = class_histogram([0, 0, 2, 9])
    assert shares.tolist() == [0.5, 0, 0.25, 0, 0, 0, 0, 0, 0, 0.25]
    assert class_histogram(np.array([1, 1], np.uint8), n_classes=3).tolist() == [0, 1, 0]


def test_missing_digits():
    planted = np.repeat(np.arange(10), 100)
    planted = planted[planted != 2]
    assert missing_digits(planted) == [2]
    assert missing_digits(np.arange(10)) == []
    assert missing_digits([3, 3]) == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    assert all(type(digit) is int for digit in missing_digits([3, 3]))


def test_missing_digits_threshold_itself_is_not_missing():
    labels = [0] * 96 + [1] * 3 + [2]
    assert missing_digits(labels, n_classes=3) == []  # 2 has a share of exactly 0.01
    assert missing_digits(labels, threshold=0.03, n_classes=3) == [2]
    assert missing_digits(labels, threshold=0.031, n_classes=3) == [1, 2]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([], "empty"),
        ([0, 10], "between 0 and 9"),
        ([-1, 3], "between 0 and 9"),
        ([0.2, 0.8], "whole numbers"),
        (np.eye(10, dtype=int), "shape"),
    ],
)
def test_bad_labels(labels, message):
    for function in (class_histogram, missing_digits):
        with pytest.raises(ValueError, match=message):
            function(labels)


def test_kl_from_uniform():
    assert kl_from_uniform(np.full(10, 0.1)) == pytest.approx(0, abs=1e-12)
    assert kl_from_uniform(np.eye(10)[7]) == pytest.approx(np.log(10))
    assert kl_from_uniform([0.5, 0.5, 0, 0]) == pytest.approx(np.log(2))
    expected = 0.75 * np.log(1.5) + 0.25 * np.log(0.5)
    assert kl_from_uniform([0.75, 0.25]) == pytest.approx(expected)
    assert isinstance(kl_from_uniform([0.75, 0.25]), float)


@pytest.mark.parametrize("histogram", [[3, 7], [1.5, -0.5], [], [[0.5, 0.5]], [np.nan, 1]])
def test_bad_histogram(histogram):
    with pytest.raises(ValueError, match="histogram"):
        kl_from_uniform(histogram)


# ---- Fréchet distance --------------------------------------------------------------------


def rotation(angle):
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def distance_2x2(mean1, cov1, mean2, cov2):
    """For 2x2: Tr (C1 C2)^½ = sqrt(Tr C1 C2 + 2 sqrt(det C1 det C2)), from the eigenvalues
    a and b of C1 C2: (√a + √b)² = a + b + 2 √(ab)."""
    product = np.trace(cov1 @ cov2) + 2 * np.sqrt(np.linalg.det(cov1) * np.linalg.det(cov2))
    return np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2) - 2 * np.sqrt(product)


def test_frechet_of_numbers():
    assert frechet_distance(1, 4, 3, 9) == pytest.approx((3 - 1) ** 2 + (3 - 2) ** 2)


def test_frechet_of_diagonal_covariances():
    mean1, sd1 = np.array([1.0, 2, 3]), np.array([1.0, 2, 0])  # one direction has no spread
    mean2, sd2 = np.array([0.0, 2, 5]), np.array([3.0, 2, 1])
    got = frechet_distance(mean1, np.diag(sd1**2), mean2, np.diag(sd2**2))
    assert got == pytest.approx(np.sum((mean1 - mean2) ** 2) + np.sum((sd1 - sd2) ** 2))


@pytest.mark.parametrize("angle", [0.0, 0.4, 1.5])  # only at 0 do the two commute
def test_frechet_of_2x2(angle):
    mean1, cov1 = np.array([0.0, 1]), np.diag([4.0, 0.25])
    mean2, cov2 = np.array([1.0, 1]), rotation(angle) @ np.diag([9.0, 1]) @ rotation(angle).T
    expected = distance_2x2(mean1, cov1, mean2, cov2)
    assert frechet_distance(mean1, cov1, mean2, cov2) == pytest.approx(expected)
    assert frechet_distance(mean2, cov2, mean1, cov1) == pytest.approx(expected)


def test_frechet_of_lines():
    # Two Gaussians on lines through 0, turned by an angle: Tr (C1 C2)^½ = s1 s2 |cos|.
    cov1 = np.diag([4.0, 0])
    cov2 = rotation(0.7) @ np.diag([9.0, 0]) @ rotation(0.7).T
    got = frechet_distance([0, 0], cov1, [0, 0], cov2)
    assert got == pytest.approx(4 + 9 - 2 * 2 * 3 * np.cos(0.7))


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("rank", [1, 20, 64])
def test_frechet_is_0_for_equal_gaussians(rank, scale):
    draws = np.random.default_rng(3).normal(size=(64, rank))
    cov = scale * draws @ draws.T
    mean = np.arange(64.0)
    for dtype in (np.float64, np.float32):
        got = frechet_distance(mean, cov.astype(dtype), mean, cov.astype(dtype))
        assert isinstance(got, float)
        assert 0 <= got <= 1e-5 * np.trace(cov)


def test_frechet_is_symmetric_for_singular_covariances():
    rng = np.random.default_rng(4)
    cov1, cov2 = (np.cov(rng.normal(size=(64, n))) for n in (10, 30))
    mean = np.zeros(64)
    there, back = frechet_distance(mean, cov1, mean, cov2), frechet_distance(mean, cov2, mean, cov1)
    assert there > 1
    assert abs(there - back) <= 1e-5 * np.trace(cov1 + cov2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0, 0], np.eye(3), [0, 0], np.eye(2)), "cov1"),
        (([0, 0], np.eye(2), [0, 0, 0], np.eye(3)), "must agree"),
        (([0, 0], np.eye(2), [0, np.nan], np.eye(2)), "mean2 and cov2 must be finite"),
        (([0, 0], [[1, 2], [2, 1]], [0, 0], np.eye(2)), "cov1 is no covariance"),
        (([0, 0], np.eye(2), [0, 0], [[1, 0.5], [0, 1]]), "cov2 is no covariance"),
    ],
)
def test_frechet_of_what_is_no_gaussian(arguments, message):
    with pytest.raises(ValueError, match=message):
        frechet_distance(*arguments)


def test_frechet_digit_distance():
    # Corners of a square, then of one twice as wide and moved by 5: the covariances are
    # 4/3 and 16/3 times the unit matrix.
    square = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    expected = 25 + 2 * (np.sqrt(16 / 3) - np.sqrt(4 / 3)) ** 2
    assert frechet_digit_distance(square, 2 * square + [3, 4]) == pytest.approx(expected)
    with pytest.raises(ValueError, match="reference_features"):
        frechet_digit_distance(square, square[:1])


# ---- The judge ---------------------------------------------------------------------------


def test_judge_knows_the_held_out_digits(digits, held_out):
    judged = judge_digits(held_out)
    assert np.mean(judged.labels == digits.y_test) >= 0.99
    assert confident_share(judged.confidence) >= 0.95
    assert judged.features.shape == (500, 64)
    assert missing_digits(judged.labels, evaluation.COVERED_SHARE) == []


def test_judge_is_not_sure_of_what_is_no_digit():
    noise = np.random.default_rng(5).uniform(-1, 1, (200, 28, 28, 1))
    even = np.stack([np.full((28, 28, 1), grey) for grey in (-1.0, 0.0, 1.0)])
    assert confident_share(judge_digits(noise).confidence) == 0
    assert confident_share(judge_digits(even).confidence) == 0


def test_judge_sees_each_image_alone(held_out, monkeypatch):
    together = judge_digits(held_out[:7])
    monkeypatch.setattr(evaluation, "JUDGE_BATCH", 3)
    apart = judge_digits(held_out[:7])
    np.testing.assert_array_equal(together.labels, apart.labels)
    np.testing.assert_allclose(together.confidence, apart.confidence, rtol=1e-4)
    np.testing.assert_allclose(together.features, apart.features, rtol=1e-3, atol=1e-4)


def test_judge_confidence_is_the_largest_probability(held_out):
    logits = evaluation.load_judge()(held_out[:50], training=False)
    expected = np.max(keras.ops.softmax(logits), axis=1)
    np.testing.assert_allclose(judge_digits(held_out[:50]).confidence, expected, rtol=1e-4)


def test_judge_is_float32_under_any_policy():
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        judge = evaluation.make_judge()
    finally:
        keras.config.set_dtype_policy(before)
    assert {layer.compute_dtype for layer in judge.layers[1:]} == {"float32"}


def test_judge_is_small():
    assert evaluation.JUDGE_WEIGHTS.stat().st_size < 500_000
    card = evaluation.JUDGE_WEIGHTS.with_suffix(".md").read_text(encoding="utf-8")
    assert f"{evaluation.make_judge().count_params():,}" in card
    assert f"{evaluation.JUDGE_WEIGHTS.stat().st_size:,} bytes" in card


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((2, 28, 28, 1), np.uint8), "normalize_images"),
        (np.full((2, 28, 28, 1), 255.0), "reach from 255"),
        (np.full((2, 28, 28, 1), -1.1), "reach from -1.1"),
        (np.full((2, 28, 28, 1), np.nan), "nan"),
        (np.zeros((2, 28, 28)), "shape"),
        (np.zeros((0, 28, 28, 1)), "n at least 1"),
    ],
)
def test_bad_images(images, message):
    with pytest.raises(ValueError, match=message):
        judge_digits(images)
    with pytest.raises(ValueError, match=message):
        nearest_digits(images, np.zeros((1, 28, 28, 1)))


def test_confident_share():
    assert confident_share([0.9, 0.89, 1.0, 0.1]) == 0.5
    for bad in ([], [1.2], [-0.1], [np.nan]):
        with pytest.raises(ValueError, match="confidence"):
            confident_share(bad)


# ---- Memorising --------------------------------------------------------------------------


def test_nearest_digits_finds_copies(held_out):
    order = np.random.default_rng(6).permutation(len(held_out))[:70]
    nearest = nearest_digits(held_out[order], held_out, chunk=32)
    np.testing.assert_array_equal(nearest.indices, order)
    assert not nearest.distances.any()


def test_nearest_digits_distance():
    digits = np.stack([np.full((28, 28, 1), grey) for grey in (-1.0, 0.25, 1.0)])
    nearest = nearest_digits(np.stack([digits[1] + 0.25, digits[0] + 0.5]), digits)
    assert nearest.indices.tolist() == [1, 0]
    np.testing.assert_allclose(nearest.distances, [28 * 0.25, 28 * 0.5], rtol=1e-6)


def test_memorising():
    new = np.arange(1.0, 101)  # median 50.5, lowest hundredth just below 2
    ones = np.ones(100, int)
    assert memorising(new, ones, new, ones) == (1, 0.01)
    assert memorising(np.zeros(5), ones[:5], new, ones) == (0, 1)
    assert memorising(2 * new, ones, new, ones) == (2, 0)
    half = np.concatenate([np.zeros(60), np.full(60, 50.5)])
    assert memorising(half, np.ones(120, int), new, ones).copied == 0.5


def test_memorising_when_some_held_out_digits_are_in_the_training_set():
    held_out = np.concatenate([np.zeros(3), np.ones(97)])
    labels = np.zeros(100, int)
    assert memorising(np.zeros(5), labels[:5], held_out, labels) == (0, 1)


def test_memorising_compares_each_digit_with_its_kind():
    ones, eights = np.ones(100, int), np.full(100, 8)
    near, far = np.linspace(3, 5, 100), np.linspace(9, 11, 100)
    held_out = np.concatenate([near, far]), np.concatenate([ones, eights])
    collapsed = memorising(near, ones, *held_out)
    assert collapsed.ratio == pytest.approx(1)
    assert collapsed.copied <= 0.02
    assert memorising(near, eights, *held_out) == (pytest.approx(0.4), 1)
    unknown = memorising(np.full(3, 7.0), np.full(3, 5), *held_out)  # no 5 is held out
    assert unknown.ratio == pytest.approx(1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], [], [1], [0]), "at least one"),
        (([1], [0], [], []), "at least one"),
        (([1, 2], [0], [1], [0]), "one label"),
        (([1], [0], [1, 2], [0]), "one label"),
        (([1], [0], [0, 0, 1], [0, 0, 0]), "in the training set"),
    ],
)
def test_memorising_of_what_cannot_be_compared(arguments, message):
    with pytest.raises(ValueError, match=message):
        memorising(*arguments)


# ---- The table ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def planted(digits):
    """Few digits, and a generator that learned half of them by heart: no 7, and 2 % of 2."""
    small = digits._replace(x_train=digits.x_train[:600], y_train=digits.y_train[:600])
    new = digits.x_test[~np.isin(digits.y_test, (2, 7))][:72]
    twos = digits.x_test[digits.y_test == 2][:3]
    copied = small.x_train[~np.isin(small.y_train, (2, 7))][:75]
    samples = data.normalize_images(np.concatenate([new, twos, copied]))
    return samples, small, quality_table(samples, small, name="planted")


def test_table_of_planted_faults(planted):
    row, real, copies, noise, one = planted[2]
    assert row.name == "planted"
    assert row.missing == (2, 7)
    assert row.digits_covered == 8
    assert row.kl == pytest.approx(np.log(10 / 8), abs=0.1)
    assert row.confident > 0.9
    assert row.copied == pytest.approx(0.5, abs=0.03)
    assert row.nearest < 0.8
    assert real.frechet < row.frechet < one.frechet


def test_table_reference_rows(planted):
    _, real, copies, noise, one = planted[2]
    assert (real.digits_covered, real.missing) == (10, ())
    assert real.nearest == pytest.approx(1, abs=0.1)
    assert real.copied < 0.05
    assert (copies.nearest, copies.copied) == (0, 1)
    assert copies.digits_covered == 10
    assert noise.confident == 0
    assert noise.nearest > 1.5
    assert noise.frechet > 10 * real.frechet
    assert one.name == "only the digit 9"
    assert one.missing == tuple(range(9))
    assert one.kl == pytest.approx(np.log(10), abs=0.1)
    assert one.frechet > 10 * real.frechet


def test_table_has_equal_numbers_and_repeats(planted, monkeypatch):
    samples, digits, rows = planted
    assert {row.images for row in rows} == {150}
    assert {row.reference_images for row in rows} == {600}
    seen = []
    monkeypatch.setattr(
        evaluation, "judge_digits", lambda images: seen.append(len(images)) or judge_digits(images)
    )
    assert quality_table(samples, digits, name="planted") == rows
    assert sorted(seen) == [150] * 5 + [600]


def test_table_of_digits_in_order(planted, digits):
    samples, small, _ = planted
    order = np.argsort(digits.y_test)
    in_order = small._replace(x_test=digits.x_test[order], y_test=digits.y_test[order])
    assert quality_table(samples, in_order)[1].digits_covered == 10


def test_table_takes_no_more_images_than_are_held_out(planted):
    samples, digits, _ = planted
    few = digits._replace(x_test=digits.x_test[:100], y_test=digits.y_test[:100])
    assert {row.images for row in quality_table(samples, few)} == {100}


def test_table_needs_images(planted):
    samples, digits, _ = planted
    with pytest.raises(ValueError, match="99 samples"):
        quality_table(samples[:99], digits)
    with pytest.raises(ValueError, match="42 held-out"):
        quality_table(samples, digits._replace(x_test=digits.x_test[:42]))


def test_table_as_text(planted):
    rows = planted[2]
    text = format_quality_table(rows)
    table = text.split("\n\n")[0].splitlines()
    assert len(table) == len(rows) + 2
    assert len({len(line) for line in table}) == 1
    assert len({line.count("|") for line in table}) == 1
    cells = [cell.strip() for cell in table[2].split("|")]
    assert cells[1:4] == ["planted", "8", "2 7"]
    assert f"{rows[0].copied:.1%}" in cells
    assert "150 images, compared with 600 training" in text
    assert "FID" not in text


# ---- The script that trains the judge ----------------------------------------------------


@pytest.fixture(scope="module")
def train_judge():
    spec = importlib.util.spec_from_file_location("train_judge", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_training_the_judge_writes_weights_and_card(train_judge, digits, tmp_path):
    source = tmp_path / "few.npz"
    np.savez(
        source,
        x_train=digits.x_train[:256],
        y_train=digits.y_train[:256],
        x_test=digits.x_test[:40],
        y_test=digits.y_test[:40],
    )
    train_judge.main([str(source), "--epochs", "1", "--seed", "7", "--out", str(tmp_path)])
    judge = evaluation.load_judge(tmp_path / "judge.npz")
    labels = np.argmax(judge(data.normalize_images(digits.x_test[:40]), training=False), axis=1)
    card = (tmp_path / "judge.md").read_text(encoding="utf-8")
    assert f"{np.mean(labels == digits.y_test[:40]):.2%}" in card
    assert "--epochs 1 --seed 7" in card
    assert str(tmp_path) not in card


def test_shifted_digits_keep_their_ink(train_judge):
    images = np.full((200, 28, 28, 1), -1.0)
    images[:, 13, 14] = 1
    moved = train_judge.shift(images, np.random.default_rng(0))
    places = np.argwhere(moved[..., 0] == 1)
    assert places[:, 0].tolist() == list(range(200))
    steps = {tuple(step) for step in places[:, 1:] - [13, 14]}
    assert steps == {(down, right) for down in range(-2, 3) for right in range(-2, 3)}


def test_shuffled_tiles_keep_their_ink(train_judge):
    images = np.arange(2 * 784.0).reshape(2, 28, 28, 1)
    mixed = train_judge.shuffle_tiles(images, 7, np.random.default_rng(0))
    assert not np.array_equal(mixed, images)
    for image, original in zip(mixed, images, strict=True):
        assert sorted(image.ravel()) == original.ravel().tolist()
        corner = int(image[0, 0, 0] - original[0, 0, 0])
        down, right = divmod(corner, 28)
        assert (down % 7, right % 7) == (0, 0)
        np.testing.assert_array_equal(image[:7, :7], original[down : down + 7, right : right + 7])
