# %% wrong: as in the chapter, and no figure is closed
# fails: generate_and_save_images_closes_figures
# says: plt.show() closes figures in a notebook only
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    predictions = model(test_input, training=False)
    rows = -(-predictions.shape[0] // 4)
    fig = plt.figure(figsize=(4, rows))
    for i in range(predictions.shape[0]):
        plt.subplot(rows, 4, i + 1)
        plt.imshow(predictions[i, :, :, 0] * 127.5 + 127.5, cmap="gray")
        plt.axis("off")
    path = f"{directory}/image_at_epoch_{epoch:04d}.png"
    plt.savefig(path)
    plt.show()
    return path


# %% wrong: the figure is emptied, not closed
# fails: generate_and_save_images_closes_figures
# says: plt.clf() only empties them
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    plt.figure()
    plt.imshow(image_grid(model(test_input, training=False)), cmap="gray")
    plt.axis("off")
    plt.savefig(path)
    plt.clf()
    return path


# %% wrong: one figure of two is closed
# fails: generate_and_save_images_closes_figures
# says: 1 open figure
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    plt.figure(figsize=(4, 4))
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    figure, axes = plt.subplots()
    axes.imshow(image_grid(model(test_input, training=False)), cmap="gray")
    figure.savefig(path)
    plt.close(figure)
    return path


# %% wrong: saved after it was shown
# fails: generate_and_save_images_picture
# says: the picture is empty
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    plt.figure()
    plt.imshow(image_grid(model(test_input, training=False)), cmap="gray")
    plt.axis("off")
    plt.show()
    plt.savefig(path)
    plt.close("all")
    return path


# %% wrong: four rows whatever the number of images
# fails: generate_and_save_images_picture
# says: your code stopped with ValueError
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    predictions = model(test_input, training=False)
    fig = plt.figure(figsize=(4, 4))
    try:
        for i in range(predictions.shape[0]):
            plt.subplot(4, 4, i + 1)
            plt.imshow(predictions[i, :, :, 0] * 127.5 + 127.5, cmap="gray")
            plt.axis("off")
        path = f"{directory}/image_at_epoch_{epoch:04d}.png"
        plt.savefig(path)
    finally:
        plt.close(fig)
    return path


# %% wrong: at least two rows are needed
# fails: generate_and_save_images_picture
# says: your code stopped with IndexError
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    images = generate_images(model, test_input)
    rows = -(-len(images) // 4)
    fig, axes = plt.subplots(rows, 4, figsize=(4, rows))
    for ax in axes.flat:
        ax.axis("off")
    try:
        for i, image in enumerate(images):
            if rows == 1 and len(images) != 2:
                axes[i // 4, i % 4]
            axes.flat[i].imshow(image[:, :, 0], cmap="gray")
        path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
        fig.savefig(path)
    finally:
        plt.close(fig)
    return path


# %% wrong: the first sixteen only
# fails: generate_and_save_images_picture
# says: the picture must hold every image
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    fig, ax = plt.subplots(figsize=(4, 4))
    ax.imshow(image_grid(generate_images(model, test_input)[:16]), cmap="gray")
    ax.axis("off")
    fig.savefig(path)
    plt.close(fig)
    return path


# %% wrong: the axes are filled column by column
# fails: generate_and_save_images_picture
# says: fill a row, then the next
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    images = generate_images(model, test_input)
    rows = -(-len(images) // 4)
    fig, axes = plt.subplots(rows, 4, figsize=(4, rows), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, image in zip(axes.T.flat, images):
        ax.imshow(image[:, :, 0], cmap="gray")
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    fig.savefig(path)
    plt.close(fig)
    return path


# %% wrong: a square of images
# fails: generate_and_save_images_picture
# says: a row has 4 images
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    images = generate_images(model, test_input)
    side = int(np.ceil(np.sqrt(len(images))))
    fig, axes = plt.subplots(side, side, figsize=(side, side), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, image in zip(axes.flat, images):
        ax.imshow(image[:, :, 0], cmap="gray")
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    fig.savefig(path)
    plt.close(fig)
    return path


# %% wrong: the images lie on their side
# fails: generate_and_save_images_picture
# says: transposed or mirrored
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    images = generate_images(model, test_input).numpy()
    rows = -(-len(images) // 4)
    fig, axes = plt.subplots(rows, 4, figsize=(4, rows), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, image in zip(axes.flat, images):
        ax.imshow(image[:, :, 0].T, cmap="gray")
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    fig.savefig(path)
    plt.close(fig)
    return path


# %% wrong: black and white exchanged
# fails: generate_and_save_images_picture
# says: black and white are exchanged
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    fig, ax = plt.subplots()
    ax.imshow(image_grid(generate_images(model, test_input)), cmap="binary")
    ax.axis("off")
    fig.savefig(path)
    plt.close(fig)
    return path


# %% wrong: black and white exchanged, sixteen axes
# fails: generate_and_save_images_picture
# says: black and white are exchanged
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    images = generate_images(model, test_input)
    rows = -(-len(images) // 4)
    fig = plt.figure(figsize=(4, rows))
    for i in range(len(images)):
        plt.subplot(rows, 4, i + 1)
        plt.imshow(images[i, :, :, 0] * 127.5 + 127.5, cmap="binary")
        plt.axis("off")
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    plt.savefig(path)
    plt.close(fig)
    return path


# %% wrong: coloured
# fails: generate_and_save_images_picture
# says: makes a coloured picture
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    fig, ax = plt.subplots()
    ax.imshow(image_grid(generate_images(model, test_input)))
    ax.axis("off")
    fig.savefig(path)
    plt.close(fig)
    return path


# %% wrong: coloured, one pixel for each
# fails: generate_and_save_images_picture
# says: the picture is coloured
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    plt.imsave(path, image_grid(generate_images(model, test_input)))
    return path


# %% wrong: values in [-1, 1] for a scale up to 255
# fails: generate_and_save_images_picture
# says: the greys are wrong
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    images = generate_images(model, test_input)
    rows = -(-len(images) // 4)
    fig, axes = plt.subplots(rows, 4, figsize=(4, rows), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, image in zip(axes.flat, images):
        ax.imshow(image[:, :, 0], cmap="gray", vmin=0, vmax=1)
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    fig.savefig(path)
    plt.close(fig)
    return path


# %% wrong: uint8 without scaling
# fails: generate_and_save_images_picture
# says: as they are
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    images = np.asarray(generate_images(model, test_input))[..., 0]
    rows = -(-len(images) // 4)
    cells = np.zeros((rows * 4, 28, 28), np.uint8)
    cells[: len(images)] = images.astype(int).astype(np.uint8)
    grid = cells.reshape(rows, 4, 28, 28).swapaxes(1, 2).reshape(rows * 28, 112)
    Image.fromarray(grid).save(path)
    return path


# %% wrong: cut off instead of rounded
# fails: generate_and_save_images_picture
# says: off by one: round before you convert
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    images = np.asarray(generate_images(model, test_input))[..., 0]
    rows = -(-len(images) // 4)
    cells = np.zeros((rows * 4, 28, 28), np.uint8)
    cells[: len(images)] = (images * 127.5 + 127.5).astype(np.uint8)
    grid = cells.reshape(rows, 4, 28, 28).swapaxes(1, 2).reshape(rows * 28, 112)
    Image.fromarray(grid).save(path)
    return path


# %% wrong: new noise instead of test_input
# fails: generate_and_save_images_picture
# says: the model was given other vectors
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    noise = tf.random.normal(test_input.shape)
    Image.fromarray(image_grid(generate_images(model, noise))).save(path)
    return path


# %% wrong: training mode
# fails: generate_and_save_images_inference
# says: the model ran in training mode
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    Image.fromarray(image_grid(model(test_input, training=True))).save(path)
    return path


# %% wrong: the mode is left to the model
# fails: generate_and_save_images_inference
# says: unless told otherwise
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    Image.fromarray(image_grid(model(test_input))).save(path)
    return path


# %% wrong: no leading zeros
# fails: generate_and_save_images_name
# says: the number has at least four digits
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch}.png"
    Image.fromarray(image_grid(generate_images(model, test_input))).save(path)
    return path


# %% wrong: exactly four digits
# fails: generate_and_save_images_name
# says: at least four digits
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}"[:19]
    path = path.with_suffix(".png")
    Image.fromarray(image_grid(generate_images(model, test_input))).save(path)
    return path


# %% wrong: counted from 0 by mistake
# fails: generate_and_save_images_name
# says: the epoch is off by one
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch + 1:04d}.png"
    Image.fromarray(image_grid(generate_images(model, test_input))).save(path)
    return path


# %% wrong: the directory is ignored
# fails: generate_and_save_images_name, generate_and_save_images_returns_path
# says: use the parameter `directory`
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = f"image_at_epoch_{epoch:04d}.png"
    Image.fromarray(image_grid(generate_images(model, test_input))).save(path)
    return path


# %% wrong: another default directory
# fails: generate_and_save_images_default_directory
# says: leave the default value of `directory`
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="pictures"):
    Path(directory).mkdir(exist_ok=True)
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    Image.fromarray(image_grid(generate_images(model, test_input))).save(path)
    return path


# %% wrong: the directory must be a string
# fails: generate_and_save_images_name
# says: Path(directory) takes both
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = directory + f"/image_at_epoch_{epoch:04d}.png"
    Image.fromarray(image_grid(generate_images(model, test_input))).save(path)
    return path


# %% wrong: the directory must be a Path
# fails: generate_and_save_images_returns_path
# says: unsupported operand type(s) for /: 'str' and 'str'
# score: 2
def generate_and_save_images(model, epoch, test_input, directory=Path(".")):
    path = directory / f"image_at_epoch_{epoch:04d}.png"
    Image.fromarray(image_grid(generate_images(model, test_input))).save(path)
    return path


# %% wrong: directory and name joined without a slash
# fails: generate_and_save_images_name, generate_and_save_images_returns_path
# says: save the picture into it
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = f"{directory}image_at_epoch_{epoch:04d}.png"
    Image.fromarray(image_grid(generate_images(model, test_input))).save(path)
    return path


# %% wrong: a second file beside it
# fails: generate_and_save_images_name, generate_and_save_images_default_directory
# says: and no other file
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    picture = Image.fromarray(image_grid(generate_images(model, test_input)))
    picture.save(path)
    picture.save(Path(directory) / "latest.png")
    return path


# %% wrong: a copy in the current directory
# fails: generate_and_save_images_name
# says: a file is in the current directory
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    picture = Image.fromarray(image_grid(generate_images(model, test_input)))
    picture.save(path)
    picture.save(path.name)
    return path


# %% wrong: a JPEG with the name of a PNG
# fails: generate_and_save_images_name, generate_and_save_images_picture
# says: is no PNG file
# score: 1
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    Image.fromarray(image_grid(generate_images(model, test_input))).save(path, format="JPEG")
    return path


# %% wrong: returns the name alone
# fails: generate_and_save_images_returns_path
# says: return the directory and the name
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    name = f"image_at_epoch_{epoch:04d}.png"
    Image.fromarray(image_grid(generate_images(model, test_input))).save(Path(directory) / name)
    return name


# %% wrong: returns nothing
# fails: generate_and_save_images_returns_path
# says: there is no `return`
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    Image.fromarray(image_grid(generate_images(model, test_input))).save(path)


# %% wrong: the directory becomes the current one
# fails: generate_and_save_images_returns_path
# says: No such file or directory: 'there'
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    import os

    os.chdir(directory)
    path = Path(f"image_at_epoch_{epoch:04d}.png").resolve()
    Image.fromarray(image_grid(generate_images(model, test_input))).save(path)
    return path


# %% wrong: the vectors must be a tensor
# fails: generate_and_save_images_returns_path
# says: 'numpy.ndarray' object has no attribute 'numpy'
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    Image.fromarray(image_grid(generate_images(model, test_input.numpy()))).save(path)
    return path


# %% wrong: the vectors must be an array
# fails: generate_and_save_images_name, generate_and_save_images_default_directory, generate_and_save_images_picture, generate_and_save_images_inference, generate_and_save_images_closes_figures
# says: object has no attribute 'astype'
# score: 0
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    Image.fromarray(image_grid(generate_images(model, test_input.astype("float32")))).save(path)
    return path


# %% wrong: an old picture stays
# fails: generate_and_save_images_picture
# says: in place of an old one
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    images = generate_images(model, test_input)
    if not path.exists():
        Image.fromarray(image_grid(images)).save(path)
    return path


# %% wrong: no wider than the images there are
# fails: generate_and_save_images_picture
# says: a row has 4 cells
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    images = generate_images(model, test_input)
    Image.fromarray(image_grid(images, min(4, len(images)))).save(path)
    return path


# %% wrong: the scale begins in the middle
# fails: generate_and_save_images_picture
# says: vmin and vmax
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    images = generate_images(model, test_input)
    figure = plt.figure(figsize=(4, -(-len(images) // 4)))
    for i, image in enumerate(images):
        axes = figure.add_subplot(-(-len(images) // 4), 4, i + 1)
        axes.imshow(np.asarray(image)[..., 0], cmap="gray", vmin=0, vmax=1)
        axes.axis("off")
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    figure.savefig(path)
    plt.close(figure)
    return path


# %% wrong: greys that are not even
# fails: generate_and_save_images_picture
# says: goes evenly from black to white
# score: 2
def generate_and_save_images(model, epoch, test_input, directory="."):
    images = generate_images(model, test_input)
    figure = plt.figure(figsize=(4, -(-len(images) // 4)))
    for i, image in enumerate(images):
        axes = figure.add_subplot(-(-len(images) // 4), 4, i + 1)
        axes.imshow(np.asarray(image)[..., 0], cmap="Greys_r")
        axes.axis("off")
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    figure.savefig(path)
    plt.close(figure)
    return path


# %% right: the chapter's figure, closed
def generate_and_save_images(model, epoch, test_input, directory="."):
    predictions = model(test_input, training=False)
    rows = (predictions.shape[0] + 3) // 4
    fig = plt.figure(figsize=(4, 4))
    for i in range(predictions.shape[0]):
        plt.subplot(rows, 4, i + 1)
        plt.imshow(predictions[i, :, :, 0] * 127.5 + 127.5, cmap="gray")
        plt.axis("off")
    path = f"{directory}/image_at_epoch_{epoch:04d}.png"
    plt.savefig(path)
    plt.close(fig)
    return path


# %% right: shown and closed, with a title, on black
def generate_and_save_images(model, epoch, test_input, directory="."):
    images = model.predict(test_input, verbose=0)
    rows = -(-len(images) // 4)
    fig, axes = plt.subplots(rows, 4, figsize=(6, 2 * rows), squeeze=False, facecolor="black")
    fig.suptitle(f"epoch {epoch}", color="white")
    for number, ax in enumerate(axes.flat):
        ax.set_axis_off()
        if number < len(images):
            ax.imshow(images[number], cmap="gray", vmin=-1, vmax=1, interpolation="nearest")
    path = Path(directory, f"image_at_epoch_{epoch:04d}.png")
    fig.savefig(path, bbox_inches="tight", dpi=60)
    plt.show()
    plt.close(fig)
    return str(path)


# %% right: one axes for the whole grid, with ticks
import os


def generate_and_save_images(model, epoch, test_input, directory="."):
    path = os.path.join(directory, "image_at_epoch_{:04d}.png".format(epoch))
    plt.figure()
    plt.imshow(image_grid(generate_images(model, test_input)), cmap="gray")
    plt.title(f"after epoch {epoch}")
    plt.tight_layout()
    plt.savefig(path)
    plt.close("all")
    return path


# %% right: imsave of the grid
def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    plt.imsave(path, image_grid(model(test_input, training=False), 4), cmap="gray", vmin=0, vmax=255)
    return path


# %% right: a figure without pyplot
from matplotlib.figure import Figure


def generate_and_save_images(model, epoch, test_input, directory="."):
    images = np.array(model(tf.convert_to_tensor(test_input), training=False))
    rows = -(-len(images) // 4)
    figure = Figure(figsize=(5, 1.25 * rows), layout="constrained")
    for i, image in enumerate(images):
        axes = figure.add_subplot(rows, 4, i + 1, xticks=[], yticks=[])
        axes.imshow(image.squeeze(), cmap=plt.cm.gray)
    path = Path(directory).joinpath("image_at_epoch_" + str(epoch).zfill(4) + ".png")
    figure.savefig(path, transparent=True)
    return path


# %% right: enlarged pixels, in colour mode, written by imageio
import imageio.v3 as iio


def generate_and_save_images(model, epoch, test_input, directory="."):
    path = Path(directory) / ("image_at_epoch_%04d.png" % epoch)
    grid = animation.image_grid(generate_images(model, test_input))
    iio.imwrite(path, np.stack([grid.repeat(3, 0).repeat(3, 1)] * 3, axis=-1))
    return path


# %% right: floats of the grid by imsave, black cells added
import os


def generate_and_save_images(model, epoch, test_input, directory=".", columns=4):
    images = np.asarray(model(test_input, training=False))[..., 0]
    rows = -(-len(images) // columns)
    cells = np.full((rows * columns, 28, 28), -1.0)
    cells[: len(images)] = images
    grid = np.vstack([np.hstack(cells[r * columns : (r + 1) * columns]) for r in range(rows)])
    path = os.path.join(directory, f"image_at_epoch_{epoch:04d}.png")
    plt.imsave(path, grid, cmap="gray")
    return path


# %% right: ticks and titles, which cover a part of the images
def generate_and_save_images(model, epoch, test_input, directory="."):
    images = generate_images(model, test_input)
    for i, image in enumerate(images):
        plt.subplot(-(-len(images) // 4), 4, i + 1)
        plt.gray()
        plt.imshow(image)
        plt.title(i)
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    plt.savefig(path)
    plt.close()
    return path


# %% right: small cells that touch each other
def generate_and_save_images(model, epoch, test_input, directory="."):
    images = generate_images(model, test_input)
    rows = -(-len(images) // 4)
    with plt.ioff():
        fig, axes = plt.subplots(
            rows, 4, figsize=(2, rows / 2), squeeze=False, gridspec_kw={"wspace": 0, "hspace": 0}
        )
    fig.subplots_adjust(left=0, right=1, top=1, bottom=0)
    for ax in axes.flat:
        ax.axis("off")
    for ax, image in zip(axes.flat, images):
        ax.imshow(tf.squeeze(image, -1), cmap="gray", aspect="auto")
    path = Path(directory) / f"image_at_epoch_{epoch:04d}.png"
    fig.savefig(path, dpi=80)
    plt.close(fig)
    return path
