"""One step after another: what it is called, how long it took, whether it held."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Steps:
    """Runs every step, also after one has failed: one run should tell everything that is wrong."""

    failed: list[str] = field(default_factory=list)

    def run(self, name: str, step: Callable[[], bool]) -> bool:
        print(f"== {name}", flush=True)
        began = time.monotonic()
        held = step()
        took = time.monotonic() - began
        print(f"-- {name}: {'ok' if held else 'FAILED'} in {took:.1f} s", flush=True)
        if not held:
            self.failed.append(name)
        return held

    def command(self, name: str, arguments: list[str], environ: dict[str, str]) -> bool:
        return self.run(name, lambda: succeeds(arguments, environ))

    def close(self) -> None:
        for name in self.failed:
            print(f"FAILED: {name}")


def succeeds(arguments: list[str], environ: dict[str, str]) -> bool:
    sys.stdout.flush()
    return subprocess.run(arguments, env=environ, check=False).returncode == 0
