"""A sealed log tampered with a thousand times past every guard: each is found against the last head, no honest log accused (E2)."""

import json
import subprocess
import sys

from tests.ops.serving import REPO, embedded, temporary_folder
from tests.proofs import Figure


def prove(scale: float) -> dict[str, Figure]:
    whole = max(50, round(1000 * scale))
    with temporary_folder() as var:
        code = f"from tests.proofs import _sealed_logs as logs; logs.make(1); logs.tamper({whole})"
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", code]
        done = subprocess.run(
            command, cwd=REPO, env=embedded(var), capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    kinds = told["kinds"]
    assert sum(kind["of"] for kind in kinds.values()) == whole
    missed = {name: kind for name, kind in kinds.items() if kind["found"] < kind["of"]}
    assert not missed, f"not found in what a client takes away: {missed}"
    missed = {name: kind for name, kind in kinds.items() if kind["in place"] < kind["of"]}
    assert not missed, f"not found in place: {missed}"
    # All but what was re-chained, where a head says between which entries it lies.
    unnamed = {name: kind for name, kind in kinds.items() if kind["named"] < kind["of"]}
    assert not unnamed, f"found, but not said which: {unnamed}"
    assert told["honest"] == whole, f"{whole - told['honest']} honest logs were accused"
    return {
        "tamperings": whole,
        **{name: f"{kind['found']} of {kind['of']} found" for name, kind in kinds.items()},
        "honest logs accused": whole - told["honest"],
    }
