"""Sliders redraw a picture; tested without a browser."""

import numpy as np
import pytest

from dcgan_lib.widgets import explore, show_figure, to_png

pytestmark = pytest.mark.colab


def test_a_slider_redraws_the_picture_and_its_description():
    def draw(level, inverted):
        picture = np.full((4, 4), level, np.uint8)
        return 255 - picture if inverted else picture

    box = explore(draw, lambda level, inverted: f"grey {level}", level=(0, 255, 5), inverted=False)
    first = bytes(box.picture.value)
    assert first.startswith(b"\x89PNG") and box.text.value == "grey 0"
    box.controls["level"].value = 100
    second = bytes(box.picture.value)
    assert second != first and box.text.value == "grey 100"
    box.controls["inverted"].value = True
    assert bytes(box.picture.value) not in (first, second)


def test_short_forms_of_controls():
    box = explore(
        lambda **values: np.zeros((2, 2), np.uint8),
        number=(0.0, 1.0, 0.1),
        count=(1, 9, 1),
        started=(1, 9, 1, 4),
        kind=["a", "b"],
    )
    values = {name: control.value for name, control in box.controls.items()}
    assert values == {"number": 0.5, "count": 1, "started": 4, "kind": "a"}


def test_figures_are_closed_and_described():
    from matplotlib import pyplot

    figure = pyplot.figure()
    html = show_figure(figure, 'a "line"').data
    assert 'alt="a &quot;line&quot;"' in html and "data:image/png;base64," in html
    assert not pyplot.get_fignums()


def test_small_pictures_are_enlarged():
    import io

    from PIL import Image

    with Image.open(io.BytesIO(to_png(np.zeros((28, 56), np.uint8)))) as picture:
        assert picture.size == (224, 112)
