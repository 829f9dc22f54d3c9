"""What instructors need: release the notebooks, and what follows from that.

It knows notebooks and processes, not GANs: it imports nothing of `dcgan_lib`. nbgrader does the
grading; this package adds what nbgrader lacks.
"""
