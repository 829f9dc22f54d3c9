"""What can be moved: sliders and buttons that work in Colab and in JupyterLab.

A picture is one `ipywidgets.Image` whose PNG bytes change: it does not flicker, it needs no
thread, and it works with ipywidgets 7.7 and 8.
"""

from dcgan_lib.widgets.explore import explore, show_figure, to_png

__all__ = ["explore", "show_figure", "to_png"]
