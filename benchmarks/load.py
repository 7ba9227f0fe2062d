"""Load: the real server under people with browsers, programs that read the API, and a job that is worked on.

``python -m benchmarks.load --seconds 60 --browsers 50 --rate 200``. Afterwards it is checked that nothing was lost.
"""

import argparse
import itertools
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from benchmarks.loading.sample import Sample, quantile
from benchmarks.tables.measured import note
from crewgen_core.app import Crewgen
from crewgen_core.models.job import Job, NewItem, NewJob
from crewgen_core.models.objective import Objective
from crewgen_core.pipeline import Knowledge, design
from crewgen_core.settings import ROOT, Settings
from crewgen_core.storage import requests
from tests.support.processes import Program, find_free_port, running, wait_until

OBJECTIVES = [
    line for line in Path(__file__).with_name("objectives.txt").read_text(encoding="utf-8").splitlines() if line.strip()
]
CREWS, DESIGNS = 500, 20
ROWS_A_SECOND = 400
"""More rows of the job than can be done, so that it lasts as long as the load."""

MOST_MEDIAN_S = 0.050
"""What the median read of the API is held to, in seconds."""


def main() -> int:
    """Load the server, print what came of it, and return 1 where there were faults or something was lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--browsers", type=int, default=50, help="people with a browser")
    parser.add_argument("--rate", type=float, default=200, help="reads of the API in a second")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crewgen-load-") as folder:
        return measure(Path(folder), options.seconds, options.browsers, options.rate)


def measure(folder: Path, seconds: float, browsers: int, rate: float) -> int:
    """Do so with a database in the folder."""
    crewgen = Crewgen(Settings(database_url=f"sqlite:///{folder / 'crewgen.db'}", model=""))
    fill(crewgen)
    port = find_free_port()
    address = f"http://127.0.0.1:{port}"
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    environment = {"CREWGEN_DATABASE_URL": crewgen.settings.database_url, "CREWGEN_MODEL": ""}
    log = folder / "server.log"
    with running(["streamlit", "run", "streamlit_app.py", *options], environment, log) as server:
        wait_until(lambda: answers(address), "the server answers")
        rows = int(seconds * ROWS_A_SECOND)
        items = [NewItem(at + 2, OBJECTIVES[at % len(OBJECTIVES)]) for at in range(rows)]
        job = crewgen.bulk.start_items(NewJob(name="Load"), items)
        wait_until(lambda: crewgen.bulk.get(job.id).completed > 0, "the job is worked on")
        done_before = crewgen.bulk.get(job.id).completed
        wait_until(lambda: answers(address, "/api/v1/health"), "the API answers")
        people, programs = load(address, seconds, browsers, rate, job.id)
        job = crewgen.bulk.get(job.id)
        memory_mib = read_memory_mib(server)
        code = server.end(signal.SIGTERM)
    faults = people.faults + programs.faults
    lost = list_losses(crewgen, job.id, rows, programs, code)
    print(f"{browsers} people with browsers, {rate:g} reads of the API a second, for {seconds:g} s, beside a job")
    print_times("pages", people, seconds)
    print_times("API", programs, seconds)
    reads = [took for kind, times in programs.seconds.items() if kind not in ("first", "generate") for took in times]
    median = quantile(reads, 0.5)
    who = f"{browsers} people, {rate:g} reads/s"
    note(f"reads of the API under load ({who}), median", median * 1e3, "ms", MOST_MEDIAN_S * 1e3)
    note(f"faults and losses under load ({who})", sum(faults.values()) + len(lost), "", 0)
    print(f"All reads of the API: median {median * 1e3:.1f} ms (target: below {MOST_MEDIAN_S * 1e3:.0f} ms)")
    print(f"Rows of the job done meanwhile: {(job.completed - done_before) / seconds:.1f} a second")
    print(f"The server had {memory_mib:.0f} MiB; who asks was behind by {programs.late:.2f} s at worst")
    for what, count in faults.most_common():
        print(f"FAULT {count} x {what}")
    for what in lost:
        print(f"LOST {what}")
    print(f"{sum(faults.values())} faults; {'nothing was lost' if not lost else 'something was lost'}")
    crewgen.database.close()
    if faults or lost:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        print(*[line for line in lines if "[info" not in line][-50:], sep="\n", file=sys.stderr)
    return 1 if faults or lost else 0


def fill(crewgen: Crewgen) -> None:
    """Store the crews that are there before: some designs, each many times."""
    from crewgen_core.composition.catalog_composer import CatalogComposer
    from crewgen_core.llm.loop import shared_loop

    def make(text: str, knowledge: Knowledge):  # noqa: ANN202 what design gives
        composer = CatalogComposer(crewgen.catalog)
        return shared_loop().run(design(Objective(text=text), composer, knowledge, lambda _: None))

    knowledge = crewgen.knowledge
    designs = [make(text, knowledge) for text in OBJECTIVES[:DESIGNS]]
    with crewgen.database.begin() as connection:
        made = list(itertools.islice(itertools.cycle(designs), CREWS))
        requests.store_designs(connection, made, [None] * len(made))


def load(address: str, seconds: float, browsers: int, rate: float, job_id: int) -> tuple[Sample, Sample]:
    """Have people and programs at the server at once; return what they measured."""

    def start(who: str, number: float) -> "subprocess.Popen[str]":
        given = [address, str(seconds), f"{number:g}", str(CREWS), str(job_id)]
        command = [sys.executable, "-m", f"benchmarks.loading.{who}", *given]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    started = [start("browsers", browsers), start("programs", rate)]
    people, programs = (Sample.read(process.communicate()[0]) for process in started)
    return people, programs


def list_losses(crewgen: Crewgen, job_id: int, rows: int, programs: Sample, code: int) -> Sequence[str]:
    """Return what is not as it has to be after all that."""
    job: Job = crewgen.bulk.get(job_id)
    lost = list[str]()
    progress = crewgen.bulk.progress(job_id)
    if (job.total, job.failed, job.cancelled) != (rows, 0, 0):
        lost.append(f"rows of the job: {job.total} of {rows} are there, {job.failed} failed")
    crews = crewgen.crews.count()
    expected = CREWS + progress.job.completed + len(programs.made)
    if crews != expected:
        lost.append(f"crews: {crews} are there, {expected} were made")
    lost += [
        f"crew {crew_id} is not for its objective"
        for crew_id, text in programs.made
        if (found := crewgen.crews.get(crew_id).objective) is None or found.text != text
    ]
    if code:
        lost.append(f"the server's end: its exit code was {code}")
    return lost


def print_times(who: str, sample: Sample, seconds: float) -> None:
    """Print a table of what was done how often and in what time."""
    every = [took for times in sample.seconds.values() for took in times]
    print(f"\n{who}: {len(every) / seconds:.1f} a second")
    print(f"{'':24}{'times':>8}{'median':>10}{'p95':>10}{'worst':>10}")
    for kind, times in sorted(sample.seconds.items()):
        figures = (f"{quantile(times, share) * 1e3:,.0f} ms" for share in (0.5, 0.95, 1.0))
        print(f"{kind:24}{len(times):>8}" + "".join(f"{figure:>10}" for figure in figures))


def answers(address: str, path: str = "/_stcore/health") -> bool:
    """Tell whether the server is there."""
    try:
        return httpx.get(address + path, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def read_memory_mib(server: Program) -> float:
    """Return the memory that the server's own process has, in MiB; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{server.id}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


if __name__ == "__main__":
    begun = time.monotonic()
    code = main()
    print(f"({time.monotonic() - begun:.0f} s in all)")
    sys.exit(code)
