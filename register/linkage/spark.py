"""Linking on a Spark cluster: whoever shares a key meets, and is compared, on the executors.

The driver reads, and decides by `group.py` as ever; nominating and comparing, which is what grows
with the pairs, is done where the cluster has room, by the functions that do it here. The code
travels with the job, so that no worker can be of another version.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812  # as all of Spark's own pages call it
from pyspark.sql.pandas.group_ops import PandasCogroupedOps

from register.errors import Refused
from register.linkage.bulk import Meet, Met
from register.linkage.columns.compare import Compared, Comparer
from register.linkage.columns.nominate import in_order
from register.linkage.columns.people import People, find_people
from register.linkage.compare import Comparison
from register.linkage.guards import Decision
from register.linkage.identity import IDENTIFIERS, blocking_keys
from register.linkage.levels import Level, NamePair
from register.linkage.limits import limit_of
from register.linkage.match import Model, judge
from register.reports.coding import Flags, Ints, code
from register.reports.columns import CODED, Columns
from register.reports.times import NEVER, Moments
from register.settings import CONFIG_DIR, ROOT

TEXTS = tuple(name for name in CODED if name != "category")
"""The columns that tell who a child is, and whose report it is."""
COLUMN_OF = {"postcode": "home_postcode", **{field: field for field in IDENTIFIERS}}
"""The column of each kind of value that may be silent."""
PART = 20_000
"""Reports whose children, or whose pairs, are worked through as one batch."""
LEAST_PARTS = 4
CODE = "register-code"
"""The folder beside each executor into which the code is unpacked."""
KEYS = "key long, most long, subject long"
COMPARED = "one long, other long, compared string"
Silent = dict[str, list[str]]
"""Of each kind the values that too many share for them to say anything."""


def meet_on(master: str) -> Meet:
    """Give what nominates and compares on the cluster of this master, such as spark://host:7077."""
    return partial(_meet, master)


def keys_of(rows: pa.Table, model: Model) -> pa.Table:
    """Give the keys of some reports' children, and how many may share each."""
    people, numbers = _people(rows)
    nothing = _flags(people, {})
    limits = model.crowd, model.namesakes, model.shared
    subjects = people.subjects(np.arange(len(people)), nothing)
    found = [
        (key, limit_of(key, *limits), number)
        for place, number in enumerate(numbers.tolist())
        for key in blocking_keys(subjects[place])
    ]
    names = ("key", "most", "subject")
    return pa.table(
        {name: pa.array([each[at] for each in found], pa.int64()) for at, name in enumerate(names)}
    )


def compare_pairs(pairs: pa.Table, rows: pa.Table, silent: Silent, model: Model) -> pa.Table:
    """Compare some pairs by the rows of all who are in them; give those of which much follows."""
    people, numbers = _people(rows)
    in_turn = np.argsort(numbers)
    ones, others = (
        in_turn[np.searchsorted(numbers, pairs[side].to_numpy(), sorter=in_turn)]
        for side in ("one", "other")
    )
    ones, others = in_order(people, ones, others)
    compared = Comparer(people, _flags(people, silent), model).compare(ones, others)
    telling = [judge(each, model).decision is not Decision.NOTHING for each in compared.distinct]
    kept = np.flatnonzero(np.array(telling, bool)[compared.places])
    texts = pa.array([json.dumps(astuple(each)) for each in compared.distinct], pa.string())
    return pa.table(
        {
            "one": numbers[ones[kept]],
            "other": numbers[others[kept]],
            "compared": texts.take(pa.array(compared.places[kept])),
        }
    )


def _meet(master: str, people: People, silent: dict[str, Flags], model: Model) -> Met:
    parts = max(LEAST_PARTS, len(people.columns) // PART)
    try:
        with _session(master, parts) as session:
            rows = session.createDataFrame(_rows(people)).cache()
            pairs, crowded = _nominate(rows, parts, model)
            told = _listed(people, silent)
            found = _bring_together(rows, pairs, parts).applyInArrow(
                lambda pairs, rows: compare_pairs(pairs, rows, told, model), COMPARED
            )
            return _met(found.toArrow(), crowded)
    except (PySparkException, Py4JError) as error:
        said = (str(error).strip().splitlines() or ["it gave no reason"])[0]
        raise Refused(
            f"Spark at {master} could not link: {said.rstrip('.:')}. The cluster must be up, Java "
            "17 be here, and the workers' Python have what docs/linking-at-scale.md names."
        ) from error


@contextmanager
def _session(master: str, parts: int) -> Iterator[SparkSession]:
    """Open a session whose executors have this program's code and configuration."""
    with TemporaryDirectory() as folder:
        archive = _pack(Path(folder) / f"{CODE}.zip")
        session = (
            SparkSession.builder.master(master)
            .appName("register link")
            .config("spark.archives", f"{archive}#{CODE}")
            .config("spark.executorEnv.PYTHONPATH", CODE)
            .config("spark.default.parallelism", parts)
            .config("spark.sql.shuffle.partitions", parts)
            # Parts are weighed by the work they are, which Spark can't see, not by their bytes.
            .config("spark.sql.adaptive.coalescePartitions.enabled", "false")
            .config("spark.driver.maxResultSize", "0")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.log.level", "ERROR")
            .getOrCreate()
        )
        try:
            yield session
        finally:
            session.stop()


def _pack(path: Path) -> Path:
    with ZipFile(path, "w") as archive:
        for file in sorted((ROOT / "register").rglob("*.py")):
            archive.write(file, file.relative_to(ROOT))
        for file in sorted(CONFIG_DIR.rglob("*.*")):
            archive.write(file, Path("config") / file.relative_to(CONFIG_DIR))
    return path


def _nominate(rows: DataFrame, parts: int, model: Model) -> tuple[DataFrame, int]:
    """Pair the subjects under each key that not too many share, and count the others."""
    several = rows.withColumn("part", F.col("subject") % parts).groupBy("part")
    keys = several.applyInArrow(lambda rows: keys_of(rows, model), KEYS).cache()
    sizes = keys.groupBy("key", "most").count().cache()
    few = keys.join(sizes.where("1 < count and count <= most").select("key"), "key")
    pairs = (
        few.select("key", F.col("subject").alias("one"))
        .join(few.select("key", F.col("subject").alias("other")), "key")
        .where("one < other")
        .select("one", "other")
        .distinct()
    )
    return pairs, sizes.where("count > most").count()


def _bring_together(rows: DataFrame, pairs: DataFrame, parts: int) -> PandasCogroupedOps:
    """Bring each part of the pairs together with the reports of all who are in it."""
    pairs = pairs.withColumn("part", F.col("one") % parts).cache()
    sides = [
        pairs.select(F.col("part").alias("of"), F.col(side).alias("subject"))
        for side in ("one", "other")
    ]
    concerned = sides[0].union(sides[1]).distinct().join(rows, "subject")
    return pairs.groupBy("part").cogroup(concerned.groupBy("of"))


def _met(found: pa.Table, crowded: int) -> Met:
    texts = found["compared"].combine_chunks().dictionary_encode()
    distinct = [_comparison(*json.loads(text)) for text in texts.dictionary.to_pylist()]
    ones, others = (found[side].to_numpy() for side in ("one", "other"))
    return Met(ones, others, Compared(texts.indices.to_numpy(), distinct), crowded)


def _comparison(
    forenames: Iterable[str], surnames: Iterable[str], *others: str | bool
) -> Comparison:
    one, other = (NamePair(Level(level), *two) for level, *two in (forenames, surnames))
    swapped, *levels = others
    return Comparison(one, other, bool(swapped), *(Level(str(each)) for each in levels))


def _rows(people: People) -> pa.Table:
    """Give the reports as rows, each with the number of its subject."""
    columns = people.columns
    subject = np.empty(len(columns), np.int64)
    subject[people.rows.values] = np.repeat(np.arange(len(people)), people.rows.counts)
    missing = columns.timed["missing_at"]
    coded = ((name, columns.coded[name]) for name in TEXTS)
    return pa.table(
        {
            "subject": subject,
            "row": np.arange(len(columns)),
            "kind": columns.kind.astype(np.int64),
            "missing_on": pa.array(missing.day.astype(np.int64), mask=~missing.known),
            **{name: each.values.take(pa.array(each.codes)) for name, each in coded},
        }
    )


def _people(rows: pa.Table) -> tuple[People, Ints]:
    """Give the people of whom some rows speak, each with all its rows, and their numbers."""
    rows = rows.sort_by("row")
    missing_on = rows["missing_on"]
    known = missing_on.is_valid().to_numpy()
    day = missing_on.fill_null(0).to_numpy()
    moments = Moments(np.where(known, 0, NEVER), day, known)
    columns = Columns(
        {name: code(rows[name], str, _is_told) for name in TEXTS},
        {"missing_at": moments},
        rows["kind"].to_numpy(),
        pa.chunked_array([], pa.string()),
    )
    people = find_people(columns)
    return people, rows["subject"].to_numpy()[people.first]


def _is_told(texts: pa.Array) -> Flags:
    flags: Flags = pc.not_equal(texts, "").to_numpy(zero_copy_only=False)
    return flags


def _listed(people: People, silent: dict[str, Flags]) -> Silent:
    """Give the silent values themselves: their numbers are each batch's own."""
    return {
        kind: people.columns.coded[name].values.filter(pa.array(silent[kind])).to_pylist()
        for kind, name in COLUMN_OF.items()
    }


def _flags(people: People, silent: Silent) -> dict[str, Flags]:
    values = {kind: people.columns.coded[name].values for kind, name in COLUMN_OF.items()}
    return {
        kind: pc.is_in(each, pa.array(silent.get(kind, []), pa.string())).to_numpy(
            zero_copy_only=False
        )
        for kind, each in values.items()
    }
