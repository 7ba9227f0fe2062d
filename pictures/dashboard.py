"""A dashboard to photograph: a database of its own, filled with the demo data, and a server."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
START_S = 60.0
"""Longest that the server may take to start."""

DATABASE = Path("data/pictures.db")
"""Where the demo is loaded, within ``ROOT``: Settings show the address of the database, so pictures show it too."""


@contextmanager
def demo_database() -> Iterator[str]:
    """Yield the address of an empty database for the demo; it is gone afterwards."""
    DATABASE.parent.mkdir(exist_ok=True)
    _remove()
    try:
        yield f"sqlite:///{DATABASE}"
    finally:
        _remove()


def _remove() -> None:
    for file in DATABASE.parent.glob(f"{DATABASE.name}*"):  # what SQLite keeps beside it, too
        file.unlink()


@contextmanager
def serve(database_url: str) -> Iterator[str]:
    """Run the dashboard on this database without a model, and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {"CREWGEN_DATABASE_URL": database_url, "CREWGEN_MODEL": ""}
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", *options]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_healthy(address, server)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_until_healthy(address: str, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:  # noqa: S310 our own
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The dashboard did not start; start it with `make run` to see why.")
