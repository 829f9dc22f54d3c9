# %% wrong: no batch normalization
# fails: make_generator_model_parameters, make_generator_model_training_mode, make_generator_model_operations
# says: BatchNormalization is missing after the Dense layer
# score: 5
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: layer normalization
# fails: make_generator_model_parameters, make_generator_model_training_mode, make_generator_model_hidden_activations, make_generator_model_output_activation, make_generator_model_operations
# says: LayerNormalization is no substitute
# score: 3
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.LayerNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.LayerNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.LayerNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: batch normalization forgotten in block 3
# fails: make_generator_model_parameters, make_generator_model_training_mode, make_generator_model_operations
# says: BatchNormalization is missing after the second Conv2DTranspose
# score: 5
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: batch normalization of the output
# fails: make_generator_model_parameters, make_generator_model_operations
# says: no BatchNormalization after the last layer
# score: 7
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: batch normalization after LeakyReLU
# fails: make_generator_model_operations
# says: BatchNormalization comes before LeakyReLU
# score: 9
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.LeakyReLU(negative_slope=0.2),
            layers.BatchNormalization(),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.LeakyReLU(negative_slope=0.2),
            layers.BatchNormalization(),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.LeakyReLU(negative_slope=0.2),
            layers.BatchNormalization(),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: batch normalization after the reshape
# fails: make_generator_model_parameters, make_generator_model_training_mode, make_generator_model_operations
# says: BatchNormalization comes before the reshape
# score: 5
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.Reshape((7, 7, 256)),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: frozen batch normalization
# fails: make_generator_model_training_mode, make_generator_model_operations
# says: frozen
# score: 7
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(trainable=False),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(trainable=False),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(trainable=False),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: biases everywhere
# fails: make_generator_model_parameters
# says: use_bias=False belongs in the Dense layer
# score: 8
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same"),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same"),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same"),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: a bias in the last layer
# fails: make_generator_model_parameters
# says: use_bias=False belongs in the last Conv2DTranspose
# score: 8
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same"),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: ReLU
# fails: make_generator_model_hidden_activations
# says: this is ReLU
# score: 8
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: ELU in block 2
# fails: make_generator_model_hidden_activations, make_generator_model_operations
# says: the negative side is curved
# score: 7
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ELU(),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: the slope of another framework
# fails: make_generator_model_hidden_activations
# says: the slope is 0.01
# score: 8
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.01),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.01),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.01),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: no activation in block 1
# fails: make_generator_model_hidden_activations
# says: there is no activation in this place
# score: 8
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: sigmoid at the end
# fails: make_generator_model_output_activation
# says: this is a sigmoid
# score: 8
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("sigmoid"),
        ]
    )


# %% wrong: no activation at the end
# fails: make_generator_model_output_activation
# says: this is no activation
# score: 8
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
        ]
    )


# %% wrong: images moved to [0, 1]
# fails: make_generator_model_output_activation
# says: tanh moved to [0, 1]
# score: 8
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
            layers.Rescaling(0.5, 0.5),
        ]
    )


# %% wrong: strides 2, 1, 2
# fails: make_generator_model_shapes, make_generator_model_operations
# says: the strides are 1, 2 and 2
# score: 7
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: kernels of 3 x 3
# fails: make_generator_model_parameters, make_generator_model_operations
# says: kernels of 5 x 5
# score: 7
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 3, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 3, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 3, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: upsampling and convolution
# fails: make_generator_model_parameters, make_generator_model_operations
# says: is of Conv2D
# score: 7
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2D(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.UpSampling2D(),
            layers.Conv2D(64, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.UpSampling2D(),
            layers.Conv2D(1, 5, strides=1, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: channels first in the reshape
# fails: make_generator_model_operations
# says: with the channels last
# score: 9
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((256, 7, 7)),
            layers.Permute((2, 3, 1)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: Dropout
# fails: make_generator_model_operations
# says: something random, such as Dropout
# score: 9
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Dropout(0.3),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: 7 x 7 x 128
# fails: make_generator_model_shapes, make_generator_model_parameters, make_generator_model_training_mode, make_generator_model_operations
# says: Dense has 7 * 7 * 256 units
# score: 3
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 128, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 128)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: noise_dim ignored
# fails: make_generator_model_noise_dim
# says: keras.Input needs the parameter noise_dim
# score: 9
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((100,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: another default
# fails: make_generator_model_parameters, make_generator_model_operations, make_generator_model_output_shape, make_generator_model_training_mode, make_generator_model_inference_mode, make_generator_model_hidden_activations, make_generator_model_output_activation, make_generator_model_shapes, make_generator_model_new
# says: whose default is 100
# score: 0
def make_generator_model(noise_dim=128):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


# %% wrong: one model for all
# fails: make_generator_model_new
# says: the same model twice
# score: 9
layers = keras.layers
_models = {}


def _make(noise_dim=100):
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )


def make_generator_model(noise_dim=100):
    if noise_dim not in _models:
        _models[noise_dim] = _make(noise_dim)
    return _models[noise_dim]


# %% wrong: a class whose batch normalization stays in training mode
# fails: make_generator_model_inference_mode, make_generator_model_hidden_activations, make_generator_model_output_activation, make_generator_model_operations
# says: a layer is called with training=True
# score: 5
class Generator(keras.Model):
    def __init__(self):
        super().__init__()
        layers = keras.layers
        self.dense = layers.Dense(7 * 7 * 256, use_bias=False)
        self.convs = [
            layers.Conv2DTranspose(128, 5, padding="same", use_bias=False),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
        ]
        self.norms = [layers.BatchNormalization() for _ in range(3)]

    def call(self, z, training=None):
        x = tf.nn.leaky_relu(self.norms[0](self.dense(z), training=True))
        x = tf.reshape(x, (-1, 7, 7, 256))
        for i in range(2):
            x = tf.nn.leaky_relu(self.norms[i + 1](self.convs[i](x), training=True))
        return tf.tanh(self.convs[2](x))


def make_generator_model(noise_dim=100):
    return Generator()


# %% wrong: a class whose batch normalization stays in inference mode
# fails: make_generator_model_training_mode, make_generator_model_operations
# says: called with training=False
# score: 7
class Generator(keras.Model):
    def __init__(self):
        super().__init__()
        layers = keras.layers
        self.dense = layers.Dense(7 * 7 * 256, use_bias=False)
        self.convs = [
            layers.Conv2DTranspose(128, 5, padding="same", use_bias=False),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
        ]
        self.norms = [layers.BatchNormalization() for _ in range(3)]

    def call(self, z, training=None):
        x = tf.nn.leaky_relu(self.norms[0](self.dense(z), training=False))
        x = tf.reshape(x, (-1, 7, 7, 256))
        for i in range(2):
            x = tf.nn.leaky_relu(self.norms[i + 1](self.convs[i](x), training=False))
        return tf.tanh(self.convs[2](x))


def make_generator_model(noise_dim=100):
    return Generator()


# %% wrong: returns the summary
# fails: make_generator_model_output_shape, make_generator_model_shapes, make_generator_model_parameters, make_generator_model_training_mode, make_generator_model_inference_mode, make_generator_model_hidden_activations, make_generator_model_output_activation, make_generator_model_operations, make_generator_model_noise_dim, make_generator_model_new
# says: what it returns is not a model
# score: 0
def make_generator_model(noise_dim=100):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
            layers.Activation("tanh"),
        ]
    )
    return model.summary()


# %% right: layer by layer, as in the TensorFlow tutorial
def make_generator_model(noise_dim=100):
    model = tf.keras.Sequential()
    model.add(tf.keras.layers.Dense(7 * 7 * 256, use_bias=False, input_shape=(noise_dim,)))
    model.add(tf.keras.layers.BatchNormalization())
    model.add(tf.keras.layers.LeakyReLU())
    model.add(tf.keras.layers.Reshape((7, 7, 256)))
    assert model.output_shape == (None, 7, 7, 256)
    for filters, strides in ((128, (1, 1)), (64, (2, 2))):
        model.add(
            tf.keras.layers.Conv2DTranspose(
                filters, (5, 5), strides=strides, padding="same", use_bias=False
            )
        )
        model.add(tf.keras.layers.BatchNormalization())
        model.add(tf.keras.layers.LeakyReLU())
    model.add(
        tf.keras.layers.Conv2DTranspose(
            1, (5, 5), strides=(2, 2), padding="same", use_bias=False, activation="tanh"
        )
    )
    return model


# %% right: functional, one activation layer used three times, keras.ops
def make_generator_model(noise_dim=100):
    leaky = keras.layers.LeakyReLU(negative_slope=0.1)
    z = keras.Input((noise_dim,))
    x = keras.layers.Dense(12544, use_bias=False)(z)
    x = leaky(keras.layers.BatchNormalization()(x))
    x = keras.ops.reshape(x, (-1, 7, 7, 256))
    for filters, strides in ((128, 1), (64, 2)):
        x = keras.layers.Conv2DTranspose(filters, 5, strides, "same", use_bias=False)(x)
        x = leaky(keras.layers.BatchNormalization()(x))
    x = keras.layers.Conv2DTranspose(1, 5, 2, "same", use_bias=False)(x)
    return keras.Model(z, keras.ops.tanh(x))


# %% right: a class, built by its first call
class Generator(keras.Model):
    def __init__(self):
        super().__init__()
        layers = keras.layers
        self.dense = layers.Dense(7 * 7 * 256, use_bias=False)
        self.convs = [
            layers.Conv2DTranspose(128, 5, padding="same", use_bias=False),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
        ]
        self.norms = [layers.BatchNormalization() for _ in range(3)]

    def call(self, z, training=None):
        x = tf.nn.leaky_relu(self.norms[0](self.dense(z), training=training))
        x = tf.reshape(x, (-1, 7, 7, 256))
        for i in range(2):
            x = tf.nn.leaky_relu(self.norms[i + 1](self.convs[i](x), training=training))
        return tf.tanh(self.convs[2](x))


def make_generator_model(noise_dim=100):
    return Generator()


# %% right: a class whose call defaults to training mode, layers made in another order
class Generator(keras.Model):
    def __init__(self):
        super().__init__()
        layers = keras.layers
        self.convs = [
            layers.Conv2DTranspose(128, 5, padding="same", use_bias=False),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
        ]
        self.norms = [layers.BatchNormalization() for _ in range(3)]
        self.dense = layers.Dense(7 * 7 * 256, use_bias=False)

    def call(self, z, training=True):
        x = tf.nn.leaky_relu(self.norms[0](self.dense(z), training=training))
        x = tf.reshape(x, (-1, 7, 7, 256))
        for i in range(2):
            x = tf.nn.leaky_relu(self.norms[i + 1](self.convs[i](x), training=training))
        return tf.tanh(self.convs[2](x))


def make_generator_model(noise_dim=100):
    return Generator()


# %% right: a class that leaves the mode to Keras, slopes that differ
class Generator(keras.Model):
    def __init__(self):
        super().__init__()
        layers = keras.layers
        self.dense = layers.Dense(7 * 7 * 256, use_bias=False)
        self.convs = [
            layers.Conv2DTranspose(128, 5, padding="same", use_bias=False),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False),
        ]
        self.norms = [layers.BatchNormalization() for _ in range(3)]

    def call(self, inputs):
        x = tf.nn.leaky_relu(self.norms[0](self.dense(inputs)), alpha=0.3)
        x = tf.reshape(x, (-1, 7, 7, 256))
        for i in range(2):
            x = tf.nn.leaky_relu(self.norms[i + 1](self.convs[i](x)))
        return tf.tanh(self.convs[2](x))


def make_generator_model(noise_dim=100):
    return Generator()


# %% right: initial values of the DCGAN paper, other momentum and epsilon
def make_generator_model(noise_dim=100):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((noise_dim,)),
            layers.Dense(7 * 7 * 256, use_bias=False, kernel_initializer=keras.initializers.RandomNormal(0, 0.02)),
            layers.BatchNormalization(momentum=0.8, epsilon=1e-5, gamma_initializer=keras.initializers.RandomNormal(1, 0.02)),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False, kernel_initializer=keras.initializers.RandomNormal(0, 0.02)),
            layers.BatchNormalization(momentum=0.8, epsilon=1e-5, gamma_initializer=keras.initializers.RandomNormal(1, 0.02)),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False, kernel_initializer=keras.initializers.RandomNormal(0, 0.02)),
            layers.BatchNormalization(momentum=0.8, epsilon=1e-5, gamma_initializer=keras.initializers.RandomNormal(1, 0.02)),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False, kernel_initializer=keras.initializers.RandomNormal(0, 0.02)),
            layers.Activation("tanh"),
        ]
    )


# %% right: blocks as models of their own, activations as functions
def make_generator_model(noise_dim=100, name="drawer"):
    def block(*layers):
        return keras.Sequential(
            [*layers, keras.layers.BatchNormalization(), keras.layers.Activation("leaky_relu")]
        )

    return keras.Sequential(
        [
            keras.Input(shape=(noise_dim,)),
            block(keras.layers.Dense(units=7 * 7 * 256, use_bias=False)),
            keras.layers.Reshape(target_shape=(7, 7, -1)),
            block(keras.layers.Conv2DTranspose(128, 5, padding="same", use_bias=False)),
            block(keras.layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False)),
            keras.layers.Conv2DTranspose(
                1,
                5,
                strides=2,
                padding="same",
                use_bias=False,
                activation=keras.activations.tanh,
            ),
        ],
        name=name,
    )


# %% right: batch normalization and transposed convolution by hand
class Norm(keras.layers.Layer):
    def build(self, shape):
        for name, initializer in (("scale", "ones"), ("shift", "zeros")):
            setattr(self, name, self.add_weight(shape=shape[-1:], initializer=initializer))
        self.mean = self.add_weight(shape=shape[-1:], initializer="zeros", trainable=False)
        self.spread = self.add_weight(shape=shape[-1:], initializer="ones", trainable=False)

    def call(self, x, training=False):
        mean, spread = self.mean, self.spread
        if training:
            mean, spread = tf.nn.moments(x, list(range(len(x.shape) - 1)))
            self.mean.assign(0.9 * self.mean + 0.1 * mean)
            self.spread.assign(0.9 * self.spread + 0.1 * spread)
        return (x - mean) / tf.sqrt(spread + 1e-5) * self.scale + self.shift


class Generator(keras.Model):
    def __init__(self, noise_dim):
        super().__init__()
        shapes = [(noise_dim, 12544), (5, 5, 128, 256), (5, 5, 64, 128), (5, 5, 1, 64)]
        self.kernels = [self.add_weight(shape=shape, initializer="he_normal") for shape in shapes]
        self.norms = [Norm() for _ in range(3)]

    def call(self, z, training=False):
        dense, *kernels = [tf.convert_to_tensor(kernel) for kernel in self.kernels]
        x = tf.nn.leaky_relu(self.norms[0](z @ dense, training=training), 0.2)
        x = tf.reshape(x, (-1, 7, 7, 256))
        for i, (size, stride) in enumerate(((7, 1), (14, 2), (28, 2))):
            shape = (tf.shape(z)[0], size, size, kernels[i].shape[2])
            x = tf.nn.conv2d_transpose(x, kernels[i], shape, stride)
            if i < 2:
                x = self.norms[i + 1](x, training=training)
                x = tf.maximum(x, 0.25 * x)
        return 2 * tf.sigmoid(2 * x) - 1


def make_generator_model(noise_dim=100):
    return Generator(noise_dim)
