"""Checks of 00_start_here."""

import re

from dcgan_lib.checks.framework import Exercise, expect, progress, short

__all__ = ["hello_gan_greets", "progress"]

LESSON = "00_start_here"
HELLO_GAN = Exercise("hello_gan", LESSON, references=["doctor.hello_gan"])


@HELLO_GAN.check("Your first exercise")
def hello_gan_greets(answer, name="Ada"):
    """greets whoever it is given."""
    came = answer(name)
    expected = f"Hello, {name}!"
    if came is None:
        cause = "nothing is returned: end with `return`, printing is not enough"
    elif isinstance(came, str) and re.fullmatch(r"Hello, \{\w+\}!", came.strip()):
        cause = "the f before the quotes is missing"
    elif isinstance(came, str) and came.strip() == expected:
        cause = "there is an extra space or line break at the beginning or the end"
    elif isinstance(came, str) and came.lower().replace(" ", "") == expected.lower().replace(
        " ", ""
    ):
        cause = "capitals, spaces, comma and exclamation mark count"
    elif isinstance(came, str) and name not in came:
        cause = "the name must come from the parameter; inside quotes it is only a word"
    else:
        cause = "join the three parts: 'Hello, ', the name, '!'"
    expect(
        isinstance(came, str) and came == expected,
        f"hello_gan({name!r}) is wrong",
        came=short(came),
        expected=short(expected),
        cause=cause,
    )
