"""The command `dcgan-grader`."""

import argparse
import sys


def main(arguments=None):
    """Run the command line.

    Args:
        arguments: list of str; those of the process when None.

    Returns:
        Exit code: 0 when done, 1 when `release --check` found a difference or a page of feedback
        could not be made, 2 for bad arguments or input.
    """
    options = _parser().parse_args(arguments)
    try:
        return options.run(options) or 0
    except (ValueError, OSError) as error:
        print(f"dcgan-grader: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ndcgan-grader: stopped; run the same command again to go on.", file=sys.stderr)
        return 130


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
    one = _on_notebook(
        commands,
        "collect",
        _collect,
        help="take submissions from what an LMS gives",
        description="Fill submitted/ from a folder, a zip file or a notebook: the newest of each.",
        epilog="example: dcgan-grader collect 03_generator ~/Downloads/submissions.zip",
    )
    one.add_argument("inbox", metavar="INBOX", help="folder, zip file or notebook")
    one.add_argument(
        "--roster", metavar="FILE", help="CSV with id, name, email, LMS ids (the one given before)"
    )
    one = _on_notebook(
        commands,
        "grade",
        _grade,
        help="grade a class",
        description="Grade all submissions of a notebook, each in a sandbox of its own.",
        epilog="example: dcgan-grader grade 03_generator --workers 4",
    )
    one.add_argument("students", nargs="*", metavar="STUDENT", help="ids; all when none is named")
    one.add_argument("--workers", type=_count, metavar="N", help="at once (one per processor)")
    one.add_argument("--scheduler", metavar="ADDRESS", help="grade on this Dask cluster")
    one.add_argument("--again", action="store_true", help="also what has not changed")
    one.add_argument("--every-cell", action="store_true", help="run demonstrations, too")
    one.add_argument("--cell-seconds", type=_count, metavar="N", help="time for one cell (180)")
    one.add_argument("--unsafe", action="store_true", help="without a sandbox where there is none")
    one = _on_notebook(
        commands,
        "reviewed",
        _reviewed,
        help="end the review of submissions that you have looked at",
        description="Take away the flag, as formgrader does with Ctrl+Shift+F; the points stay.",
        epilog="example: dcgan-grader reviewed 03_generator ada",
    )
    one.add_argument("students", nargs="+", metavar="STUDENT", help="ids")
    one = _on_notebook(
        commands,
        "feedback",
        _feedback,
        help="write a page for each student",
        description="Write feedback/STUDENT/NAME/NAME.html without hidden tests or live HTML.",
        epilog="example: dcgan-grader feedback 03_generator",
    )
    one.add_argument("students", nargs="*", metavar="STUDENT", help="ids; all when none is named")
    one = _on_notebook(
        commands,
        "marks",
        _marks,
        help="write the marks of a class as CSV",
        description="Write the marks of a class with the status of each student.",
        epilog="example: dcgan-grader marks 03_generator --format moodle",
    )
    one.add_argument("--format", choices=("csv", "canvas", "moodle"), default="csv")
    one.add_argument("--out", metavar="FILE", help="file to write (grading/NAME/marks-FORMAT.csv)")
    one.add_argument(
        "--with-review",
        action="store_true",
        help="give the LMS the marks of submissions that are up for review, too",
    )
    one = _on_notebook(
        commands,
        "report",
        _report,
        help="write a report on the class",
        description="Write grading/NAME/report.html: marks, commonest mistakes, who needs a look.",
        epilog="example: dcgan-grader report 03_generator",
    )
    return parser


def _on_notebook(commands, command, run, **texts):
    """Add a command whose first argument is the name of a notebook."""
    one = commands.add_parser(command, **texts)
    one.add_argument("name", metavar="NAME", help="the notebook")
    one.set_defaults(run=run)
    return one


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


def _collect(options):
    from dcgan_grader.collect import collect, table

    print("\n".join(table(collect(options.root, options.name, options.inbox, options.roster))))
    return 0


def _grade(options):
    if sys.platform == "win32":
        raise ValueError("grading needs Linux or macOS; on Windows use WSL")
    from dcgan_grader.grade import grade, main_line, table
    from dcgan_grader.run_notebook import Options

    how = Options(every_cell=options.every_cell)
    if options.cell_seconds:
        how = how._replace(cell_seconds=options.cell_seconds)
    records = grade(
        options.root,
        options.name,
        options.students,
        workers=options.workers,
        scheduler=options.scheduler,
        unsafe=options.unsafe,
        again=options.again,
        options=how,
        say=lambda line: print(line, flush=True),
    )
    if not records:
        raise ValueError(
            f"nothing was handed in; run: dcgan-grader collect {options.name} INBOX --roster FILE"
        )
    print("\n".join(table(records)))
    print(main_line(records))


def _reviewed(options):
    from dcgan_grader.gradebook import end_review

    end_review(options.root, options.name, options.students)
    print(f"reviewed: {', '.join(options.students)}")


def _count(text):
    number = int(text) if text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return number


def _feedback(options):
    from dcgan_grader.feedback import feedback

    done = feedback(options.root, options.name, options.students)
    pages = "1 page" if len(done.pages) == 1 else f"{len(done.pages)} pages"
    print(f"{pages} of feedback: feedback/STUDENT/{options.name}/{options.name}.html")
    for student, problem in done.problems.items():
        print(f"no feedback for {student}: {problem}", file=sys.stderr)
    return int(bool(done.problems))


def _marks(options):
    from dcgan_grader.marks import write_marks

    path, counts = write_marks(
        options.root, options.name, options.format, options.out, options.with_review
    )
    print(f"marks: {path}")
    print("\n".join(f"  {count:>4} {status}" for status, count in counts.items()))
    return 0


def _report(options):
    from dcgan_grader.report import write_report

    print(f"report: {write_report(options.root, options.name)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
