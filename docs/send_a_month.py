"""Send a CSV of reports, read back what disagrees: ADDRESS NAME SECRET FILE (docs/api.md)."""

import base64
import csv
import json
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

address, name, secret, file = sys.argv[1:]


def ask(path: str, allowed: str, body: str | None = None, kind: str = "application/json") -> Any:
    told = {"Authorization": allowed, "Content-Type": kind}
    return json.load(urlopen(Request(address + path, body.encode() if body else None, told)))


basic = "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()
form = ("grant_type=client_credentials", "application/x-www-form-urlencoded")
token, cursor = "Bearer " + ask("/token", basic, *form)["access_token"], ""
rows = list(csv.DictReader(Path(file).open(encoding="utf-8-sig", newline="")))
for start in range(0, len(rows), 100):
    part = json.dumps({"reports": rows[start : start + 100]})
    print(*(each["status"] for each in ask("/reports", token, part)["results"]))
while cursor is not None:
    found = ask(f"/mismatches?cursor={cursor}", token)
    for each in found["mismatches"]:
        print(each["severity"], each["rule"], each["title"], each["child"])
    cursor = found["next"]
