"""The command `dcgan-grader`."""

import argparse
import sys


def main(arguments=None):
    """Run the command line.

    Args:
        arguments: list of str; those of the process when None.

    Returns:
        Exit code: 0 when done, 1 when `release --check` found a difference, 2 for bad arguments
        or input.
    """
    options = _parser().parse_args(arguments)
    try:
        return options.run(options) or 0
    except (ValueError, OSError) as error:
        print(f"dcgan-grader: {error}", file=sys.stderr)
        return 2


def _parser():
    parser = argparse.ArgumentParser(
        prog="dcgan-grader", description="Release the course's notebooks and grade them."
    )
    parser.add_argument("--root", default=".", help="folder of the course (here)")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    one = commands.add_parser(
        "release",
        help="generate course/ from solutions/",
        description="Generate course/ from solutions/: beside it, checked for leaks, then swapped.",
        epilog="example: dcgan-grader release 03_generator",
    )
    one.add_argument("names", nargs="*", metavar="NAME", help="notebooks; all when none is named")
    one.add_argument("--check", action="store_true", help="only compare, write nothing")
    one.add_argument("--bundle", metavar="FILE.zip", help="also zip course/ for students")
    one.set_defaults(run=_release)
    return parser


def _release(options):
    from dcgan_grader.release import bundle, release

    changed = release(options.root, options.names, options.check)
    if options.check:
        print("\n".join(f"differs: {name}" for name in changed) or "course/ is up to date.")
        return int(bool(changed))
    print("\n".join(f"released: {name}" for name in changed) or "course/ was up to date.")
    if options.bundle:
        print(f"bundle: {bundle(options.root, options.bundle)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
