"""How a check passes, fails, refuses and reports."""

import functools
import inspect
import marshal
import sys
import threading
import types
import warnings

import pytest
import tensorflow as tf

from dcgan_lib import doctor
from dcgan_lib.checks import framework
from dcgan_lib.checks.framework import CheckFailed, Exercise, NotAnswered, ReferenceUsed
from dcgan_lib.doctor import hello_gan

pytestmark = pytest.mark.colab


@pytest.fixture
def lesson(monkeypatch):
    monkeypatch.setattr(framework, "LESSONS", {})
    double = Exercise("double", "77_sums", references=["doctor.hello_gan"])

    @double.check("Doubling")
    def double_value(answer, number=2):
        """doubles a number."""
        framework.expect_close(answer(number), 2 * number, "the result", cause="multiply by 2")

    question = Exercise("question", "77_sums")
    choice = question.choice("Asking", "AC", {"A": "yes", "B": "no, since", "C": "also"})
    return double_value, choice


def test_a_right_answer_prints_one_line(lesson, capsys):
    lesson[0](lambda x: x + x)
    assert capsys.readouterr().out == "\N{CHECK MARK} double doubles a number.\n"


def test_a_failure_says_what_came_what_was_expected_why_and_where(lesson):
    with pytest.raises(CheckFailed) as error:
        lesson[0](lambda x: x**3)
    lines = str(error.value).splitlines()
    assert lines[0] == "double: the result is wrong"
    assert [line.split(":")[0].strip() for line in lines[1:]] == [
        "came",
        "expected",
        "likely",
        "taught in",
    ]
    assert "8" in lines[1] and "4" in lines[2] and 'Doubling"' in lines[4]
    assert error.value.__suppress_context__


def test_long_lines_break_between_words_on_the_screen_alone():
    cause = "a long reason " * 20
    error = framework._brief(CheckFailed(f"double: wrong\n  likely:    {cause}"))
    first, *others = error._render_traceback_()[0].split("\n")
    assert first == "CheckFailed: double: wrong" and len(others) > 1
    assert all(len(line) <= framework.WIDTH for line in others)
    assert " ".join(" ".join(others).split()) == f"likely: {cause}".strip()
    assert len(str(error).split("\n")) == 2


@pytest.mark.parametrize("value", [None, "four", {}, [1, [2, 3]], object()])
def test_what_is_no_number_is_a_failure_and_no_crash(lesson, value):
    with pytest.raises(CheckFailed, match="not made of numbers"):
        lesson[0](lambda x: value)


def test_nan_and_another_shape_are_failures(lesson):
    with pytest.raises(CheckFailed, match="wrong"):
        lesson[0](lambda x: float("nan"))
    with pytest.raises(CheckFailed, match="shape"):
        lesson[0](lambda x: [4.0])


def test_an_error_of_the_students_code_is_a_message(lesson):
    with pytest.raises(CheckFailed, match="stopped with ZeroDivisionError"):
        lesson[0](lambda x: 1 / 0)
    with pytest.raises(CheckFailed, match="parameters are not those"):
        lesson[0](lambda: 4)
    with pytest.raises(CheckFailed, match="SystemExit"):
        lesson[0](lambda x: sys.exit())


def test_an_unwritten_answer_stays_not_implemented(lesson):
    def stub(x):
        raise NotImplementedError("write this function")

    with pytest.raises(NotImplementedError, match="double is not written yet"):
        lesson[0](stub)


def test_an_answer_that_calls_an_unwritten_one_is_told_which(lesson, capsys):
    Exercise("helper", "77_sums")

    def helper(x):
        raise NotImplementedError("write this function")

    with pytest.raises(CheckFailed, match="double: it calls helper, which is not written yet"):
        lesson[0](lambda x: helper(x))
    framework.progress("77_sums", {"double": lambda x: helper(x)})
    assert "failing: it calls helper" in capsys.readouterr().out


def test_a_long_error_is_cut_to_its_first_lines(lesson):
    def stop(x):
        raise ValueError("\n\x1b[1mfirst\x1b[0m\n" + "more\n" * 500)

    with pytest.raises(CheckFailed) as error:
        lesson[0](stop)
    assert "stopped with ValueError: first" in str(error.value)
    assert len(str(error.value)) < 1000 and "\x1b" not in str(error.value)


def test_an_error_in_a_graph_says_the_students_line_and_the_reason(lesson):
    @tf.function
    def traced(x):
        return tf.ones((2, 3)) + tf.ones((5, 7))

    with pytest.raises(CheckFailed) as error:
        lesson[0](lambda x: traced(x))
    first, *rest = str(error.value).splitlines()
    assert first.startswith("double: your code stopped with ValueError: Dimensions must be equal")
    assert "in line:   return tf.ones((2, 3)) + tf.ones((5, 7))" in "".join(rest[:1])


def test_progress_lets_an_answer_write_a_progress_bar(lesson, capsys):
    def answer(x):
        sys.stdout.write("1/1 done")
        return 2 * x

    framework.progress("77_sums", {"double": answer})
    assert capsys.readouterr().out.splitlines()[0].split() == ["double", "done"]


def test_a_warning_is_text_and_costs_nothing(lesson, capsys):
    def warned(x):
        warnings.warn("look out", stacklevel=1)
        return 2 * x

    lesson[0](warned)
    captured = capsys.readouterr()
    assert "note: Python warned: look out" in captured.out and not captured.err


def caught(x):
    try:
        hello_gan("you")
    finally:
        return 2 * x  # noqa: B012 (that is the point)


def as_a_default(x, greet=functools.partial(hello_gan, "you")):  # noqa: B008
    return 2 * x if greet() else None


def by_a_copy_of_the_function(x):
    types.FunctionType(hello_gan.__code__, hello_gan.__globals__)("you")
    return 2 * x


copied_before = types.FunctionType(hello_gan.__code__, hello_gan.__globals__)


def by_a_copy_made_before(x):
    copied_before("you")
    return 2 * x


def with_its_code_inside(x):
    def other(name):
        pass

    other.__code__ = hello_gan.__code__
    other("you")
    return 2 * x


def by_its_source(x):
    exec(inspect.getsource(hello_gan), vars(doctor).copy())
    return 2 * x


names = vars(doctor).copy()
exec(inspect.getsource(hello_gan), names)


def by_its_source_run_before(x):
    names["hello_gan"]("you")
    return 2 * x


def by_marshal(x):
    code = marshal.loads(marshal.dumps(hello_gan.__code__))
    types.FunctionType(code, hello_gan.__globals__)("you")
    return 2 * x


def in_a_thread(x):
    thread = threading.Thread(target=caught, args=[x])
    thread.start()
    thread.join()
    return 2 * x


def by_its_source_in_a_thread(x):
    thread = threading.Thread(target=by_its_source_run_before, args=[x])
    thread.start()
    thread.join()
    return 2 * x


@pytest.mark.parametrize(
    "answer",
    [
        caught,
        as_a_default,
        by_a_copy_of_the_function,
        by_a_copy_made_before,
        with_its_code_inside,
        by_its_source,
        by_its_source_run_before,
        by_marshal,
        in_a_thread,
        by_its_source_in_a_thread,
    ],
)
def test_the_reference_is_refused_whatever_the_way_to_it(lesson, answer):
    code, before = hello_gan.__code__, sys.getprofile()
    with pytest.raises(ReferenceUsed, match="library's own solution, dcgan_lib's hello_gan"):
        lesson[0](answer)
    assert hello_gan.__code__ is code and sys.getprofile() is before
    assert "you" in hello_gan("you")


def test_a_function_that_was_given_the_code_of_the_reference_is_refused(lesson):
    def answer(x):
        return 2 * x

    lesson[0](answer)
    answer.__code__ = hello_gan.__code__
    with pytest.raises(ReferenceUsed):
        lesson[0](answer)


def test_what_a_refused_answer_made_is_forgotten(lesson):
    made = []

    @framework.kept
    def result_of(answer):
        made.append(answer)
        return answer(2)

    exercise = Exercise("kept", "78_kept", references=["doctor.hello_gan"])

    @exercise.check("Keeping")
    def kept_value(answer):
        """gives 4."""
        framework.expect_close(result_of(answer), 4, "the result", cause="none")

    def honest(x):
        return 2 * x

    for _ in range(2):
        with pytest.raises(ReferenceUsed):
            kept_value(by_its_source_run_before)
    kept_value(honest)
    kept_value(honest)
    assert made == [by_its_source_run_before, by_its_source_run_before, honest]


def test_an_honest_answer_passes_also_beside_copies_of_the_reference(lesson):
    by_a_copy_made_before(1)
    lesson[0](lambda x: x + x)


def test_an_answer_that_asks_its_own_check_is_refused(lesson):
    def answer(x):
        try:
            lesson[0](lambda x: 0)
        except CheckFailed as failure:
            return float(str(failure).split("expected:")[1].split()[0])

    with pytest.raises(ReferenceUsed, match="library's own solution, dcgan_lib's check of double"):
        lesson[0](answer)
    lesson[0](lambda x: 2 * x)


def test_an_honest_answer_passes_while_another_check_runs(lesson, monkeypatch):
    """Both trap the reference; the inner one must not set it free."""
    monkeypatch.setattr(framework, "_LIBRARY", __file__)  # so that the check may run another

    def answer(x):
        lesson[0](lambda x: x + x)
        return caught(x)

    with pytest.raises(ReferenceUsed):
        lesson[0](answer)


def test_graphs_of_the_reference_are_refused(lesson):
    import tensorflow as tf

    answer = tf.function(hello_gan)
    with pytest.raises(ReferenceUsed):
        lesson[0](lambda x: (answer("you"), 2 * x)[1])


@pytest.mark.parametrize("answer", [{"A", "C"}, "AC", "a, c", ["C", "A"], ("A", "C", "A")])
def test_choices_may_be_written_in_any_way(lesson, answer):
    lesson[1](answer)


@pytest.mark.parametrize(
    ("answer", "says"),
    [({"A", "B"}, "B: no, since"), ({"A"}, "1 more"), ("Z", "no such option"), ("ABC", "B: no")],
)
def test_a_wrong_choice_says_why(lesson, answer, says):
    with pytest.raises(CheckFailed, match=says):
        lesson[1](answer)


@pytest.mark.parametrize("answer", [None, set(), "", []])
def test_no_choice_is_not_answered(lesson, answer):
    with pytest.raises(NotAnswered, match="not answered yet"):
        lesson[1](answer)


def test_progress_never_raises(lesson, capsys):
    def stub(x):
        raise NotImplementedError

    for names, states in (
        ({}, ["not started", "not started"]),
        ({"double": stub, "question": None}, ["not started", "not started"]),
        ({"double": lambda x: 5, "question": "B"}, ["failing: the result", "failing: not every"]),
        ({"double": lambda x: 2 * x, "question": "AC"}, ["done", "done"]),
    ):
        framework.progress("77_sums", names)
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 2
        for line, name, state in zip(lines, ("double", "question"), states, strict=True):
            assert line.startswith(name) and state in line
