"""Bulk: what a job takes beside what its work alone would take. `make bench-bulk`, or parts: `… bulk built-in model`.

Everything that is compared is measured in turn in one run, since machines get faster and slower. Figures that are held
to a target say it. `--rows` sets the size of the built-in jobs, `--minutes` how long the limit per minute is watched.
"""

import argparse
import asyncio
import csv
import io
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.tables.measured import note
from crewgen_core.app import Crewgen
from crewgen_core.jobs.workplace import Workplace
from crewgen_core.models.job import Job, NewItem, NewJob
from crewgen_core.models.objective import Objective
from crewgen_core.settings import Settings
from tests.support.model_server import GOOD_ANSWER, ModelServer, Reply, say

OBJECTIVES = [
    line for line in Path(__file__).with_name("objectives.txt").read_text(encoding="utf-8").splitlines() if line.strip()
]
CHUNK, ROUNDS = 25, 3
MODEL, DELAY_S, AT_ONCE = "openai/gpt-5-mini", 0.5, 20


def main() -> None:
    """Measure the parts that are asked for, all of them otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="what to measure")
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000, 5_000], help="sizes of built-in jobs")
    parser.add_argument("--minutes", type=float, default=3.0, help="how long the limit per minute is watched")
    options = parser.parse_args()
    os.environ.setdefault("OPENAI_API_KEY", "sk-no-key-is-needed-here")
    for part in options.parts or PARTS:
        PARTS[part](options)


def measure_built_in(options: argparse.Namespace) -> None:
    """Hold jobs against a bare pool of processes that stores nothing."""
    print(f"\nBuilt-in rows ({os.cpu_count()} processors; pool and job in turn)")
    print(f"{'rows':>9} {'pool rows/s':>12} {'job rows/s':>11} {'ratio':>6} {'with upload':>12} {'ms a row':>9}")
    with ready_pool() as pool, new_crewgen() as crewgen, workers_of(crewgen):
        for rows in options.rows:
            rounds = ROUNDS if rows <= 2_000 else 1
            measured = [(time_pool(pool, min(rows, 2_000)), *time_job(crewgen, rows)) for _ in range(rounds)]
            again = time_pool(pool, min(rows, 2_000))
            bare = statistics.median([*(rate for rate, _, _ in measured), again])
            rate, whole = (statistics.median(column) for column in list(zip(*measured, strict=True))[1:])
            note(f"Job of {rows:,} rows, beside a bare pool", rate / bare, "times", 0.85, at_least=True)
            print(
                f"{rows:>9,} {bare:>12.1f} {rate:>11.1f} {rate / bare:>6.2f} {whole:>12.1f} {1000 / rate:>9.2f}"
                f"   (target ratio ≥ 0.85)"
            )


def measure_upload(_: argparse.Namespace) -> None:
    """Time how a file of 100,000 rows is accepted, in a process of its own, whose memory is looked at."""
    print("\n100,000 rows, from the bytes of a CSV file to a stored job")
    subprocess.run([sys.executable, "-c", "from benchmarks.bulk import accept; accept(100_000)"], check=True)


def accept(rows: int) -> None:
    """Accept a file, and print what it took."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["objective", "name"])
    writer.writerows([f"{OBJECTIVES[n % len(OBJECTIVES)]} ({n})", f"Row {n}"] for n in range(rows))
    content = file.getvalue().encode()
    with new_crewgen() as crewgen:
        _ = crewgen.database, crewgen.catalog
        began, worked = time.perf_counter(), time.process_time()
        job = crewgen.bulk.start("rows.csv", content, NewJob(name="Large"))
        took, worked = time.perf_counter() - began, time.process_time() - worked
        note("A file of 100,000 rows stored", took, "s", 3)
        print(f"  stored in {took:.2f} s, {worked:.2f} s of processor (target 3 s)")
        times: list[float] = []
        for _ in range(20):
            began = time.perf_counter()
            crewgen.bulk.progress(job.id)
            times.append(time.perf_counter() - began)
        note("Progress of a job of 100,000 rows", statistics.median(times) * 1000, "ms", 20)
        print(f"  progress {statistics.median(times) * 1000:.1f} ms (target 20 ms)")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        note("Memory while a file of 100,000 rows is stored", peak, "MB", 500)
        print(f"  memory of the process {peak:.0f} MB with {len(content) / 1e6:.0f} MB of file (target 500 MB)")


def measure_pages(_: argparse.Namespace) -> None:
    """Time how a page answers in chromium, with and without a job that runs."""
    from playwright.sync_api import Page, sync_playwright

    from tests.browser.conftest import CHROMIUM, running_dashboard

    def visit(page: Page) -> float:
        times: list[float] = []
        for name in ("Settings", "Home") * 6:
            began = time.perf_counter()
            page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
            page.locator(".stApp[data-test-script-state=notRunning]").wait_for()
            page.get_by_role("heading", name="Settings" if name == "Settings" else "crewgen").first.wait_for()
            times.append(time.perf_counter() - began)
        return statistics.median(times[2:])

    print("\nPages in chromium: from a click until the page stands")
    with tempfile.TemporaryDirectory() as folder, running_dashboard(Path(folder)) as address, sync_playwright() as play:
        crewgen = Crewgen(Settings(database_url=f"sqlite:///{Path(folder) / 'crewgen.db'}", log_level="ERROR"))
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(address)
        visit(page)
        idle = visit(page)
        job = crewgen.bulk.start_items(NewJob(name="Load"), items(20_000))
        while crewgen.bulk.get(job.id).completed < 100:
            time.sleep(0.2)
        busy = visit(page)
        crewgen.bulk.cancel(job.id)
        browser.close()
    print(f"  idle {idle * 1000:.0f} ms, while a job runs {busy * 1000:.0f} ms: {busy / idle:.2f} times (target 2)")


def measure_model(_: argparse.Namespace) -> None:
    """Hold the rate of rows with a model against what the provider would allow."""
    sent: list[float] = []
    with scripted(sent) as server, new_crewgen(server, calls_at_once=AT_ONCE) as crewgen, workers_of(crewgen):
        run_job(crewgen, items(30, MODEL))  # LiteLLM starts
        sent.clear()
        run_job(crewgen, items(400, MODEL))
        steady = [at for at in sent if sent[0] + 2 < at < sent[-1] - 2]
        rate, most = len(steady) / (steady[-1] - steady[0]), AT_ONCE / DELAY_S
        print(f"\nRows with a model: {DELAY_S * 1000:.0f} ms a call, {AT_ONCE} at once ({server.most_at_once} seen)")
        print(f"  {rate:.1f} calls/s of {most:.0f}: {rate / most:.2f} (target 0.90)")


def measure_limit(options: argparse.Namespace) -> None:
    """Watch a limit per minute by the server's own clock."""
    sent: list[float] = []
    limit = 60
    with scripted(sent) as server, new_crewgen(server, calls_per_minute=limit) as crewgen, workers_of(crewgen):
        job = crewgen.bulk.start_items(NewJob(name="Limited"), items(int(limit * (options.minutes + 1)), MODEL))
        while not sent:
            time.sleep(0.1)
        time.sleep(options.minutes * 60)
        crewgen.bulk.cancel(job.id)
    most = max(sum(start <= at < start + 60 for at in sent) for start in sent)
    share = len([at for at in sent if at < sent[0] + options.minutes * 60]) / (limit * options.minutes)
    print(f"\nA limit of {limit} calls a minute, watched for {options.minutes:g} minutes")
    note("Share of a limit of calls that is used", share, "of 1", 0.85, at_least=True)
    print(f"  most within any 60 s: {most} (never above {limit}); used {share:.2f} (target 0.85)")


def measure_killed(_: argparse.Namespace) -> None:
    """Kill a worker while its calls are open, and count what is sent twice."""
    sent: list[float] = []
    asked: Counter[str] = Counter()
    with scripted(sent, asked) as server, new_crewgen(server, calls_at_once=AT_ONCE) as crewgen:
        with workers_of(crewgen) as workplace:
            job = crewgen.bulk.start_items(NewJob(name="Killed"), items(200, MODEL))
            while len(sent) < 80:
                time.sleep(0.05)
            victim = workplace.processes()[0]
            os.kill(victim, 9)
            wait_for(crewgen, job)
        done = crewgen.bulk.get(job.id)
    twice = sum(count - 1 for count in asked.values())
    print("\nA worker killed with calls open")
    finished = done.completed + done.failed
    note("Rows done after a worker was killed", 100 * finished / done.total, "%", 100, at_least=True)
    print(f"  {finished} of {done.total} rows done; sent twice: {twice} (at most {AT_ONCE} were open)")


def items(count: int, model: str = "") -> list[NewItem]:
    """Return rows."""
    return [NewItem(n + 2, f"{OBJECTIVES[n % len(OBJECTIVES)]} ({n})", model=model) for n in range(count)]


def time_job(crewgen: Crewgen, rows: int) -> tuple[float, float]:
    """Return rows a second, from the first one begun to the last one stored, and from upload to stored."""
    asked = time.time()
    job = run_job(crewgen, items(rows))
    if job.started_at is None or job.finished_at is None or job.completed != rows:
        raise SystemExit(f"{job.completed} of {rows} rows were completed.")
    return rows / (job.finished_at - job.started_at).total_seconds(), rows / (job.finished_at.timestamp() - asked)


def run_job(crewgen: Crewgen, rows: Sequence[NewItem]) -> Job:
    """Start a job and return it when it is at its end."""
    return wait_for(crewgen, crewgen.bulk.start_items(NewJob(name="Measured"), rows))


def wait_for(crewgen: Crewgen, job: Job) -> Job:
    """Return a job when it is at its end."""
    while (now := crewgen.bulk.get(job.id)).state == "running":
        time.sleep(0.25)
    return now


@contextmanager
def new_crewgen(server: ModelServer | None = None, **settings: int) -> Generator[Crewgen]:
    """Give a crewgen with an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'crewgen.db'}"
        made = Settings(database_url=url, log_level="ERROR", model_base_url=server.url if server else "")
        crewgen = Crewgen(made.model_copy(update=settings))
        yield crewgen
        crewgen.database.close()


@contextmanager
def workers_of(crewgen: Crewgen) -> Generator[Workplace]:
    """Have workers that are warm: each has worked on some rows."""
    workplace = crewgen.bulk.open_workplace(stays=True)
    try:
        run_job(crewgen, items(CHUNK * 8))
        yield workplace
    finally:
        workplace.close()


@contextmanager
def scripted(sent: list[float], asked: Counter[str] | None = None) -> Generator[ModelServer]:
    """Give a model server that notes when it was asked, and what."""

    def answer(body: dict[str, Any]) -> Reply:
        sent.append(time.time())
        if asked is not None:
            asked[body["messages"][1]["content"]] += 1
        return say(GOOD_ANSWER, delay_s=DELAY_S)

    with ModelServer(answer) as server:
        yield server


@contextmanager
def ready_pool() -> Generator[ProcessPoolExecutor]:
    """Give a bare pool of warm processes, as many as there are processors."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context, initializer=_begin) as pool:
        list(pool.map(design_all, [OBJECTIVES[:CHUNK]] * 8))
        yield pool


def time_pool(pool: ProcessPoolExecutor, rows: int) -> float:
    """Return how many rows a second a bare pool designs."""
    texts = [row.text for row in items(rows)]
    began = time.perf_counter()
    list(pool.map(design_all, [texts[n : n + CHUNK] for n in range(0, rows, CHUNK)]))
    return rows / (time.perf_counter() - began)


_crewgen: Crewgen


def _begin() -> None:
    global _crewgen
    _crewgen = Crewgen(Settings(database_url="sqlite:////nowhere/none.db", log_level="ERROR"))


def design_all(texts: Sequence[str]) -> int:
    """Design crews, and store nothing."""
    with asyncio.Runner() as runner:
        for text in texts:
            runner.run(_crewgen.craft.design(Objective(text=text), "", None))
    return len(texts)


PARTS = {
    "built-in": measure_built_in,
    "upload": measure_upload,
    "pages": measure_pages,
    "model": measure_model,
    "limit": measure_limit,
    "killed": measure_killed,
}

if __name__ == "__main__":
    main()
