# %% wrong: a sigmoid at the end
# fails: make_discriminator_model_logit, make_discriminator_model_activation, make_discriminator_model_convolutions, make_discriminator_model_dropout, make_discriminator_model_training, make_discriminator_model_elementwise
# says: a sigmoid is applied to the logit
# score: 3
def make_discriminator_model():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Conv2D(128, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


# %% wrong: a ReLU at the end
# fails: make_discriminator_model_logit, make_discriminator_model_convolutions
# says: a ReLU is applied to the logit
# score: 5
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1, activation="relu"))
    return keras.Sequential(stack)


# %% wrong: the logit is clipped far out
# fails: make_discriminator_model_logit, make_discriminator_model_dropout
# says: something changes the logit behind the last Dense layer
# score: 6
def make_discriminator_model():
    image = keras.Input((28, 28, 1))
    x = image
    for filters in (64, 128):
        x = layers.Conv2D(filters, 5, strides=2, padding="same")(x)
        x = layers.Dropout(0.3)(layers.LeakyReLU()(x))
    x = layers.Dense(1)(layers.Flatten()(x))
    return keras.Model(image, keras.ops.clip(x, -30, 30))


# %% wrong: two outputs, one per class
# fails: make_discriminator_model_output, make_discriminator_model_logit, make_discriminator_model_shapes, make_discriminator_model_parameters, make_discriminator_model_activation, make_discriminator_model_convolutions, make_discriminator_model_dropout, make_discriminator_model_elementwise, make_discriminator_model_inference, make_discriminator_model_training
# says: the last layer has 2 outputs
# score: 0
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(2))
    return keras.Sequential(stack)


# %% wrong: the axis of the logit is dropped
# fails: make_discriminator_model_output, make_discriminator_model_logit, make_discriminator_model_activation, make_discriminator_model_convolutions, make_discriminator_model_dropout, make_discriminator_model_elementwise, make_discriminator_model_inference, make_discriminator_model_training
# says: one logit per image
# score: 3
def make_discriminator_model():
    image = keras.Input((28, 28, 1))
    x = image
    for filters in (64, 128):
        x = layers.Conv2D(filters, 5, strides=2, padding="same")(x)
        x = layers.Dropout(0.3)(layers.LeakyReLU()(x))
    x = layers.Dense(1)(layers.Flatten()(x))
    return keras.Model(image, keras.ops.squeeze(x, axis=1))


# %% wrong: no activation behind the first convolution
# fails: make_discriminator_model_activation
# says: convolution 1 has no activation
# score: 7
def make_discriminator_model():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, 5, strides=2, padding="same"),
            layers.Dropout(0.3),
            layers.Conv2D(128, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


# %% wrong: ReLU behind the second convolution
# fails: make_discriminator_model_activation
# says: this is ReLU
# score: 7
def make_discriminator_model():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Conv2D(128, 5, strides=2, padding="same", activation="relu"),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


# %% wrong: PyTorch's slope
# fails: make_discriminator_model_activation
# says: the slope below 0 is 0.01
# score: 7
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU(negative_slope=0.01))
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: SiLU, whose value at -1 looks like a slope
# fails: make_discriminator_model_activation, make_discriminator_model_convolutions, make_discriminator_model_training, make_discriminator_model_dropout
# says: this is SiLU
# score: 5
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same", activation="silu"))
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: a slope that is learnt
# fails: make_discriminator_model_parameters
# says: a layer more than the text names has weights
# score: 7
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(
            layers.PReLU(
                alpha_initializer=keras.initializers.Constant(0.2), shared_axes=[1, 2, 3]
            )
        )
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: 3 x 3 kernels
# fails: make_discriminator_model_parameters, make_discriminator_model_activation, make_discriminator_model_convolutions, make_discriminator_model_dropout, make_discriminator_model_elementwise, make_discriminator_model_training
# says: the first convolution has a 3 x 3 kernel
# score: 2
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 3, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: the convolutions lose the border
# fails: make_discriminator_model_shapes, make_discriminator_model_parameters, make_discriminator_model_activation, make_discriminator_model_convolutions, make_discriminator_model_dropout, make_discriminator_model_elementwise, make_discriminator_model_training
# says: padding="same"
# score: 2
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: strides 4 and 1, which has as many parameters
# fails: make_discriminator_model_shapes, make_discriminator_model_convolutions
# says: the strides are 4 and 1
# score: 4
def make_discriminator_model():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, 5, strides=4, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Conv2D(128, 5, strides=1, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


# %% wrong: max pooling instead of a stride
# fails: make_discriminator_model_convolutions
# says: max pooling halves the image
# score: 7
def make_discriminator_model():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, 5, padding="same"),
            layers.LeakyReLU(),
            layers.MaxPooling2D(2),
            layers.Dropout(0.3),
            layers.Conv2D(128, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


# %% wrong: PyTorch's padding
# fails: make_discriminator_model_convolutions
# says: as in PyTorch, 2 on each side
# score: 7
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.ZeroPadding2D(2))
        stack.append(layers.Conv2D(filters, 5, strides=2))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: global average pooling instead of Flatten
# fails: make_discriminator_model_shapes, make_discriminator_model_parameters, make_discriminator_model_activation, make_discriminator_model_convolutions, make_discriminator_model_dropout, make_discriminator_model_elementwise, make_discriminator_model_training
# says: global pooling averages the image away
# score: 2
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.GlobalAveragePooling2D())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: channels before rows when flattened
# fails: make_discriminator_model_convolutions, make_discriminator_model_dropout, make_discriminator_model_elementwise
# says: flattened in another order
# score: 5
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Permute((3, 1, 2)))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: the generator's habits, no bias
# fails: make_discriminator_model_parameters, make_discriminator_model_dropout, make_discriminator_model_elementwise
# says: leave use_bias=False away
# score: 5
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same", use_bias=False))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: BatchNormalization as in the generator
# fails: make_discriminator_model_parameters, make_discriminator_model_dropout, make_discriminator_model_elementwise, make_discriminator_model_training
# says: BatchNormalization, for example, has no place here
# score: 5
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.BatchNormalization())
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: a normalization without weights
# fails: make_discriminator_model_activation, make_discriminator_model_convolutions, make_discriminator_model_dropout, make_discriminator_model_elementwise, make_discriminator_model_training
# says: use layers.LeakyReLU behind each convolution
# score: 5
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LayerNormalization(center=False, scale=False))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: a Dense layer more
# fails: make_discriminator_model_parameters, make_discriminator_model_activation, make_discriminator_model_convolutions, make_discriminator_model_dropout, make_discriminator_model_elementwise, make_discriminator_model_training
# says: a Dense layer only at the end
# score: 2
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(16))
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: the images are scaled once more
# fails: make_discriminator_model_activation, make_discriminator_model_convolutions
# says: scaled once more inside the model
# score: 7
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1)), layers.Rescaling(1 / 127.5, offset=-1)]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: no Dropout
# fails: make_discriminator_model_dropout, make_discriminator_model_elementwise, make_discriminator_model_training
# says: Dropout is missing behind LeakyReLU 2
# score: 8
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: Dropout only behind the second block
# fails: make_discriminator_model_dropout, make_discriminator_model_elementwise, make_discriminator_model_training
# says: Dropout is missing behind LeakyReLU 1
# score: 8
def make_discriminator_model():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Conv2D(128, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


# %% wrong: half is dropped
# fails: make_discriminator_model_dropout, make_discriminator_model_training
# says: this is a rate of 0.50
# score: 8
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.5))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: 0.7 is taken for the share that is dropped
# fails: make_discriminator_model_dropout, make_discriminator_model_training
# says: Dropout takes the share that is dropped
# score: 8
def make_discriminator_model():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Conv2D(128, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.7),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


# %% wrong: Dropout at the image as well
# fails: make_discriminator_model_training
# says: this is what 3 Dropout layers of 0.3 do
# score: 8
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1)), layers.Dropout(0.3)]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: Dropout before each convolution instead of behind its activation
# fails: make_discriminator_model_dropout, make_discriminator_model_elementwise
# says: Dropout is missing behind LeakyReLU 2
# score: 8
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Dropout(0.3))
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: Dropout behind the logit as well
# fails: make_discriminator_model_dropout, make_discriminator_model_training
# says: there are two Dropouts behind LeakyReLU 2
# score: 8
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    stack.append(layers.Dropout(0.3))
    return keras.Sequential(stack)


# %% wrong: whole channels are dropped
# fails: make_discriminator_model_elementwise
# says: not SpatialDropout2D
# score: 8
def make_discriminator_model():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Conv2D(128, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.SpatialDropout2D(0.3),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


# %% wrong: the same choice at every call
# fails: make_discriminator_model_elementwise
# says: a second call drops the same values
# score: 8
class FixedDropout(layers.Layer):
    def call(self, x, training=False):
        return keras.random.dropout(x, 0.3, seed=7) if training else x


def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
        stack.append(FixedDropout())
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: a Dropout that does not scale what it keeps
# fails: make_discriminator_model_dropout, make_discriminator_model_training
# says: so that the mean stays the same
# score: 8
class PlainDropout(layers.Layer):
    def call(self, x, training=False):
        if not training:
            return x
        return x * keras.ops.cast(keras.random.uniform(keras.ops.shape(x)) > 0.3, x.dtype)


def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
        stack.append(PlainDropout())
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: GaussianDropout
# fails: make_discriminator_model_dropout, make_discriminator_model_training, make_discriminator_model_elementwise
# says: GaussianDropout, AlphaDropout and noise do other things
# score: 8
def make_discriminator_model():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Conv2D(128, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.GaussianDropout(0.3),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


# %% wrong: Dropout that never stops
# fails: make_discriminator_model_activation, make_discriminator_model_convolutions, make_discriminator_model_inference, make_discriminator_model_training
# says: Dropout acts always
# score: 5
class Always(keras.Model):
    def __init__(self):
        super().__init__()
        self.convolutions = [layers.Conv2D(n, 5, strides=2, padding="same") for n in (64, 128)]
        self.activation, self.dropout = layers.LeakyReLU(), layers.Dropout(0.3)
        self.flatten, self.dense = layers.Flatten(), layers.Dense(1)

    def call(self, x):
        for convolution in self.convolutions:
            x = self.dropout(self.activation(convolution(x)), training=True)
        return self.dense(self.flatten(x))


def make_discriminator_model():
    return Always()


# %% wrong: a subclass that does not pass the training flag on
# fails: make_discriminator_model_dropout, make_discriminator_model_elementwise, make_discriminator_model_training
# says: is told training=False
# score: 8
class Forgetful(keras.Model):
    def __init__(self):
        super().__init__()
        self.conv1 = layers.Conv2D(64, 5, strides=2, padding="same")
        self.conv2 = layers.Conv2D(128, 5, strides=2, padding="same")
        self.activation, self.dropout = layers.LeakyReLU(), layers.Dropout(0.3)
        self.flatten, self.dense = layers.Flatten(), layers.Dense(1)

    def call(self, x, training=False):
        x = self.dropout(self.activation(self.conv1(x)), training=False)
        x = self.dropout(self.activation(self.conv2(x)), training=False)
        return self.dense(self.flatten(x))


def make_discriminator_model():
    return Forgetful()


# %% wrong: noise on the images in training
# fails: make_discriminator_model_training
# says: no other layer may act in training mode
# score: 8
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1)), layers.GaussianNoise(0.1)]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: the same model at every call
# fails: make_discriminator_model_new
# says: make the model and its layers inside the function
# score: 7
_model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(64, 5, strides=2, padding="same"),
        layers.LeakyReLU(),
        layers.Dropout(0.3),
        layers.Conv2D(128, 5, strides=2, padding="same"),
        layers.LeakyReLU(),
        layers.Dropout(0.3),
        layers.Flatten(),
        layers.Dense(1),
    ]
)


def make_discriminator_model():
    return _model


# %% wrong: frozen
# fails: make_discriminator_model_parameters
# says: leave `trainable` alone
# score: 7
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same", trainable=filters == 128))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    return keras.Sequential(stack)


# %% wrong: forgets to return
# fails: make_discriminator_model_output, make_discriminator_model_logit, make_discriminator_model_shapes, make_discriminator_model_parameters, make_discriminator_model_new, make_discriminator_model_activation, make_discriminator_model_convolutions, make_discriminator_model_dropout, make_discriminator_model_elementwise, make_discriminator_model_inference, make_discriminator_model_training
# says: end with `return model`
# score: 0
def make_discriminator_model():
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128):
        stack.append(layers.Conv2D(filters, 5, strides=2, padding="same"))
        stack.append(layers.LeakyReLU())
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Flatten())
    stack.append(layers.Dense(1))
    model = keras.Sequential(stack)


# %% right: the tutorial's way, with input_shape
def make_discriminator_model():
    model = tf.keras.Sequential()
    model.add(
        tf.keras.layers.Conv2D(64, (5, 5), strides=(2, 2), padding="same", input_shape=[28, 28, 1])
    )
    model.add(tf.keras.layers.LeakyReLU())
    model.add(tf.keras.layers.Dropout(0.3))
    model.add(tf.keras.layers.Conv2D(128, (5, 5), strides=(2, 2), padding="same"))
    model.add(tf.keras.layers.LeakyReLU())
    model.add(tf.keras.layers.Dropout(0.3))
    model.add(tf.keras.layers.Flatten())
    model.add(tf.keras.layers.Dense(1))
    return model


# %% right: functional, two slopes, and weights as in the DCGAN paper
def make_discriminator_model(name="judge"):
    start = keras.initializers.RandomNormal(stddev=0.02)
    image = keras.Input((28, 28, 1))
    x = layers.Conv2D(64, 5, 2, "same", kernel_initializer=start)(image)
    x = layers.LeakyReLU(0.1)(x)
    x = layers.Dropout(0.3)(x)
    x = layers.Conv2D(128, 5, 2, "same", kernel_initializer=start)(x)
    x = layers.LeakyReLU(0.3)(x)
    x = layers.Dropout(0.3)(x)
    x = layers.Flatten()(x)
    return keras.Model(image, layers.Dense(1, activation="linear")(x), name=name)


# %% right: a subclass that is built by its first call
class Judge(keras.Model):
    def __init__(self):
        super().__init__()
        self.conv1 = layers.Conv2D(64, 5, strides=2, padding="same")
        self.conv2 = layers.Conv2D(128, 5, strides=2, padding="same")
        self.dropout = layers.Dropout(0.3)
        self.flatten = layers.Flatten()
        self.dense = layers.Dense(1)

    def call(self, images, training):
        x = keras.activations.leaky_relu(self.conv1(images), negative_slope=0.2)
        x = self.dropout(x, training=training)
        x = keras.activations.leaky_relu(self.conv2(x), negative_slope=0.2)
        x = self.dropout(x, training=training)
        return self.dense(self.flatten(x))


make_discriminator_model = Judge


# %% right: a subclass without a training parameter, with blocks inside
class Block(layers.Layer):
    def __init__(self, filters):
        super().__init__()
        self.parts = [
            layers.Conv2D(filters, 5, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Dropout(0.3),
        ]

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x


class JudgeOfBlocks(keras.Model):
    def __init__(self):
        super().__init__()
        self.blocks = [Block(64), Block(128)]
        self.head = keras.Sequential([layers.Flatten(), layers.Dense(1)])

    def call(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x)


def make_discriminator_model():
    return JudgeOfBlocks()


# %% right: a subclass in TensorFlow's own functions, with its own weights
class Bare(keras.Model):
    def build(self, input_shape):
        shapes = [(5, 5, 1, 64), (64,), (5, 5, 64, 128), (128,), (6272, 1), (1,)]
        self.w = [
            self.add_weight(shape=s, initializer="zeros" if len(s) == 1 else "glorot_uniform")
            for s in shapes
        ]

    def call(self, x, training=False):
        for kernel, bias in (self.w[:2], self.w[2:4]):
            x = tf.nn.leaky_relu(tf.nn.conv2d(x, kernel, 2, "SAME") + bias, alpha=0.2)
            if training:
                x = tf.nn.dropout(x, rate=0.3)
        return tf.reshape(x, (-1, 6272)) @ self.w[4] + self.w[5]


def make_discriminator_model():
    return Bare()


# %% right: Dropout before LeakyReLU and behind Flatten, which computes the same
def make_discriminator_model():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, 5, strides=2, padding="same"),
            layers.Dropout(0.3),
            layers.LeakyReLU(),
            layers.Conv2D(128, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(1),
        ]
    )


# %% right: built by its first call, the activation inside the convolution, a fixed seed
def make_discriminator_model():
    return keras.Sequential(
        [
            layers.Conv2D(64, 5, strides=2, padding="same", activation="leaky_relu"),
            layers.Dropout(0.3, seed=1),
            layers.Conv2D(128, 5, strides=2, padding="same", activation="leaky_relu"),
            layers.Dropout(0.3, seed=1),
            layers.Reshape((-1,)),
            layers.Dense(1),
        ]
    )


# %% right: functional with keras.ops and the padding made by hand
def make_discriminator_model():
    image = keras.Input((28, 28, 1))
    x = image
    for filters in (64, 128):
        x = layers.ZeroPadding2D(((1, 2), (1, 2)))(x)
        x = layers.Conv2D(filters, 5, strides=2, padding="valid")(x)
        x = layers.Dropout(0.3)(keras.ops.leaky_relu(x, 0.25))
    return keras.Model(image, layers.Dense(1)(keras.ops.reshape(x, (-1, 6272))))


# %% right: small models inside a model
def make_discriminator_model():
    def block(filters):
        return keras.Sequential(
            [
                layers.Conv2D(filters, kernel_size=5, strides=(2, 2), padding="SAME"),
                layers.LeakyReLU(negative_slope=0.15),
                layers.Dropout(rate=0.3),
            ]
        )

    return keras.Sequential([block(64), block(128), layers.Flatten(), layers.Dense(units=1)])
