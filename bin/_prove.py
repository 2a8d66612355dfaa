"""bin/prove inside the virtual environment: the long proofs at full size, with their figures."""

import argparse
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

import _engines
from _suite import environment
from _venv import REPO


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/prove",
        description="Runs the long proofs of tests/proofs and prints their figures.",
    )
    parser.add_argument("name", nargs="?", help="one proof; all without it")
    parser.add_argument(
        "--quick", action="store_true", help="a tenth of the size, as bin/test runs them"
    )
    return parser.parse_args()


def run(name: str, scale: float) -> bool:
    from tests import proofs  # after the path and Django are set up

    proof = proofs.load(name)
    print(f"{name}: {(proof.__doc__ or '').strip().splitlines()[0]}", flush=True)
    began = time.monotonic()
    try:
        figures = proof.prove(scale)
    except proofs.Missing as missing:
        print(f"  did not run: {missing}")
        return os.environ.get("REQUIRE_SERVICES") != "1"
    except AssertionError:
        traceback.print_exc()
        print(f"  VIOLATED after {time.monotonic() - began:.1f} s", flush=True)
        return False
    wide = max(map(len, figures), default=0)
    for label, figure in figures.items():
        print(f"  {label.ljust(wide)}  {figure}")
    print(f"  holds, shown in {time.monotonic() - began:.1f} s at scale {scale:g}", flush=True)
    return True


def main() -> int:
    chosen = options()
    os.chdir(REPO)
    sys.path.insert(0, str(REPO))
    with tempfile.TemporaryDirectory(prefix="remit-prove-") as folder:
        # The same surroundings as in the suite, so that a proof behaves the same in both.
        var = Path(folder)
        os.environ.update(environment(var) | _engines.sqlite(var).environ)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")
        import django  # reads the settings that the lines above decide

        django.setup()
        from tests import proofs

        known = proofs.names()
        if chosen.name and chosen.name not in known:
            sys.exit(f"There is no proof {chosen.name}; there are: {', '.join(known)}.")
        scale = 0.1 if chosen.quick else 1.0
        held = [run(name, scale) for name in ([chosen.name] if chosen.name else known)]
    print(f"{sum(held)} held, {len(held) - sum(held)} violated")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
