"""What instructors need: release the notebooks, and what follows from that.

It knows notebooks and processes, not GANs: it imports nothing of `dcgan_lib`. nbgrader does the
grading; this package adds what nbgrader lacks.
"""

import sys

# jsonschema imports this where it is installed: for more than a second, to check a kind of text
# that no notebook has.
sys.modules.setdefault("rfc3987_syntax", None)
