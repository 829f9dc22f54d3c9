"""A run's folder, the command line, and resuming after any interruption."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from dcgan_lib import cli, run

pytestmark = [pytest.mark.colab, pytest.mark.xdist_group("one finished run")]

EPOCHS = 6


def dcgan(*arguments, **options):
    """Start the command `dcgan` in a process of its own."""
    command = [sys.executable, "-m", "dcgan_lib.cli", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options)


def train(out, small_file, epochs=EPOCHS):
    return dcgan("train", "--data", small_file, "--epochs", epochs, "--seed", 3, "--out", out)


def rows(out):
    try:
        with open(out / "losses.csv", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        return []


def tensors(out):
    import tensorflow as tf

    reader = tf.train.load_checkpoint(tf.train.latest_checkpoint(str(out / "checkpoints")))
    names = set(reader.get_variable_to_shape_map()) - {"_CHECKPOINTABLE_OBJECT_GRAPH"}
    return {name: reader.get_tensor(name) for name in names}


@pytest.fixture(scope="module")
def finished(tmp_path_factory, small_file):
    """A run that was never stopped."""
    out = tmp_path_factory.mktemp("run") / "finished"
    process = train(out, small_file)
    text = process.communicate(timeout=600)[0].decode()
    assert process.returncode == 0
    return out, text


def interrupt(out, small_file, kills, seed):
    """Train, killing the process with -9 at random moments, then let it end."""
    chance, hits = random.Random(seed), 0
    for _ in range(kills):
        done = rows(out)
        if len(done) == EPOCHS:
            break  # This machine was faster than the last moment.
        target = chance.randint(len(done), EPOCHS - 1)
        process = train(out, small_file)
        while process.poll() is None and len(rows(out)) < target:
            time.sleep(0.01)
        # Somewhere in an epoch, or in what comes before the first one.
        time.sleep(chance.random() * float(done[-1]["seconds"] if done else 1))
        hits += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert hits, "every process had ended before it was killed"
    process = train(out, small_file)
    process.communicate(timeout=600)
    assert process.returncode == 0


def assert_same_run(out, finished):
    whole, resumed = tensors(finished), tensors(out)
    assert whole.keys() == resumed.keys() and len(whole) > 60
    for name in whole:
        np.testing.assert_array_equal(whole[name], resumed[name], err_msg=name)
    for old, new in zip(rows(finished), rows(out), strict=True):
        assert {**old, "seconds": 0} == {**new, "seconds": 0}
    assert [int(row["epoch"]) for row in rows(out)] == list(range(1, EPOCHS + 1))
    for epoch in range(1, EPOCHS + 1):
        name = f"image_at_epoch_{epoch:04d}.png"
        assert (out / name).read_bytes() == (finished / name).read_bytes()
    assert not list(out.glob(".*")), "a temporary file is left"


def test_killed_twice_it_ends_with_the_same_weights(tmp_path, small_file, finished):
    seed = int.from_bytes(os.urandom(4), "big")
    print("seed of the moments:", seed)
    interrupt(tmp_path / "run", small_file, 2, seed)
    assert_same_run(tmp_path / "run", finished[0])


@pytest.mark.slow
def test_killed_ten_times_it_ends_with_the_same_weights(tmp_path, small_file, finished):
    seed = int.from_bytes(os.urandom(4), "big")
    print("seed of the moments:", seed)
    interrupt(tmp_path / "run", small_file, 10, seed)
    assert_same_run(tmp_path / "run", finished[0])


def test_ctrl_c_says_how_to_go_on(tmp_path, small_file):
    out = tmp_path / "run"
    command = [sys.executable, "-m", "dcgan_lib.cli", "train", "--data", str(small_file)]
    process = subprocess.Popen(
        [*command, "--epochs", "500", "--out", str(out)],
        stderr=subprocess.PIPE,
        # A job in the background of a shell ignores Ctrl-C, and so would what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while process.poll() is None and not rows(out):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    try:
        said = process.communicate(timeout=120)[1].decode()
    finally:
        process.kill()
    assert process.returncode == 130
    assert "same command goes on" in said and "Traceback" not in said


def test_a_finished_run_says_so_and_changes_nothing(finished, capsys, small_file):
    out, text = finished
    assert "left" in text and text.count("epoch") >= EPOCHS
    before = rows(out)
    run.train_run(out, epochs=EPOCHS)
    assert f"already has {EPOCHS} epochs" in capsys.readouterr().out
    assert rows(out) == before


def test_animate_sample_walk_and_evaluate(finished, capsys, tmp_path):
    out = str(finished[0])
    assert cli.main(["animate", out, "--out", str(tmp_path / "t.gif")]) == 0
    assert (tmp_path / "t.gif").stat().st_size > 1000 and (tmp_path / "t.png").exists()
    assert cli.main(["sample", out, "--count", "5", "--out", str(tmp_path / "s.npy")]) == 0
    images = np.load(tmp_path / "s.npy")
    assert images.shape == (5, 28, 28, 1) and images.dtype == np.float32
    assert np.abs(images).max() <= 1
    assert cli.main(["sample", out, "--count", "5", "--out", str(tmp_path / "s.png")]) == 0
    assert (tmp_path / "s.png").read_bytes().startswith(b"\x89PNG")
    assert cli.main(["walk", out, "--out", str(tmp_path / "w.gif")]) == 0
    assert (tmp_path / "w.gif").read_bytes().startswith(b"GIF89a")
    capsys.readouterr()
    assert cli.main(["evaluate", out]) == 0
    table = capsys.readouterr().out
    assert "noise" in table and "held out" in table


def fails(capsys, *arguments):
    """What the command says on standard error; it must be one line, with exit code 2."""
    try:
        code = cli.main(list(map(str, arguments)))
    except SystemExit as exit:
        code = exit.code
    said = capsys.readouterr().err.strip()
    assert code == 2 and len(said.splitlines()) == 1
    return said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["train", "--epochs", "0"], "'0' is not a whole number from 1"),
        (["train", "--epochs", "3", "--minutes", "2"], "not allowed with"),
        (["train", "--minutes", "nan"], "'nan' is not a number above 0"),
        (["train", "--seed", "-1"], "'-1' is not a whole number from 0"),
        (["train", "--precision", "int8"], "invalid choice"),
        (["fly"], "invalid choice"),
        ([], "required"),
        (["sample"], "required"),
    ],
)
def test_bad_arguments_are_answered_in_one_line(capsys, arguments, says):
    assert says in fails(capsys, *arguments)


def test_bad_input_is_answered_in_one_line(capsys, tmp_path, small_file, finished):
    out = finished[0]
    assert "no preset 'slow'" in fails(capsys, "train", "--preset", "slow", "--out", tmp_path / "a")
    assert "no such file" in fails(capsys, "train", "--data", "x.npz", "--out", tmp_path / "b")
    assert "seed 3, not 4" in fails(capsys, "train", "--seed", 4, "--out", out)
    assert "holds no run" in fails(capsys, "evaluate", tmp_path)
    assert ".png or .npy" in fails(capsys, "sample", out, "--out", tmp_path / "s.jpg")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").touch()
    assert "choose another folder" in fails(capsys, "train", "--out", tmp_path / "full")


def test_a_folder_that_cannot_be_written_is_an_error_before_training(capsys, tmp_path, small_file):
    (tmp_path / "file").write_text("not a folder")
    said = fails(capsys, "train", "--data", small_file, "--out", tmp_path / "file" / "run")
    assert "cannot write to" in said


def test_other_images_under_the_same_name_are_refused(capsys, tmp_path, small_file, finished):
    settings = json.loads((finished[0] / "run.json").read_text())
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text(json.dumps(settings | {"fingerprint": "0"}))
    assert "other images" in fails(capsys, "train", "--out", tmp_path / "run")


def test_a_damaged_checkpoint_is_named_and_the_one_before_taken(capsys, tmp_path, finished):
    import shutil

    out = tmp_path / "run"
    shutil.copytree(finished[0], out)

    def damage(epoch):
        for path in (out / "checkpoints").glob(f"ckpt-{epoch}.data*"):
            path.write_bytes(path.read_bytes()[:1000])

    damage(EPOCHS)
    run.train_run(out, epochs=EPOCHS)
    assert f"ckpt-{EPOCHS} is damaged" in capsys.readouterr().err
    assert_same_run(out, finished[0])
    for epoch in range(EPOCHS + 1):
        damage(epoch)
    assert cli.main(["sample", str(out)]) == 2
    assert "every checkpoint in" in capsys.readouterr().err


@pytest.mark.parametrize("command", cli.EXAMPLES)
def test_every_command_has_help_with_an_example(capsys, command):
    with pytest.raises(SystemExit) as exit:
        cli.main([command, "--help"])
    assert exit.value.code == 0
    assert cli.EXAMPLES[command] in capsys.readouterr().out


def test_doctor_finds_this_machine_fit(capsys):
    cli.main(["doctor"])
    said = capsys.readouterr().out
    assert "tensorflow" in said and "5,000 inside the package" in said


@pytest.mark.gpu
def test_on_a_gpu_a_step_runs_in_mixed_precision(tmp_path, small_file):
    import tensorflow as tf

    if not tf.config.list_physical_devices("GPU"):
        pytest.skip("needs a GPU")
    model = run.train_run(tmp_path / "run", data=str(small_file), epochs=1)
    assert model.generator.layers[0].compute_dtype == "float16"
    assert model.jit_compile and int(model.steps) == 128 // 32


@pytest.mark.parametrize("precision", ["mixed_float16", "mixed_bfloat16"])
def test_a_run_in_mixed_precision_goes_on_in_float32(tmp_path, small_file, precision):
    out = tmp_path / "run"
    first = run.train_run(out, data=str(small_file), epochs=1, precision=precision)
    assert all(w.dtype == "float32" for w in first.generator.weights)
    assert int(first.steps) == 128 // 32
    second = run.train_run(out, epochs=2, precision="float32")
    assert int(second.steps) == 2 * 128 // 32 and [row["epoch"] for row in rows(out)] == ["1", "2"]
    assert all(np.isfinite(w).all() for w in second.generator.get_weights())
