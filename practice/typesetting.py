"""Pages set in a process of their own, with a limit of time and of memory: a text that is too much for Typst takes that
process along and nothing else. Run as a program it is that process."""

import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

from practice import pdf

# A long report takes half a second of work.
SECONDS = 60
MEMORY = 2 * 1024**3
ROOT = Path(__file__).parent.parent


class NotSet(Exception):
    """Typst refused, or ran out of time or memory."""


def apart(template: Path, data: dict[str, Any], *, seconds: float = SECONDS) -> bytes:
    told = orjson.dumps({"template": str(template), "data": data}, default=str)
    command = [sys.executable, "-m", "practice.typesetting"]
    try:
        done = subprocess.run(
            command, input=told, capture_output=True, timeout=seconds, cwd=ROOT, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise NotSet from late
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise NotSet
    return done.stdout


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    told = orjson.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(pdf.render(Path(told["template"]), told["data"]))


if __name__ == "__main__":
    main()
