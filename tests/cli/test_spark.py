"""Linking on a Spark cluster of this machine, a master and two workers, against linking here.

Takes minutes, Java 17 and `make spark`; `make drill` brings the last where Java is, and runs it.
"""

import os
import shutil
import subprocess
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from csv import DictReader, DictWriter
from pathlib import Path
from threading import Thread, Timer

import pytest

from register.settings import ROOT
from register.simulation.pairs import write_pair, write_twins
from tests.cli.conftest import COMMAND, Program
from tests.registers import DRILL

SPARK = ROOT / ".venv" / "spark"
PATIENCE = 300
"""Seconds after which a process that says nothing is ended."""
needs_spark = pytest.mark.skipif(
    not (DRILL and shutil.which("java") and (SPARK / ".ready").exists()),
    reason="a drill that needs Java 17 and `make spark`: run `make drill`",
)


def environment(*path: Path) -> dict[str, str]:
    """What Spark's own processes and ours are told."""
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "PYSPARK_PYTHON": COMMAND[0],
        "SPARK_HOME": str(SPARK / "pyspark"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
    }


def start(stack: ExitStack, ready: str, *arguments: object) -> str:
    """Start one of Spark's own processes, ended with the stack; give the line that says `ready`."""
    process = stack.enter_context(
        subprocess.Popen(
            [str(SPARK / "pyspark/bin/spark-class"), *map(str, arguments)],
            env=environment(ROOT),
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
    )
    stack.callback(process.kill)
    watch = Timer(PATIENCE, process.kill)
    watch.start()
    assert process.stderr is not None
    line = next((line for line in process.stderr if ready in line), "")
    watch.cancel()
    assert line, f"Spark never said: {ready}"
    drain = Thread(target=deque, args=(process.stderr, 0), daemon=True)
    drain.start()
    stack.callback(drain.join)
    stack.callback(process.kill)
    return line


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a cluster's master."""
    work = tmp_path_factory.mktemp("workers")
    host = ("--host", "127.0.0.1", "--webui-port", 0)
    deploy = "org.apache.spark.deploy"
    with ExitStack() as stack:
        said = start(stack, "spark://", f"{deploy}.master.Master", *host, "--port", 0)
        address = f"spark://{said.split('spark://')[1].strip()}"
        for number in range(2):
            place = ("--work-dir", work / str(number), "--cores", 1, "--memory", "1g")
            worker = (f"{deploy}.worker.Worker", *host, *place, address)
            start(stack, "Successfully registered with master", *worker)
        yield address


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two extracts of some thousand children each, with siblings, and twins behind them."""
    folder = tmp_path_factory.mktemp("extracts")
    pair, twins = write_pair(folder / "pair", 1000, 77), write_twins(folder / "twins", 80, 78)
    for path, more in zip(pair[:2], twins[:2], strict=True):
        with path.open(encoding="utf-8", newline="") as file:
            headings = DictReader(file).fieldnames or ()
        with more.open(encoding="utf-8", newline="") as file:
            rows = [{**row, "reference": f"T{row['reference']}"} for row in DictReader(file)]
        for row in rows:
            row["child_reference"] = row["child_reference"] and f"T{row['child_reference']}"
        with path.open("a", encoding="utf-8", newline="") as file:
            DictWriter(file, headings, lineterminator="\n").writerows(rows)
    return [*pair[:2]]


def link(files: Sequence[Path], output: Path, *options: str, code: Path = ROOT) -> dict[str, str]:
    """Link in a process of its own, by the program that lies in `code`; give what it wrote."""
    done = subprocess.run(
        [*COMMAND, "link", *map(str, files), "--output", str(output), *options],
        env=environment(code, SPARK),
        cwd=output.parent,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {name: (output / name).read_text("utf-8") for name in ("links.csv", "reviews.csv")}


@needs_spark
def test_a_cluster_gives_the_same_links_and_reviews(
    files: list[Path], master: str, tmp_path: Path
) -> None:
    here = link(files, tmp_path / "here")
    assert here["links.csv"].count('"linked"') > 1000
    assert here["reviews.csv"].count("\n") > 20
    assert link(files, tmp_path / "there", "--engine", "spark", "--master", master) == here


@needs_spark
def test_control_workers_that_leave_out_one_kind_of_key_are_seen(
    files: list[Path], master: str, tmp_path: Path
) -> None:
    for part in ("register", "config"):
        shutil.copytree(ROOT / part, tmp_path / "code" / part)
    keys = tmp_path / "code/register/linkage/identity.py"
    whole = keys.read_text("utf-8")
    less = whole.replace('{("born", born, name) for name in spoken}', "set()")
    assert less != whole
    keys.write_text(less, "utf-8")
    spark = ("--engine", "spark", "--master", master)
    there = link(files, tmp_path / "there", *spark, code=tmp_path / "code")
    assert there != link(files, tmp_path / "here")


def test_spark_is_asked_for_with_its_master(embedded: Program, tmp_path: Path) -> None:
    for options in (("--engine", "spark"), ("--master", "spark://host:7077")):
        result = embedded.run("link", "a.csv", "b.csv", "--output", tmp_path / "out", *options)
        assert result.exit_code == 2
        assert "--engine spark" in result.stderr


def test_without_spark_a_sentence_says_what_to_install(
    embedded: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("register.cli.linking.find_spec", lambda _name: None)
    spark = ("--engine", "spark", "--master", "spark://host:7077")
    said = embedded.refuse("link", "a.csv", "b.csv", "--output", tmp_path / "out", *spark)
    assert "make spark" in said
