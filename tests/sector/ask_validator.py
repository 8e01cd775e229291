"""Asks the sector's own validator of SSDA903 returns; runs in its environment, not in ours.

FOLDER YEAR AUTHORITY RULESET RULE… → to standard output, as JSON, of which children rows break each
rule, which rules were asked, and which could not be. `previous/` holds last year's tables.
"""

import json
import logging
import sys
from importlib import import_module
from pathlib import Path

from lac_validator.lac_validator import LacValidator


def main() -> None:
    """Ask it."""
    folder, year, authority, ruleset = Path(sys.argv[1]), *sys.argv[2:5]
    logging.disable(logging.CRITICAL)
    files = [
        {"name": path.name, "file_content": path.read_bytes(), "description": description}
        for place, description in ((folder, "This year"), (folder / "previous", "Prev year"))
        for path in sorted(place.glob("*.csv"))
    ]
    registry = import_module(f"lac_validator.rules.{ruleset}").registry
    about = {"collectionYear": year, "localAuthority": authority}
    validator = LacValidator(about, files, registry, sys.argv[5:])
    broken: dict[str, set[str]] = {}
    for table in validator.ds_results.values():
        for name in getattr(table, "columns", ()):
            if name.startswith("ERR_"):
                children = table.loc[table[name] == True, "CHILD"]  # noqa: E712  # a column
                broken.setdefault(name.removeprefix("ERR_"), set()).update(children)
    told = {"broken": {rule: sorted(found) for rule, found in broken.items()}}
    told |= {"done": validator.dones, "failed": validator.fails}
    sys.stdout.write(json.dumps(told | {"rows": len(validator.ds_results["Missing"])}))


if __name__ == "__main__":
    main()
