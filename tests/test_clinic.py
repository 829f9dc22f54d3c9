"""The faults, the repairs and the recorded runs of the clinic."""

import dataclasses
import importlib.util
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from dcgan_lib import clinic, losses, models

pytestmark = pytest.mark.colab


def test_repaired_loss_has_its_closed_form_and_is_finite_at_the_ends():
    real, fake = tf.constant([0.9, 0.5, 0.8]), tf.constant([0.1, 0.6])
    expected = -np.log([0.9, 0.5, 0.8]).mean() - np.log1p([-0.1, -0.6]).mean()
    assert float(clinic.repair_loss(real, fake)) == pytest.approx(expected, rel=1e-5)
    with tf.GradientTape() as tape:
        ends = tf.constant([0.0, 1.0])
        tape.watch(ends)
        loss = clinic.repair_loss(ends, ends)
    assert np.isfinite(loss) and np.isfinite(tape.gradient(loss, ends)).all()


def test_repaired_labels_reward_a_generator_that_deceives():
    sure, caught = tf.constant([5.0]), tf.constant([-5.0])
    assert clinic.repair_labels(sure) < clinic.repair_labels(caught)


def test_repaired_data_fill_the_range_of_tanh():
    images = np.array([0, 255], np.uint8).repeat(784).reshape(2, 28, 28)
    scaled = clinic.repair_data(images)
    assert scaled.shape == (2, 28, 28, 1) and scaled[0].max() == -1 and scaled[1].min() == 1


def test_repaired_sampling_draws_anew_in_inference_mode():
    generator = models.make_generator_model(8)
    before = generator.get_weights()
    first, second = (np.asarray(clinic.repair_sampling(generator, 5, 8)) for _ in range(2))
    assert first.shape == (5, 28, 28, 1)
    assert len(np.unique(np.concatenate([first, second]).reshape(10, -1), axis=0)) == 10
    for old, new in zip(before, generator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_repaired_step_moves_each_network_by_its_own_optimizer():
    generator, discriminator = models.make_generator_model(8), models.make_discriminator_model()
    optimizers = (losses.make_optimizers(0.0)[0], losses.make_optimizers(1e-3)[1])
    step = clinic.repair_step(generator, discriminator, *optimizers, noise_dim=8)
    old = [model.trainable_variables[0].numpy() for model in (generator, discriminator)]
    step(tf.zeros((4, 28, 28, 1)))
    new = [model.trainable_variables[0].numpy() for model in (generator, discriminator)]
    np.testing.assert_array_equal(old[0], new[0])
    assert not np.array_equal(old[1], new[1])


def tiny_generator(noise_dim=100):
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            keras.layers.Dense(784),
            keras.layers.BatchNormalization(),
            keras.layers.Activation("tanh"),
            keras.layers.Reshape((28, 28, 1)),
        ]
    )


def tiny_discriminator(**last):
    layers = [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(1, **last)]
    return keras.Sequential(layers)


def test_each_case_has_one_fault():
    healthy = clinic.CASES["healthy"]
    faults = {
        name: {
            field.name
            for field in dataclasses.fields(case)
            if getattr(case, field.name) != getattr(healthy, field.name)
        }
        - {"steps"}
        for name, case in clinic.CASES.items()
    }
    assert faults == {
        "healthy": set(),
        # A discriminator of probabilities needs another loss; the broken one is in `make_step`.
        "loss": {"make_discriminator", "probability", "make_step"},
        "step": {"make_step"},
        "data": {"normalize"},
        "labels": {"make_step"},
        "sampling": {"sample"},
        # It starts where the trained networks are; the fault is the rate.
        "collapse": {"make_generator", "make_discriminator", "learning_rates"},
    }


def test_broken_loss_takes_probabilities_for_logits():
    real, fake = tf.constant([0.9, 0.5]), tf.constant([0.1, 0.6, 0.0])
    expected = np.logaddexp(0, -real.numpy()).mean() + np.logaddexp(0, fake.numpy()).mean()
    assert float(clinic.broken_loss(real, fake)) == pytest.approx(expected, rel=1e-5)
    # It cannot see that everything is right, and settles where everything is called a fake.
    assert float(clinic.broken_loss(tf.ones(3), tf.zeros(3))) == pytest.approx(1.0064, rel=1e-3)
    assert float(clinic.broken_loss(tf.zeros(3), tf.zeros(3))) == pytest.approx(1.3863, rel=1e-3)


def test_broken_loss_stays_broken_in_a_graph():
    # Keras's own loss would find the logits behind the sigmoid there, and repair the fault.
    network = tiny_discriminator(activation="sigmoid")
    images = tf.random.stateless_normal((4, 28, 28, 1), (1, 2)) * 3
    compiled = tf.function(lambda x: clinic.broken_loss(network(x), network(x)))
    probabilities = network(images)
    expected = clinic.broken_loss(probabilities, probabilities)
    assert float(compiled(images)) == pytest.approx(float(expected), rel=1e-5)


def test_broken_step_moves_both_networks_by_one_optimizer():
    generator, discriminator = tiny_generator(8), tiny_discriminator()
    optimizers = [keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1)]
    step = clinic.broken_step(generator, discriminator, *optimizers, noise_dim=8)
    weights = [network.trainable_variables[0] for network in (generator, discriminator)]
    old = [weight.numpy() for weight in weights]
    step(tf.ones((4, 28, 28, 1)))
    for before, weight in zip(old, weights, strict=True):
        assert not np.array_equal(before, weight)
    assert [int(optimizer.iterations) for optimizer in optimizers] == [1, 0]


def test_broken_data_stay_in_the_upper_half_of_tanh():
    scaled = clinic.broken_data(np.array([[[0, 255]]], np.uint8))
    assert scaled.shape == (1, 1, 2, 1) and scaled.ravel().tolist() == [0, 1]


def test_broken_labels_reward_a_generator_that_is_caught():
    sure, caught = tf.constant([5.0]), tf.constant([-5.0])
    assert clinic.broken_labels(sure) > clinic.broken_labels(caught)


def test_broken_sampling_repeats_one_image_and_moves_the_statistics():
    generator = tiny_generator(8)
    before = generator.get_weights()
    images = np.asarray(clinic.broken_sampling(generator, 5, 8))
    assert images.shape == (5, 28, 28, 1)
    assert len(np.unique(images.reshape(5, -1), axis=0)) == 1
    assert any(
        not np.array_equal(old, new)
        for old, new in zip(before, generator.get_weights(), strict=True)
    )


@pytest.fixture
def tiny_cases(monkeypatch):
    """The same cases with networks that take no time."""
    cases = {}
    for name, case in clinic.CASES.items():
        sigmoid = {"activation": "sigmoid"} if name == "loss" else {}
        cases[name] = dataclasses.replace(
            case,
            make_generator=tiny_generator,
            make_discriminator=lambda sigmoid=sigmoid: tiny_discriminator(**sigmoid),
        )
    monkeypatch.setattr(clinic, "CASES", cases)
    # Determinism would last for the rest of the process.
    monkeypatch.setattr(tf.config.experimental, "enable_op_determinism", lambda: None)


def test_a_record_can_be_made_again(tiny_cases):
    first, second = (clinic.record_case("healthy", 3) for _ in range(2))
    for one, two in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, two)


def test_training_in_a_notebook_sets_no_seed(tiny_cases):
    first, second = (clinic.train_case(clinic.CASES["healthy"], 2, final=2) for _ in range(2))
    assert not np.array_equal(first.final, second.final)


def test_the_recording_command_writes_what_the_package_holds(tiny_cases, tmp_path):
    path = Path(__file__).parent.parent / "scripts" / "record_clinic.py"
    spec = importlib.util.spec_from_file_location("record_clinic", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.main(["--steps", "3", "--out", str(tmp_path)])
    made, shipped = (np.load(file) for file in (tmp_path / "clinic.npz", clinic.RECORDS))
    assert made.files == shipped.files
    for key in made.files:
        assert made[key].dtype == shipped[key].dtype
        assert made[key].ndim == shipped[key].ndim
    card, pattern = (tmp_path / "clinic.md").read_text(), clinic.RECORDS.with_suffix(".md")
    assert "record_clinic.py --steps 3`" in card
    assert card.splitlines()[0] == pattern.read_text().splitlines()[0]
    for name in clinic.CASES:
        assert f"| {name} |" in card and f"| {name} |" in pattern.read_text()


@pytest.fixture(scope="module")
def records():
    return clinic.load_records()


def test_the_records_have_the_length_of_their_cases(records):
    for name, case in clinic.CASES.items():
        record = records[name]
        assert record.gen_loss.shape == record.disc_loss.shape == (case.steps,)
        assert record.looks[-1] == record.marks[-1] == case.steps
        assert record.real.shape == record.fake.shape == record.looks.shape
        assert record.samples.shape == (len(record.marks), clinic.PICTURES, 28, 28)
        assert record.final.shape == (clinic.FINAL_SAMPLES, 28, 28)
        assert all(np.isfinite(array).all() for array in record)


def test_the_records_show_what_the_notebook_says(records):
    def last(name):
        return [records[name][k][-50:].mean() for k in (0, 1)] + [
            float(records[name][k][-1]) for k in (3, 4)
        ]

    gen_loss, disc_loss, real, fake = last("healthy")
    assert 0.6 < gen_loss < 2 and 0.8 < disc_loss < 1.4 and fake < real < 1
    gen_loss, disc_loss, real, fake = last("loss")
    assert gen_loss > 3 and disc_loss == pytest.approx(1.386, abs=0.02) and real < 0.05
    gen_loss, disc_loss, real, fake = last("step")
    assert gen_loss == pytest.approx(0.693, abs=0.05) == disc_loss and real > 0.95
    assert max(last("labels")[:2]) < 0.05 and last("labels")[3] < 0.05
    np.testing.assert_array_equal(
        records["sampling"].gen_loss, records["healthy"].gen_loss[: clinic.CASES["sampling"].steps]
    )
    assert len(np.unique(records["sampling"].final, axis=0)) == 1
    # Paper is 0 instead of -1: the middle grey.
    assert abs(np.median(records["data"].final) - 127.5) < 10
    assert np.median(records["healthy"].final) < 10


def test_the_collapsed_run_covers_few_digits(records):
    collapsed, healthy = (
        clinic.measure_samples(records[name].final) for name in ("collapse", "healthy")
    )
    assert collapsed.covered <= 3 < 8 <= healthy.covered
    assert collapsed.kl > 1.5 > 0.5 > healthy.kl
    # Numbers that the notebook's text gives.
    assert collapsed.kl == pytest.approx(np.log(10)) and healthy.covered == 9
    assert [collapsed.confident, healthy.confident] == pytest.approx([0.94, 0.32], abs=0.01)
    assert [collapsed.nearest, healthy.nearest] == pytest.approx([2.13, 1.45], abs=0.01)
    first, last = slice(10), slice(-10, None)
    means = [records["collapse"][k][part].mean() for k in (0, 1) for part in (first, last)]
    assert means == pytest.approx([1.26, 0.08, 1.39, 3.90], abs=0.01)


def test_figures_of_planted_samples():
    digits = clinic.load_digits()
    same = np.repeat(digits.x_train[:1], 20, axis=0)
    figures = clinic.measure_samples(same)
    assert figures.covered == 1 and figures.kl == pytest.approx(np.log(10))
    assert figures.distance == pytest.approx(0, abs=1e-4) and figures.copied == 1
    figures = clinic.measure_samples(digits.x_test)
    assert figures.covered == 10 and figures.distance == pytest.approx(1)


def test_damaged_records_are_refused(tmp_path):
    with pytest.raises(ValueError, match="no records"):
        clinic.load_records(tmp_path / "missing.npz")
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    with pytest.raises(ValueError, match="record_clinic"):
        clinic.load_records(tmp_path / "other.npz")


def test_a_case_is_drawn_and_described(records):
    from matplotlib import pyplot

    for record in records.values():
        figure = clinic.draw_case(record, records["labels"], "ill")
        # The other GAN at the first mark that is not before the end of this one.
        steps = len(record.gen_loss)
        near = min((m for m in records["labels"].marks if m >= steps), default=150)
        assert [axes.get_title() for axes in figure.axes[2:]] == [
            f"this GAN, step {steps}",
            f"ill, step {near}",
        ]
        pyplot.close(figure)
    figure = clinic.draw_case(records["healthy"])
    titles = [axes.get_title() for axes in figure.axes[2:]]
    assert titles == ["this GAN, step 200", "this GAN, step 800"]
    pyplot.close(figure)
    record = records["labels"]
    assert f"fakes {record.fake[-1]:.2f}" in clinic.describe_case(record)
