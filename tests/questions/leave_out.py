"""Measures each question set with its catalogue left out of the fitting: the honest figure.

    python tests/questions/leave_out.py [--sets phu-tho,gia-lai] [--evidence FILE] [--removed]

The product is copied to a folder of its own, with weights that were fitted on the other sets, and
asked there by measure.py. What `fit.py` says of evidence files holds here, too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PACKAGES = ("bot", "handlers", "db", "locales")
WEIGHTS = Path("handlers/reading/naming/weights.json")
SETS = ("seed-natural", "phu-tho", "thai-nguyen-201", "gia-lai")


def copied(folder: Path) -> None:
    """Copy the product into a folder."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package)


def run(folder: Path, script: str, *words: str) -> None:
    """Run a script of this folder over a copy of the product."""
    environment = os.environ | {"PYTHONPATH": str(folder)}
    subprocess.run(
        [sys.executable, str(HERE / script), *words], cwd=folder, env=environment, check=True
    )


def main() -> None:
    """Leave each set out in turn, and measure it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--evidence", default="", help="a file to keep the evidence in")
    parser.add_argument("--removed", action="store_true", help="ask for what is not stored, too")
    given = parser.parse_args()
    for name in given.sets.split(","):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            copied(folder)
            evidence = ["--evidence", given.evidence] if given.evidence else []
            run(folder, "fit.py", "--only", name, "--to", str(folder / WEIGHTS), *evidence)
            asked = ["--solieu", f"{sys.executable} -m bot", "--sets", name]
            run(folder, "measure.py", *asked)
            if given.removed:
                run(folder, "measure.py", *asked, "--removed")


if __name__ == "__main__":
    main()
