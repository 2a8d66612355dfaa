"""Runs a module as `python -m` does, tied to the life of the process that started it.

`python _child.py PARENT_PID MODULE [ARG ...]`. The kernel ends this process when its parent dies, however
that happens, and the same holds for everything it forks: a killed supervisor leaves no worker, and a killed
worker leaves no clock that goes on ticking. Linux only; elsewhere a killed supervisor must be tidied by hand.
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, signum: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0)
    # The parent may have died before the kernel knew of our wish.
    if os.getppid() != parent:
        os._exit(1)


class Lineage:
    """Ties each fork to the process it was forked from."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        os.register_at_fork(after_in_child=self.born)

    def born(self) -> None:
        parent, self.pid = self.pid, os.getpid()
        # SIGKILL: a forked pool process may be ignoring gentler signals when its parent is gone.
        die_with_parent(parent, signal.SIGKILL)


if __name__ == "__main__":
    # SIGTERM, because the server and the worker know how to end in good order.
    die_with_parent(int(sys.argv[1]), signal.SIGTERM)
    Lineage()
    sys.argv = sys.argv[2:]
    sys.path[0] = os.getcwd()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
