"""A clone of what is committed, started with bin/serve from nothing; then a second start, under 8 s."""

import shutil
import subprocess
from pathlib import Path

from tests.ops.serving import REPO, Serve, embedded, temporary_folder
from tests.proofs import Figure, Missing

SECOND_START_SECONDS = 8.0


def prove(scale: float) -> dict[str, Figure]:
    if not (REPO / ".git").exists():
        raise Missing("this copy has no git history to clone")
    with temporary_folder() as folder:
        clone = folder / "clone"
        command = ["git", "clone", "--quiet", "--no-hardlinks", REPO, clone]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        if scale < 1:
            _borrow_environment(clone)
        # A stranger has nothing in pip's cache.
        environ = embedded(clone / "var", PIP_NO_CACHE_DIR="1")
        # At a tenth without the demo, which other tests load and which would take half the time.
        options = ["--no-demo"] if scale < 1 else []
        with Serve(clone / "var", *options, folder=clone, environ=environ) as serve:
            first = serve.wait_until_ready(seconds=600)
            serve.stop()
        if scale < 1:
            # Beside the rest of the suite the seconds of a second start say little.
            return {"first start (s)": round(first, 1)}
        with Serve(clone / "var", folder=clone, environ=environ) as serve:
            second = serve.wait_until_ready()
            serve.stop()
    assert second < SECOND_START_SECONDS, f"the second start took {second:.1f} s"
    return {"first start (s)": round(first, 1), "second start (s)": round(second, 1)}


def _borrow_environment(clone: Path) -> None:
    """Spares the installation, which a tenth must not repeat. The lock goes along: the two belong together."""
    (clone / ".venv").symlink_to(REPO / ".venv", target_is_directory=True)
    shutil.copyfile(REPO / "requirements.txt", clone / "requirements.txt")
