"""Streamlit servers for one measurement: crewgen's own, and an app with nothing in it to hold it against."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crewgen_core.settings import ROOT

EMPTY_APP = """
import streamlit as st
one = st.Page(lambda: st.title("One"), title="One", url_path="one", default=True)
two = st.Page(lambda: st.title("Two"), title="Two", url_path="two")
st.navigation([one, two]).run()
"""
"""Two bare headings. It is served with crewgen's own configuration of Streamlit, which makes it quicker too."""


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    address: str
    process_id: int

    def read_cpu_s(self) -> float:
        """Return the seconds of CPU that its process has used; children do not count."""
        fields = Path(f"/proc/{self.process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serve(script: Path, more: Mapping[str, str] | None = None) -> Generator[Server]:
    """Run Streamlit with a script, ``more`` added to its environment; give the server once it is healthy."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    environment = os.environ | dict(more or {})
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not _is_healthy(address):
            if process.poll() is not None:
                raise RuntimeError(f"The server of {script.name} ended with code {process.returncode}.")
            time.sleep(0.02)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        process.wait()


def _is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:  # noqa: S310 our own server
            return answer.status == 200
    except OSError:
        return False
