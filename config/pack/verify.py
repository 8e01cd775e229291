"""Proves an evidence pack whole, and draws its sample again. Needs Python 3.9 and nothing else."""

import hashlib
import json
import sys
from pathlib import Path


def digest(path: Path) -> str:
    """Give the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_parts(folder: Path) -> list[str]:
    """Give a sentence for each part that is not as SHA256SUMS says."""
    faults, named = [], {"SHA256SUMS"}
    for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines():
        wanted, name = line[:64], line[66:]
        named.add(name)
        if not (folder / name).is_file():
            faults.append(f"{name} is missing.")
        elif digest(folder / name) != wanted:
            faults.append(f"{name} was changed.")
    strangers = {path.name for path in folder.iterdir()} - named
    return faults + [f"{name} is no part of the pack." for name in sorted(strangers)]


def check_sample(folder: Path) -> list[str]:
    """Give a sentence for each stratum that was not drawn by the seed."""
    sample = json.loads((folder / "sample.json").read_text("utf-8"))
    faults = []
    for stratum in sample["strata"]:
        lots = sorted(
            (
                hashlib.sha256(f"{sample['seed']}:{stratum['name']}:{number}".encode()).hexdigest(),
                number,
            )
            for number in stratum["frame"]
        )
        if [number for _, number in lots[: stratum["wanted"]]] != stratum["drawn"]:
            faults.append(f"The sample of the stratum {stratum['name']} was not drawn by its seed.")
    return faults


def main() -> int:
    """Check the folder that is named, or the one in which this script lies."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    faults = check_parts(folder)
    faults = faults or check_sample(folder)
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    if faults:
        return 1
    sys.stdout.write(
        "The pack is whole, and its sample follows from its seed.\n"
        f"SHA256SUMS: {digest(folder / 'SHA256SUMS')}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
