"""Checks that teach: one module per notebook, and `framework`, which says how a check works.

A notebook imports its own module: `from dcgan_lib.checks import losses as checks`.
"""
