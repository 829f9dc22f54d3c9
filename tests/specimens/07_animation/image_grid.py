# %% wrong: a reshape alone
# fails: image_grid_order, image_grid_missing
# says: a reshape alone does not move a pixel
# score: 1
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    return cells.reshape(rows * 28, columns * 28)


# %% wrong: the number of rows rounded down
# fails: image_grid_shape, image_grid_default_columns, image_grid_order, image_grid_missing, image_grid_keeps_input
# says: rows are rounded up
# score: 0
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    rows = len(pixels) // columns
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    by_row = cells.reshape(rows, columns, 28, 28)
    return by_row.swapaxes(1, 2).reshape(rows * 28, columns * 28)


# %% wrong: column by column
# fails: image_grid_order, image_grid_missing
# says: fill a row, then the next
# score: 1
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    rows = -(-len(pixels) // columns)
    grid = np.zeros((rows * 28, columns * 28), np.uint8)
    for i, image in enumerate(pixels):
        r, c = i % rows, i // rows
        grid[28 * r : 28 * (r + 1), 28 * c : 28 * (c + 1)] = image
    return grid


# %% wrong: the wrong axes are swapped
# fails: image_grid_order, image_grid_rounds, image_grid_clips
# says: transposed or mirrored
# score: 0
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    by_row = cells.reshape(rows, columns, 28, 28)
    return by_row.transpose(0, 3, 1, 2).reshape(rows * 28, columns * 28)


# %% wrong: the last row first
# fails: image_grid_order, image_grid_missing
# says: fill a row, then the next
# score: 1
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    by_row = cells.reshape(rows, columns, 28, 28)[::-1]
    return by_row.swapaxes(1, 2).reshape(rows * 28, columns * 28)


# %% wrong: filled up before the conversion, so the empty cells are grey
# fails: image_grid_missing
# says: black in uint8: add black cells after the conversion
# score: 1
def image_grid(images, columns=4):
    images = np.asarray(images)
    rows = -(-len(images) // columns)
    cells = np.zeros((rows * columns, 28, 28, 1), np.float32)
    cells[: len(images)] = images
    pixels = denormalize_images(cells).reshape(rows, columns, 28, 28)
    return pixels.swapaxes(1, 2).reshape(rows * 28, columns * 28)


# %% wrong: white empty cells
# fails: image_grid_missing
# says: this is white
# score: 1
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    rows = -(-len(pixels) // columns)
    grid = np.full((rows * 28, columns * 28), 255, np.uint8)
    for i, image in enumerate(pixels):
        r, c = divmod(i, columns)
        grid[28 * r : 28 * r + 28, 28 * c : 28 * c + 28] = image
    return grid


# %% wrong: the images start again in the empty cells
# fails: image_grid_missing
# says: an image is repeated
# score: 1
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    rows = -(-len(pixels) // columns)
    cells = np.resize(pixels, (rows * columns, 28, 28)).reshape(rows, columns, 28, 28)
    return cells.swapaxes(1, 2).reshape(rows * 28, columns * 28)


# %% wrong: sixteen images at most
# fails: image_grid_order
# says: follows from the number of images
# score: 1
def image_grid(images, columns=4):
    pixels = denormalize_images(images)[:16]
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    return cells.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, columns * 28)


# %% wrong: always four columns
# fails: image_grid_shape, image_grid_order, image_grid_missing
# says: use the parameter `columns`
# score: 1
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    rows = -(-len(pixels) // 4)
    cells = np.zeros((rows * 4, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    return cells.reshape(rows, 4, 28, 28).swapaxes(1, 2).reshape(rows * 28, 112)


# %% wrong: only full rows
# fails: image_grid_shape, image_grid_default_columns, image_grid_order, image_grid_missing
# says: a row is missing
# score: 1
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    rows = len(pixels) // columns
    cells = pixels[: rows * columns].reshape(rows, columns, 28, 28)
    return cells.swapaxes(1, 2).reshape(rows * 28, columns * 28)


# %% wrong: an empty row when the images fill the rows
# fails: image_grid_shape, image_grid_order, image_grid_missing
# says: there is an empty row
# score: 1
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    rows = len(pixels) // columns + 1
    grid = np.zeros((rows * 28, columns * 28), np.uint8)
    for i, image in enumerate(pixels):
        r, c = divmod(i, columns)
        grid[28 * r : 28 * r + 28, 28 * c : 28 * c + 28] = image
    return grid


# %% wrong: no wider than the images there are
# fails: image_grid_shape, image_grid_missing
# says: also if n is smaller
# score: 1
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    columns = min(columns, len(pixels))
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    return cells.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, columns * 28)


# %% wrong: the default is the square root
# fails: image_grid_default_columns
# says: leave the default value of `columns` at 4
# score: 1
def image_grid(images, columns=None):
    pixels = denormalize_images(images)
    columns = columns or int(np.ceil(np.sqrt(len(pixels))))
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    return cells.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, columns * 28)


# %% wrong: the channel axis stays
# fails: image_grid_shape, image_grid_default_columns, image_grid_order, image_grid_missing
# says: the channel axis is still there
# score: 1
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    grid = cells.reshape(rows, columns, 28, 28).swapaxes(1, 2)
    return grid.reshape(rows * 28, columns * 28, 1)


# %% wrong: a list of rows
# fails: image_grid_shape, image_grid_default_columns, image_grid_order, image_grid_missing
# says: these are still single images
# score: 1
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    return cells.reshape(rows, columns, 28, 28)


# %% wrong: cuts off instead of rounding
# fails: image_grid_rounds
# says: cut off what follows the point
# score: 1
def image_grid(images, columns=4):
    pixels = np.clip(np.asarray(images)[..., 0] * 127.5 + 127.5, 0, 255).astype(np.uint8)
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    return cells.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, columns * 28)


# %% wrong: no clipping
# fails: image_grid_clips
# says: clip on both sides
# score: 1
def image_grid(images, columns=4):
    pixels = np.rint(np.asarray(images)[..., 0] * 127.5 + 127.5).astype(int).astype(np.uint8)
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    return cells.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, columns * 28)


# %% wrong: float numbers
# fails: image_grid_dtype
# says: np.zeros gives float64
# score: 1
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    rows = -(-len(pixels) // columns)
    grid = np.zeros((rows * 28, columns * 28))
    for i, image in enumerate(pixels):
        r, c = divmod(i, columns)
        grid[28 * r : 28 * r + 28, 28 * c : 28 * c + 28] = image
    return grid


# %% wrong: left in [-1, 1], and converted all the same
# fails: image_grid_order, image_grid_rounds, image_grid_clips
# says: if its greys are wrong, too
# score: 0
def image_grid(images, columns=4):
    images = np.asarray(images)[..., 0]
    rows = -(-len(images) // columns)
    grid = np.zeros((rows * 28, columns * 28), np.uint8)
    for i, image in enumerate(images):
        r, c = divmod(i, columns)
        grid[28 * r : 28 * r + 28, 28 * c : 28 * c + 28] = image.astype(int).astype(np.uint8)
    return grid


# %% wrong: stretched to the least and greatest value there is
# fails: image_grid_rounds, image_grid_clips
# says: clip on both sides
# score: 1
def image_grid(images, columns=4):
    images = np.asarray(images)[..., 0]
    low, high = images.min(), images.max()
    pixels = np.rint((images - low) / (high - low) * 255).astype(np.uint8)
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    return cells.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, columns * 28)


# %% wrong: black and white exchanged
# fails: image_grid_order, image_grid_rounds, image_grid_clips
# says: black and white are exchanged
# score: 0
def image_grid(images, columns=4):
    pixels = 255 - denormalize_images(images)
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    return cells.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, columns * 28)


# %% wrong: methods that only arrays have
# fails: image_grid_tensor
# says: a tensor lacks methods of arrays
# score: 1
def image_grid(images, columns=4):
    pixels = denormalize_images(images.reshape(-1, 28, 28, 1))
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    return cells.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, columns * 28)


# %% wrong: writes into the input
# fails: image_grid_keeps_input
# says: you wrote into `images`
# score: 1
def image_grid(images, columns=4):
    if not isinstance(images, np.ndarray):
        images = images.numpy()
    images *= 127.5
    images += 127.5
    pixels = np.clip(np.rint(images[..., 0]), 0, 255).astype(np.uint8)
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    return cells.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, columns * 28)


# %% wrong: returns nothing
# fails: image_grid_shape, image_grid_default_columns, image_grid_order, image_grid_missing, image_grid_dtype, image_grid_rounds, image_grid_clips, image_grid_tensor
# says: is there a `return`
# score: 0
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    plt.figure()
    plt.imshow(cells.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, -1))
    plt.close()


# %% wrong: clips within the input
# fails: image_grid_keeps_input
# says: the input was changed
# score: 1
def image_grid(images, columns=4):
    images = np.asarray(images)
    if images.flags.writeable:
        np.clip(images, -1, 1, out=images)
    pixels = denormalize_images(images)
    rows = -(-len(pixels) // columns)
    cells = np.zeros((rows * columns, 28, 28), np.uint8)
    cells[: len(pixels)] = pixels
    return cells.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, columns * 28)


# %% wrong: one canvas of each size for all calls
# fails: image_grid_missing
# says: start each call from zeros
# score: 1
canvases = {}


def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    shape = (-(-len(pixels) // columns) * 28, columns * 28)
    grid = canvases.setdefault(shape, np.zeros(shape, np.uint8))
    for i, image in enumerate(pixels):
        row, column = divmod(i, columns)
        grid[28 * row : 28 * (row + 1), 28 * column : 28 * (column + 1)] = image
    return grid.copy()


# %% right: a loop with divmod
def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    rows = (len(pixels) + columns - 1) // columns
    grid = np.zeros((28 * rows, 28 * columns), dtype="uint8")
    for i, image in enumerate(pixels):
        r, c = divmod(i, columns)
        grid[28 * r : 28 * (r + 1), 28 * c : 28 * (c + 1)] = image
    return grid


# %% right: padded with -1, and einsum
def image_grid(images, columns=4):
    images = np.asarray(images)
    missing = -len(images) % columns
    images = np.pad(images, ((0, missing), (0, 0), (0, 0), (0, 0)), constant_values=-1)
    pixels = np.clip(np.rint(images * 127.5 + 127.5), 0, 255).astype(np.uint8)
    grid = np.einsum("rcyxk->ryckx", pixels.reshape(-1, columns, 28, 28, 1))
    return grid.reshape(-1, columns * 28)


# %% right: TensorFlow, and it returns a tensor
def image_grid(images, columns=4):
    pixels = tf.saturate_cast(tf.round(tf.cast(images, tf.float32) * 127.5 + 127.5), tf.uint8)
    n = tf.shape(pixels)[0]
    rows = -(-n // columns)
    pixels = tf.pad(pixels, [[0, rows * columns - n], [0, 0], [0, 0], [0, 0]])
    cells = tf.reshape(pixels, (rows, columns, 28, 28))
    return tf.reshape(tf.transpose(cells, (0, 2, 1, 3)), (rows * 28, columns * 28))


# %% right: rows stacked from images that are stacked
import math


def image_grid(images, columns=4):
    pixels = list(denormalize_images(images))
    pixels += [np.zeros((28, 28), np.uint8)] * (math.ceil(len(pixels) / columns) * columns - len(pixels))
    rows = [np.hstack(pixels[i : i + columns]) for i in range(0, len(pixels), columns)]
    return np.vstack(rows)


# %% right: a Pillow canvas
import math


def image_grid(images, columns=4):
    pixels = denormalize_images(images)
    canvas = Image.new("L", (28 * columns, 28 * math.ceil(len(pixels) / columns)))
    for i, image in enumerate(pixels):
        canvas.paste(Image.fromarray(np.asarray(image)), (28 * (i % columns), 28 * (i // columns)))
    return np.array(canvas)


# %% right: np.block, with a parameter more
import math


def image_grid(images, columns=4, size=28):
    values = np.array(images, dtype=np.float64)[:, :, :, 0]
    pixels = (np.clip(values, -1, 1) * 127.5 + 127.5).round().astype(np.uint8)
    black = np.zeros((size, size), np.uint8)
    rows = range(math.ceil(len(pixels) / columns))
    return np.block(
        [
            [pixels[r * columns + c] if r * columns + c < len(pixels) else black for c in range(columns)]
            for r in rows
        ]
    )
