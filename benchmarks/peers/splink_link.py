"""Splink as one who knows it would set it for reports of children; runs in the peers' environment.

Reads two files of the register's own layout, or of FEBRL's columns under our names, links them and
writes what it found. It is the whole of a process, so that its time and memory can be taken.
"""

import argparse
from pathlib import Path

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink import comparison_library as cl

LINK = 0.95
"""The band from which government's matching of children calls a pair a match."""
SAMPLE = 1e7
"""Pairs drawn for what agrees by chance: Splink's documentation calls these often adequate."""
SHARE_FOUND = 0.8
"""What the rules for the prior are taken to find of all true pairs."""
SEED = 903

NAMES = (
    "nullif(lower(strip_accents(trim(forename))), '') AS forename, "
    "nullif(lower(strip_accents(trim(surname))), '') AS surname, "
    "nullif(date_of_birth, '') AS date_of_birth, nullif(home_postcode, '') AS postcode"
)
COLUMNS = {
    "reports": "organisation || '/' || reference AS unique_id, nullif(sex, '') AS sex, "
    f"nullif(nhs_number, '') AS nhs_number, nullif(upn, '') AS upn, {NAMES}",
    "febrl": f"reference AS unique_id, {NAMES}",
}
"""What is read of each layout; a blank is no value."""


def settings_of(layout: str) -> SettingsCreator:
    """Give the comparisons and the blocking for one layout."""
    comparisons = [
        cl.NameComparison("forename"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
    ]
    blocking = [
        block_on("forename", "date_of_birth"),
        block_on("surname", "date_of_birth"),
        block_on("postcode", "date_of_birth"),
        block_on("postcode", "forename"),
        block_on("postcode", "surname"),
        block_on("forename", "surname", "substr(date_of_birth, 1, 4)"),
    ]
    if layout == "febrl":
        # Postcodes of four digits, and files so small that wide blocking costs nothing.
        comparisons.append(cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]))
        blocking += [block_on("forename", "surname"), block_on("date_of_birth")]
    else:
        comparisons += [
            cl.ExactMatch("sex"),
            cl.ExactMatch("nhs_number"),
            cl.ExactMatch("upn"),
            cl.PostcodeComparison("postcode"),
        ]
        blocking += [block_on("nhs_number"), block_on("upn")]
    return SettingsCreator(
        link_type="link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=blocking,
    )


def train(linker: Linker) -> None:
    """Learn the model from the two files, in two passes that leave no comparison out.

    No pass blocks on the household alone: it would learn that siblings are one child.
    """
    linker.training.estimate_probability_two_random_records_match(
        [
            block_on("forename", "surname", "date_of_birth"),
            block_on("forename", "postcode", "date_of_birth"),
        ],
        recall=SHARE_FOUND,
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLE, seed=SEED)
    for rule in (block_on("forename", "postcode"), block_on("surname", "date_of_birth")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)


def main() -> None:
    """Read, train where no model is given, predict, cluster, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs=2, type=Path)
    parser.add_argument("--layout", choices=tuple(COLUMNS), default="reports")
    parser.add_argument("--model", type=Path, help="a saved model; without it one is learned")
    parser.add_argument("--save", type=Path, help="where to save the learned model")
    parser.add_argument("--links", type=Path, help="where to write each record and its cluster")
    parser.add_argument("--pairs", type=Path, help="where to write every scored pair")
    chosen = parser.parse_args()
    connection = duckdb.connect()
    database = DuckDBAPI(connection)
    tables = []
    for name, file in zip(("a", "b"), chosen.files, strict=True):
        connection.execute(
            f"CREATE TABLE {name} AS SELECT {COLUMNS[chosen.layout]} "  # noqa: S608  # our own words
            "FROM read_csv(?, all_varchar = true, header = true)",
            [str(file)],
        )
        tables.append(database.register(name, dataset_display_name=name))
    linker = Linker(tables, chosen.model or settings_of(chosen.layout), log_level=None)
    if not chosen.model:
        train(linker)
        if chosen.save:
            linker.misc.save_model_to_json(str(chosen.save), overwrite=True)
    scored = linker.inference.predict(threshold_match_probability=0.01 if chosen.pairs else LINK)
    if chosen.pairs:
        scored.to_csv(str(chosen.pairs), overwrite=True)
    if chosen.links:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(scored, LINK)
        clusters.to_csv(str(chosen.links), overwrite=True)


if __name__ == "__main__":
    main()
