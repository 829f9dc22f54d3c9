# %% wrong: no mode said
# fails: generate_images_inference, generate_images_statistics
# says: this one is in training mode unless told otherwise
# score: 1
def generate_images(generator, noise):
    return generator(noise)


# %% wrong: training mode
# fails: generate_images_inference, generate_images_statistics
# says: the generator ran in training mode
# score: 0
def generate_images(generator, noise):
    return generator(noise, training=True)


# %% wrong: noise of its own
# fails: generate_images_inference
# says: give the generator the noise as it is
# score: 1
def generate_images(generator, noise):
    return generator(tf.random.normal(tf.shape(noise)), training=False)


# %% wrong: the first image only
# fails: generate_images_inference
# says: has the wrong shape
# score: 1
def generate_images(generator, noise):
    return generator(noise, training=False)[0]


# %% wrong: without the channel
# fails: generate_images_inference
# says: has the wrong shape
# score: 1
def generate_images(generator, noise):
    return generator(noise, training=False)[..., 0]


# %% wrong: grey values for the screen
# fails: generate_images_inference
# says: the images stay in [-1, 1]
# score: 1
def generate_images(generator, noise):
    return generator(noise, training=False) * 127.5 + 127.5


# %% wrong: values in [0, 1]
# fails: generate_images_inference
# says: return what it draws
# score: 1
def generate_images(generator, noise):
    return (generator(noise, training=False) + 1) / 2


# %% wrong: draws twice, the second time in training mode
# fails: generate_images_statistics, generate_images_inference
# says: drawing changed the generator
# score: 0
def generate_images(generator, noise):
    images = generator(noise, training=False)
    generator(noise, training=True)
    return images


# %% wrong: warms up in training mode first
# fails: generate_images_inference, generate_images_statistics
# says: the generator ran in training mode
# score: 0
def generate_images(generator, noise):
    for _ in range(10):
        generator(noise, training=True)
    return generator(noise, training=False)


# %% wrong: in training mode, with the statistics put back
# fails: generate_images_inference
# says: give the generator the noise as it is
# score: 1
def generate_images(generator, noise):
    kept = generator.get_weights()
    images = generator(noise, training=True)
    generator.set_weights(kept)
    return images


# %% wrong: one by one, in the generator's own mode
# fails: generate_images_inference, generate_images_statistics
# says: this one is in training mode unless told otherwise
# score: 1
def generate_images(generator, noise):
    return tf.concat([generator(z[tf.newaxis]) for z in noise], axis=0)


# %% wrong: frozen, which leaves Dropout on
# fails: generate_images_inference
# says: is wrong
# score: 2
def generate_images(generator, noise):
    generator.trainable = False
    images = generator(noise)
    generator.trainable = True
    return images


# %% wrong: returns nothing
# fails: generate_images_inference
# says: is there a `return`
# score: 1
def generate_images(generator, noise):
    generator(noise, training=False)


# %% right: predict
def generate_images(generator, noise):
    return generator.predict(noise)


# %% right: predict on a batch, without a progress bar
def generate_images(generator, noise):
    return generator.predict_on_batch(noise)


# %% right: one by one
def generate_images(generator, noise):
    return tf.concat([generator(z[tf.newaxis], training=False) for z in noise], axis=0)


# %% right: a list of images
def generate_images(generator, noise):
    return [generator(noise[i : i + 1], training=False)[0] for i in range(len(noise))]


# %% right: a NumPy array
def generate_images(generator, noise):
    images = generator(noise, training=False)
    return images.numpy()


# %% right: inside a tf.function
@tf.function
def generate_images(generator, noise):
    return generator(noise, training=False)


# %% right: other names, other optional parameters
def generate_images(model, latent_vectors, training=False):
    return tf.clip_by_value(model(latent_vectors, training=training), -1.0, 1.0)


# %% right: the model's method call
def generate_images(generator, noise):
    return generator.call(noise, training=False)
