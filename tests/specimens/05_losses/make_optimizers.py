# %% wrong: the same optimizer twice
# fails: make_optimizers_two
# says: both optimizers are the same object
# score: 2
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    optimizer = keras.optimizers.Adam(learning_rate, beta_1)
    return optimizer, optimizer


# %% wrong: a list multiplied
# fails: make_optimizers_two
# says: both optimizers are the same object
# score: 2
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return tuple([keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1)] * 2)


# %% wrong: made once, outside
# fails: make_optimizers_defaults, make_optimizers_settings, make_optimizers_new
# says: the same optimizer comes twice
# score: 1
generator_optimizer = keras.optimizers.Adam(1e-4)
discriminator_optimizer = keras.optimizers.Adam(1e-4)


def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return generator_optimizer, discriminator_optimizer


# %% wrong: kept between calls
# fails: make_optimizers_new
# says: or kept between calls
# score: 2
import functools


@functools.lru_cache
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return (
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1),
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1),
    )


# %% wrong: the arguments are not used
# fails: make_optimizers_settings
# says: the parameter learning_rate is not used
# score: 2
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4)


# %% wrong: beta_1 is not used
# fails: make_optimizers_settings
# says: the parameter beta_1 is not used
# score: 2
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return keras.optimizers.Adam(learning_rate), keras.optimizers.Adam(learning_rate)


# %% wrong: beta_1 of the second is forgotten
# fails: make_optimizers_settings
# says: the discriminator's optimizer
# score: 2
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    generator_optimizer = keras.optimizers.Adam(learning_rate, beta_1=beta_1)
    discriminator_optimizer = keras.optimizers.Adam(learning_rate)
    return generator_optimizer, discriminator_optimizer


# %% wrong: learning rate is not passed on, so Keras's default holds
# fails: make_optimizers_defaults, make_optimizers_settings
# says: 0.001 is Keras's own default
# score: 2
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return keras.optimizers.Adam(beta_1=beta_1), keras.optimizers.Adam(beta_1=beta_1)


# %% wrong: beta_2 instead of beta_1
# fails: make_optimizers_adam, make_optimizers_defaults, make_optimizers_settings
# says: leave beta_2=
# score: 1
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return tuple(keras.optimizers.Adam(learning_rate, beta_2=beta_1) for _ in range(2))


# %% wrong: the arguments are exchanged
# fails: make_optimizers_defaults, make_optimizers_settings
# says: learning_rate and beta_1 are exchanged
# score: 2
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return keras.optimizers.Adam(beta_1, learning_rate), keras.optimizers.Adam(beta_1, learning_rate)


# %% wrong: the parameters are exchanged
# fails: make_optimizers_settings
# says: learning_rate and beta_1 are exchanged
# score: 2
def make_optimizers(beta_1=0.9, learning_rate=1e-4):
    return (
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1),
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1),
    )


# %% wrong: the defaults of the DCGAN paper
# fails: make_optimizers_defaults, make_optimizers_settings
# says: keep the defaults of the text
# score: 2
def make_optimizers(learning_rate=2e-4, beta_1=0.5):
    return (
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1),
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1),
    )


# %% wrong: no defaults
# fails: make_optimizers_defaults, make_optimizers_settings, make_optimizers_two, make_optimizers_new
# says: the parameters are not those that the text names
# score: 1
def make_optimizers(learning_rate, beta_1):
    return (
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1),
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1),
    )


# %% wrong: 0 is taken for "not given"
# fails: make_optimizers_settings
# says: the parameter beta_1 is not used
# score: 2
def make_optimizers(learning_rate=None, beta_1=None):
    return tuple(
        keras.optimizers.Adam(learning_rate=learning_rate or 1e-4, beta_1=beta_1 or 0.9)
        for _ in range(2)
    )


# %% wrong: a smaller learning rate for the discriminator
# fails: make_optimizers_defaults, make_optimizers_settings
# says: learning_rate of the discriminator's optimizer
# score: 2
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return (
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1),
        keras.optimizers.Adam(learning_rate=learning_rate / 2, beta_1=beta_1),
    )


# %% wrong: a learning rate that decays
# fails: make_optimizers_adam, make_optimizers_defaults, make_optimizers_settings
# says: a schedule: pass the number itself
# score: 1
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    def schedule():
        return keras.optimizers.schedules.ExponentialDecay(learning_rate, 1000, 0.96)

    return (
        keras.optimizers.Adam(learning_rate=schedule(), beta_1=beta_1),
        keras.optimizers.Adam(learning_rate=schedule(), beta_1=beta_1),
    )


# %% wrong: gradient descent
# fails: make_optimizers_adam, make_optimizers_defaults, make_optimizers_settings
# says: SGD is another algorithm than Adam
# score: 1
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return (
        keras.optimizers.SGD(learning_rate, momentum=beta_1),
        keras.optimizers.SGD(learning_rate, momentum=beta_1),
    )


# %% wrong: RMSprop
# fails: make_optimizers_adam, make_optimizers_defaults, make_optimizers_settings
# says: RMSprop is another algorithm than Adam
# score: 1
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return keras.optimizers.RMSprop(learning_rate), keras.optimizers.RMSprop(learning_rate)


# %% wrong: Adamax
# fails: make_optimizers_adam, make_optimizers_defaults, make_optimizers_settings
# says: Adamax is another algorithm than Adam
# score: 1
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return (
        keras.optimizers.Adamax(learning_rate, beta_1=beta_1),
        keras.optimizers.Adamax(learning_rate, beta_1=beta_1),
    )


# %% wrong: Nadam for the generator
# fails: make_optimizers_adam, make_optimizers_defaults, make_optimizers_settings
# says: Nadam is another algorithm than Adam
# score: 1
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return (
        keras.optimizers.Nadam(learning_rate, beta_1=beta_1),
        keras.optimizers.Adam(learning_rate, beta_1=beta_1),
    )


# %% wrong: AdamW, with its weight decay
# fails: make_optimizers_adam
# says: AdamW is another algorithm than Adam
# score: 2
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return (
        keras.optimizers.AdamW(learning_rate=learning_rate, beta_1=beta_1),
        keras.optimizers.AdamW(learning_rate=learning_rate, beta_1=beta_1),
    )


# %% wrong: weight decay
# fails: make_optimizers_adam
# says: leave weight_decay=1e-05 as Keras has it
# score: 2
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return (
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1, weight_decay=1e-5),
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1, weight_decay=1e-5),
    )


# %% wrong: gradients clipped
# fails: make_optimizers_adam
# says: leave clipnorm=1 as Keras has it
# score: 2
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return (
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1, clipnorm=1.0),
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1, clipnorm=1.0),
    )


# %% wrong: AMSGrad
# fails: make_optimizers_adam
# says: leave amsgrad=True as Keras has it
# score: 2
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return (
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1, amsgrad=True),
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1, amsgrad=True),
    )


# %% wrong: weights replaced by their average
# fails: make_optimizers_adam
# says: leave use_ema=True as Keras has it
# score: 2
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return (
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1, use_ema=True),
        keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1, use_ema=True),
    )


# %% wrong: one optimizer only
# fails: make_optimizers_adam, make_optimizers_defaults, make_optimizers_settings, make_optimizers_two, make_optimizers_new
# says: return both, in one tuple
# score: 0
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1)


# %% wrong: a dictionary
# fails: make_optimizers_adam, make_optimizers_defaults, make_optimizers_settings, make_optimizers_two, make_optimizers_new
# says: it does not return optimizers
# score: 0
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return {
        "generator": keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1),
        "discriminator": keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1),
    }


# %% wrong: the class, not an object
# fails: make_optimizers_adam, make_optimizers_defaults, make_optimizers_settings, make_optimizers_two, make_optimizers_new
# says: make an object
# score: 0
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return keras.optimizers.Adam, keras.optimizers.Adam


# %% wrong: nothing is returned
# fails: make_optimizers_adam, make_optimizers_defaults, make_optimizers_settings, make_optimizers_two, make_optimizers_new
# says: there is no `return`
# score: 0
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    generator_optimizer = keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1)
    discriminator_optimizer = keras.optimizers.Adam(learning_rate=learning_rate, beta_1=beta_1)


# %% right: tf.keras, by position, other names
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    gen = tf.keras.optimizers.Adam(learning_rate, beta_1)
    disc = tf.keras.optimizers.Adam(learning_rate, beta_1)
    return gen, disc


# %% right: a comprehension, as a list, another epsilon
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return [keras.optimizers.Adam(learning_rate, beta_1=beta_1, epsilon=1e-8) for _ in "GD"]


# %% right: from the settings of the first
def make_optimizers(learning_rate=1e-4, beta_1=0.9, beta_2=0.999):
    first = tf.optimizers.Adam(learning_rate, beta_1, beta_2, name="generator_adam")
    second = keras.optimizers.Adam.from_config(first.get_config())
    return first, second


# %% right: settings made later
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    optimizers = keras.optimizers.Adam(), keras.optimizers.Adam()
    for optimizer in optimizers:
        optimizer.learning_rate = learning_rate
        optimizer.beta_1 = beta_1
    return optimizers


# %% right: a schedule that never changes, in a named tuple
from typing import NamedTuple


class Optimizers(NamedTuple):
    generator: object
    discriminator: object


def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    constant = keras.optimizers.schedules.PiecewiseConstantDecay([1], [learning_rate] * 2)
    return Optimizers(*(keras.optimizers.get({"class_name": "Adam", "config": {
        "learning_rate": constant, "beta_1": beta_1}}) for _ in range(2)))


# %% right: an own Adam
class OwnAdam(keras.optimizers.Optimizer):
    def __init__(self, learning_rate, beta_1):
        super().__init__(learning_rate=learning_rate)
        self.b = beta_1

    def build(self, variables):
        super().build(variables)
        self.m = [self.add_variable_from_reference(v, name="m") for v in variables]
        self.v = [self.add_variable_from_reference(v, name="v") for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        i, t = self._get_variable_index(variable), tf.cast(self.iterations + 1, tf.float32)
        self.m[i].assign(self.b * self.m[i] + (1 - self.b) * gradient)
        self.v[i].assign(0.999 * self.v[i] + 0.001 * gradient**2)
        m, v = self.m[i] / (1 - self.b**t), self.v[i] / (1 - 0.999**t)
        variable.assign_sub(learning_rate * m / (tf.sqrt(v) + 1e-7))


def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    return OwnAdam(learning_rate, beta_1), OwnAdam(learning_rate, beta_1)


# %% right: a pickled copy, which shares nothing
import copy


def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    optimizer = keras.optimizers.Adam(learning_rate, beta_1)
    return optimizer, copy.deepcopy(optimizer)
