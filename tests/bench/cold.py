"""How long a first answer takes: `solieu ask` in a new process on a store that exists, against importing two libraries.

    python tests/bench/cold.py [RUNS]

Prints the median of the ratios, pair by pair, so that a machine that is busy with other things does not decide it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def seconds(command: list[str], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "SOLIEU_DATABASE_URL": f"sqlite+aiosqlite:///{Path(folder) / 'solieu.db'}"
        }
        ask = [sys.executable, "-m", "bot", "ask", "tỷ lệ hộ nghèo 2023?"]
        imports = [sys.executable, "-c", "import telegram, sqlalchemy"]
        for command in (ask, imports):  # the store is made, the files are in memory
            seconds(command, environment)
        pairs = [(seconds(ask, environment), seconds(imports, environment)) for _ in range(runs)]
    ratios = [one / other for one, other in pairs]
    print(
        f"solieu ask: {statistics.median(one for one, _ in pairs):.2f} s, the imports: {statistics.median(other for _, other in pairs):.2f} s"
    )
    print(
        f"ratio: {statistics.median(ratios):.2f} (lowest {min(ratios):.2f}, highest {max(ratios):.2f}, {runs} pairs)"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
