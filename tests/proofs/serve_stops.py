"""Whatever ends bin/serve (Ctrl-C, SIGTERM, kill -9), no web, worker or clock process outlives it."""

import signal
from pathlib import Path

from tests.ops.serving import Serve, temporary_folder
from tests.proofs import Figure, Missing

ENDINGS = {"SIGTERM": signal.SIGTERM, "SIGINT": signal.SIGINT, "SIGKILL": signal.SIGKILL}
# The supervisor, gunicorn and its worker, Celery and its two pool processes, the clock.
MEMBERS = 7


def prove(scale: float) -> dict[str, Figure]:
    if not Path("/proc/self/environ").exists():
        raise Missing("processes are found through /proc, which this system has not")
    figures: dict[str, Figure] = {}
    with temporary_folder() as var:
        for name, signum in ENDINGS.items():
            answering, stopping = [], []
            for _ in range(max(1, round(5 * scale))):
                with Serve(var) as serve:
                    answering.append(serve.wait_until_ready())
                    serve.wait_for_family(MEMBERS)
                    stopping.append(serve.stop(signum))
            figures[f"{name}: slowest to answer (s)"] = round(max(answering), 1)
            figures[f"{name}: slowest to be gone (s)"] = round(max(stopping), 1)
    return figures
