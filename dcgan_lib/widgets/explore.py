"""Sliders that redraw one picture."""

import base64
import html
import io


def to_png(picture):
    """Turn a picture into the bytes of a PNG file.

    Args:
        picture: a matplotlib figure, which is closed; a uint8 array `(height, width)` or
            `(height, width, 3)`, enlarged to at least 224 pixels; or PNG bytes.

    Returns:
        bytes.
    """
    if isinstance(picture, bytes):
        return picture
    buffer = io.BytesIO()
    if hasattr(picture, "savefig"):
        from matplotlib import pyplot

        picture.savefig(buffer, format="png", bbox_inches="tight")
        pyplot.close(picture)
    else:
        from PIL import Image

        scale = max(1, -(-224 // max(picture.shape[:2])))
        Image.fromarray(picture.repeat(scale, axis=0).repeat(scale, axis=1)).save(buffer, "PNG")
    return buffer.getvalue()


def explore(draw, describe=None, **controls):
    """Show a picture that follows sliders, menus or check boxes.

    Args:
        draw: function of the controls' values, by keyword, to a picture (see `to_png`).
        describe: function of the same values to a sentence that says what the picture shows,
            for readers who cannot see it; or None.
        **controls: an ipywidgets widget for each parameter of `draw`; or its short form:
            `(least, most, step)` or `(least, most, step, start)` for a slider, a list for a menu,
            True or False for a check box.

    Returns:
        An `ipywidgets.VBox`; its `controls` are the widgets by name, its `picture` is the
        `ipywidgets.Image`, its `text` the description.
    """
    import ipywidgets

    made = {name: _control(name, control) for name, control in controls.items()}
    # At its own size: a box would stretch it over the whole page.
    picture = ipywidgets.Image(format="png", layout={"align_self": "flex-start"})
    text = ipywidgets.HTML()

    def redraw(change=None):
        values = {name: control.value for name, control in made.items()}
        picture.value = to_png(draw(**values))
        if describe is not None:
            text.value = describe(**values)

    for control in made.values():
        control.observe(redraw, names="value")
    redraw()
    box = ipywidgets.VBox([*made.values(), picture, text])
    box.controls, box.picture, box.text = made, picture, text
    return box


def _control(name, control):
    import ipywidgets

    label = {"description": name.replace("_", " "), "style": {"description_width": "initial"}}
    if isinstance(control, ipywidgets.Widget):
        return control
    if isinstance(control, bool):
        return ipywidgets.Checkbox(value=control, **label)
    if isinstance(control, list):
        return ipywidgets.Dropdown(options=control, **label)
    least, most, step, *start = control
    # Redrawing while the slider moves would queue up pictures; it redraws when let go.
    options = {"min": least, "max": most, "step": step, "continuous_update": False, **label}
    if all(isinstance(value, int) for value in control):
        return ipywidgets.IntSlider(value=start[0] if start else least, **options)
    return ipywidgets.FloatSlider(value=start[0] if start else (least + most) / 2, **options)


def show_figure(figure, alt):
    """Show a picture in a notebook, with alternative text for readers who cannot see it.

    Args:
        figure: a picture, see `to_png`.
        alt: a sentence that says what the picture shows.

    Returns:
        An `IPython.display.HTML`, for the end of a cell.
    """
    from IPython.display import HTML

    data = base64.b64encode(to_png(figure)).decode()
    # `IPython.display.Image` cannot be used: JupyterLab and Colab drop its alternative text.
    return HTML(f'<img src="data:image/png;base64,{data}" alt="{html.escape(alt)}">')
