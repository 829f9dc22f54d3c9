import warnings

import numpy as np
import pytest

from dcgan_lib import theory


@pytest.fixture(autouse=True)
def warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_latent_vectors_are_float32_of_the_asked_shape():
    z = theory.sample_latent(3, 7)
    assert z.shape == (3, 7)
    assert z.dtype == np.float32


def test_latent_vectors_are_standard_normal():
    z = theory.sample_latent(4000, 50).astype(np.float64)
    # 200,000 draws: each bound is more than 8 standard errors wide, so chance cannot fail it.
    assert abs(z.mean()) < 0.02
    assert abs(z.std() - 1) < 0.02
    assert abs((z**3).mean()) < 0.08
    assert abs((z**4).mean() - 3) < 0.2
    neighbours = (z[:, :-1] * z[:, 1:]).mean()
    assert abs(neighbours) < 0.02


def test_latent_vectors_are_new_at_every_call_whatever_the_global_seed():
    np.random.seed(1)
    first = theory.sample_latent(2, 10)
    np.random.seed(1)
    assert not np.array_equal(first, theory.sample_latent(2, 10))
    assert not np.array_equal(first[0], first[1])


def test_value_of_a_discriminator_that_knows_nothing():
    assert theory.value_function([0.5] * 3, [[0.5, 0.5]]) == pytest.approx(-np.log(4), rel=1e-12)


def test_value_of_unequal_batches():
    # log(0.8) and the mean of log(0.9) and log(0.4), by hand.
    assert theory.value_function([0.8], [0.1, 0.6]) == pytest.approx(-0.73396916, rel=1e-7)
    assert theory.value_function(np.float32([[0.9], [0.2]]), [0.5]) == pytest.approx(
        (np.log(0.9) + np.log(0.2)) / 2 + np.log(0.5), rel=1e-6
    )


def test_value_is_exact_for_tiny_probabilities():
    assert theory.value_function([1.0], [1e-20]) == pytest.approx(-1e-20, rel=1e-12, abs=0)


def test_value_at_the_limits():
    assert theory.value_function([1], [0]) == 0
    assert theory.value_function([0.0, 0.5], [0.5]) == -np.inf
    assert theory.value_function([0.5], [1.0]) == -np.inf


@pytest.mark.parametrize(
    ("d_real", "d_fake", "named"),
    [
        ([0.5, 1.2], [0.5], "d_real.*sigmoid"),
        ([0.5], [3.0], "d_fake.*sigmoid"),
        ([-0.1], [0.5], "d_real"),
        ([0.5], [np.nan], "d_fake"),
        ([], [0.5], "d_real is empty"),
    ],
)
def test_value_refuses_what_is_no_probability(d_real, d_fake, named):
    with pytest.raises(ValueError, match=named):
        theory.value_function(d_real, d_fake)


def test_best_discriminator_by_hand():
    best = theory.optimal_discriminator([3, 0, 2, 0], [1, 5, 2, 0])
    assert best.dtype == np.float64
    np.testing.assert_array_equal(best, [0.75, 0, 0.5, 0.5])


def test_best_discriminator_of_tiny_and_of_unlike_densities():
    best = theory.optimal_discriminator([3e-12, 1e-12, 1e-300, 1e-12], [1e-12, 1, 1e-300, 0])
    np.testing.assert_allclose(best, [0.75, 1e-12, 0.5, 1], rtol=1e-11)


def test_best_discriminator_takes_lists_scalars_and_other_types():
    assert theory.optimal_discriminator(1, 3) == 0.25
    assert theory.optimal_discriminator(np.uint8([200]), np.uint8([200]))[0] == 0.5
    assert theory.optimal_discriminator(np.float32([[1]]), [[3]]).shape == (1, 1)


def test_best_discriminator_leaves_its_input_alone():
    p = np.array([0.0, 2.0])
    theory.optimal_discriminator(p, p)
    np.testing.assert_array_equal(p, [0, 2])


def test_best_discriminator_of_two_bells_is_a_sigmoid():
    # Normal densities with means 1 and -1: the log of their ratio is 2x.
    x = np.linspace(-4, 4, 9)
    bells = [np.exp(-((x - mean) ** 2) / 2) / np.sqrt(2 * np.pi) for mean in (1, -1)]
    np.testing.assert_allclose(
        theory.optimal_discriminator(*bells), 1 / (1 + np.exp(-2 * x)), rtol=1e-12
    )


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_best_discriminator_refuses_what_is_no_density(bad):
    with pytest.raises(ValueError, match="p_data"):
        theory.optimal_discriminator([bad], [1])
    with pytest.raises(ValueError, match="p_model"):
        theory.optimal_discriminator([1], [bad])


def test_divergence_of_equal_and_of_disjoint_distributions():
    p = np.full(3, 1 / 3)
    assert theory.jensen_shannon_divergence(p, p) == 0
    assert theory.jensen_shannon_divergence([1, 0, 0], [0, 0.5, 0.5]) == pytest.approx(
        np.log(2), rel=1e-12
    )


def test_divergence_by_hand():
    # m = (3/4, 1/4): KL(p, m) = log(4/3), KL(q, m) = log(2/3)/2 + log(2)/2, JSD is half the sum.
    expected = (np.log(4 / 3) + (np.log(2 / 3) + np.log(2)) / 2) / 2
    assert theory.jensen_shannon_divergence([1, 0], [0.5, 0.5]) == pytest.approx(
        expected, rel=1e-12
    )


def test_divergence_is_symmetric_and_has_no_nan_for_zeros_or_tiny_entries():
    p, q = [0.0, 0.2, 0.8, 0.0], [5e-324, 0.7, 0.0, 0.3]
    forth = theory.jensen_shannon_divergence(p, q)
    assert forth == pytest.approx(theory.jensen_shannon_divergence(q, p), rel=1e-15)
    assert 0 < forth < np.log(2)


def test_divergence_is_never_outside_its_range():
    p = np.full(1000, np.float32(1e-3))
    q = p.copy()
    q[0] += np.float32(1e-9)
    assert 0 <= theory.jensen_shannon_divergence(p, q) < 1e-9
    assert theory.jensen_shannon_divergence([1.0005, 0], [0, 1.0005]) <= np.log(2)


def test_value_of_the_best_discriminator_gives_the_divergence():
    # V(D*, G) = 2 JSD - log 4, with expectations in place of means: 4 and 4 equally likely draws.
    p, q = np.array([0.75, 0.25]), np.array([0.25, 0.75])
    best = theory.optimal_discriminator(p, q)
    value = theory.value_function(best[[0, 0, 0, 1]], best[[0, 1, 1, 1]])
    divergence = theory.jensen_shannon_divergence(p, q)
    assert value == pytest.approx(2 * divergence - np.log(4), rel=1e-12)


@pytest.mark.parametrize(
    ("p", "q", "named"),
    [
        ([2, 3], [0.5, 0.5], "p must sum to 1"),
        ([0.5, 0.5], [0.5, 0.4], "q must sum to 1"),
        ([0.5, 0.5], [1.0], "one shape"),
        ([1.5, -0.5], [0.5, 0.5], "p must hold"),
        ([0.5, 0.5], [np.nan, 1], "q must hold"),
    ],
)
def test_divergence_refuses_what_is_no_distribution(p, q, named):
    with pytest.raises(ValueError, match=named):
        theory.jensen_shannon_divergence(p, q)
