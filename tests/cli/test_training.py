"""`register train`: a model from files of reports, readable, of use at once, never silent."""

from pathlib import Path

import pytest

from register.linkage.model import model_in_force, read_model
from register.simulation.pairs import write_pair
from tests.cli.conftest import Program, Write


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_pair(tmp_path_factory.mktemp("drawn"), 1500, 903)[:2]


def test_it_writes_a_model_that_says_what_it_was_made_of(
    embedded: Program, files: tuple[Path, Path], tmp_path: Path
) -> None:
    output = tmp_path / "model.toml"
    before = model_in_force()
    result = embedded.run("train", *files, "--output", output)
    assert result.exit_code == 0, result.output
    learnt = read_model(output)
    for words in ("reports, written from 2026-01-0", "Started from version", learnt.version):
        assert words in result.output
    assert "It is not in force" in result.output
    assert "Learnt by `register train`" in learnt.source
    assert learnt.version != before.version
    assert learnt.weights != before.weights
    assert learnt.forenames
    assert model_in_force() == before
    # The same reports teach the same, and a learnt model can be gone on from.
    again = tmp_path / "again.toml"
    assert embedded.run("train", *reversed(files), "--output", again).exit_code == 0
    assert read_model(again).weights == learnt.weights
    further = tmp_path / "further.toml"
    assert embedded.run("train", *files, "--output", further, "--start", output).exit_code == 0
    assert f"Started from version {learnt.version}" in read_model(further).source


def test_of_many_children_some_are_drawn_and_teach_nearly_the_same(
    embedded: Program,
    files: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    models = []
    for drawn in (2500, 1_000_000):
        monkeypatch.setattr("register.linkage.training_pairs.ENOUGH", drawn)
        output = tmp_path / f"{drawn}.toml"
        assert embedded.run("train", *files, "--output", output).exit_code == 0
        models.append(read_model(output))
    some, every = models
    assert "and of 2500 children drawn from" in some.source
    assert "drawn from" not in every.source
    assert some.forenames == every.forenames, "names are counted of all"
    for evidence, levels in every.weights.items():
        for level, weight in levels.items():
            known = some.weights[evidence][level].bits
            assert known == pytest.approx(weight.bits, abs=1.0), (evidence, level)


def test_rows_that_cannot_be_read_are_told_and_nothing_is_learnt_from_them(
    embedded: Program, files: tuple[Path, Path], write: Write, tmp_path: Path
) -> None:
    bad = [{"reference": f"X{number}", "status": "opened"} for number in range(7)]
    odd = write(*bad, name="odd.csv")
    result = embedded.run("train", *files, odd, "--output", tmp_path / "model.toml")
    assert "7 rows rejected: nothing is learnt from them. The first:\n" in result.output
    assert "\n  odd.csv line 2, status: " in result.output
    assert [line.split(",")[0] for line in result.output.splitlines() if "odd" in line] == [
        f"  odd.csv line {line}" for line in range(2, 7)
    ]
    plain = tmp_path / "plain.toml"
    control = embedded.run("train", *files, "--output", plain)
    assert "rejected" not in control.output
    assert read_model(plain).weights == read_model(tmp_path / "model.toml").weights


def test_no_model_is_written_over(
    embedded: Program, files: tuple[Path, Path], tmp_path: Path
) -> None:
    output = tmp_path / "model.toml"
    output.write_text("mine", "utf-8")
    result = embedded.run("train", *files, "--output", output)
    assert result.exit_code == 1
    assert "is there already" in result.output
    assert output.read_text("utf-8") == "mine"


def test_too_few_reports_are_refused_and_nothing_is_written(
    embedded: Program, write: Write, tmp_path: Path
) -> None:
    few = write({})
    result = embedded.run("train", few, "--output", tmp_path / "model.toml")
    assert result.exit_code == 1
    assert "These files tell of 1 children, too few to learn from" in result.output
    assert not (tmp_path / "model.toml").exists()


def test_what_is_no_model_cannot_be_started_from(
    embedded: Program, files: tuple[Path, Path], tmp_path: Path
) -> None:
    for name, text, told in (
        ("broken.toml", "version = ", "can't be read as a model file"),
        ("empty.toml", 'version = "1"', "The model file lacks the table `thresholds`"),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        start = ("--start", tmp_path / name, "--output", tmp_path / "model.toml")
        result = embedded.run("train", *files, *start)
        assert result.exit_code == 1
        assert told in result.output
