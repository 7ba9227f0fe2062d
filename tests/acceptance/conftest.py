"""Fixtures of what users do end to end."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest


def find_postgresql() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest; None where it is not installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    return folders[-1] if folders else None


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server of its own; databases are made in it by name."""
    programs = find_postgresql()
    if programs is None:
        if os.environ.get("CREWGEN_REQUIRE_POSTGRESQL") == "1":
            pytest.fail("There is no PostgreSQL, and CREWGEN_REQUIRE_POSTGRESQL=1 asks for one.")
        pytest.skip("There is no PostgreSQL on this machine (apt-get install postgresql).")
    folder = Path(
        tempfile.mkdtemp(prefix="crewgen-")
    )  # not pytest's: its user must get there, and a socket's path is short
    user = _give_away(folder)
    port = _find_port()
    data, log = folder / "data", folder / "server.log"
    make = [
        programs / "initdb",
        f"--pgdata={data}",
        "--auth=trust",
        "--username=crewgen",
        "--encoding=UTF8",
        "--no-sync",
    ]
    subprocess.run([*make, "--locale=C.UTF-8"], user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder, "fsync": "off"}
    serve = [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in options.items())]
    with log.open("wb") as output:
        server = subprocess.Popen(serve, user=user, cwd=folder, stdout=output, stderr=output)
    try:
        address = f"postgresql://crewgen@127.0.0.1:{port}"
        _wait_until_it_answers(address, server, log)
        yield address
    finally:
        server.send_signal(signal.SIGINT)  # ends at once, whoever is connected
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql_url(postgresql: str) -> str:
    """The address of an empty database of this test."""
    return _make_database(postgresql)


@pytest.fixture
def older_postgresql_url(postgresql: str) -> str:
    """The address of another empty database of this test."""
    return _make_database(postgresql)


def _make_database(postgresql: str) -> str:
    name = f"crewgen_{os.urandom(4).hex()}"
    with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{postgresql}/{name}"


def _give_away(folder: Path) -> str | None:
    """Give the folder to somebody who may run PostgreSQL and return who that is: root may not, anybody else may."""
    if os.getuid() != 0:
        return None
    user = next(user for user in ("postgres", "nobody") if user in {entry.pw_name for entry in pwd.getpwall()})
    shutil.chown(folder, user)
    return user


def _wait_until_it_answers(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(f"{address}/postgres").close()
            return
        except psycopg.OperationalError:
            assert server.poll() is None and time.monotonic() < give_up, log.read_text(encoding="utf-8")
            time.sleep(0.1)


def _find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
