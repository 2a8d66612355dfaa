"""First half of bin/serve, before there are packages: options, the port, the virtual environment.

Runs under the system's Python, so: standard library only. The second half is _supervise.py.
"""

import argparse
import errno
import os
import socket
import sys
from pathlib import Path

import _venv

DESCRIPTION = """\
Starts Remit on this machine: web server, worker and clock, stopped together with Ctrl-C.
Without DATABASE_URL it keeps everything in var/; without REDIS_URL it needs no broker."""


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/serve",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=8000, help="port of the web server (8000)")
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on (127.0.0.1: this machine only); others also need ALLOWED_HOSTS",
    )
    parser.add_argument(
        "--no-demo", action="store_true", help="leave an empty database empty: no demo practice"
    )
    chosen = parser.parse_args(arguments)
    if not 1 <= chosen.port <= 65535:
        parser.error(f"--port {chosen.port} is not between 1 and 65535")
    return chosen


def refuse_taken_port(host: str, port: int) -> None:
    """Before anything slow: nobody should wait for an installation to learn this."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        _venv.refuse(f"{host} is not an address of this machine.")
    with socket.socket(family, kind) as probe:
        # As gunicorn binds: without it a port still in TIME_WAIT would look taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            _venv.refuse(_why_not(error, host, port))


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program; stop it or choose another with --port."
    if error.errno == errno.EACCES:
        return f"This user may not listen on port {port}; choose one above 1023 with --port."
    return f"Cannot listen on {host} port {port}: {error.strerror}."


def main() -> None:
    chosen = options(sys.argv[1:])
    refuse_taken_port(chosen.host, chosen.port)
    python = _venv.ready("requirements.txt")
    os.chdir(_venv.REPO)
    supervise = Path(__file__).with_name("_supervise.py")
    _venv.become(python, [str(supervise), *sys.argv[1:]])


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
