"""Programs that read the API at a steady rate, whether or not earlier answers are there, and now and then make a crew.

``python -m benchmarks.loading.programs ADDRESS SECONDS RATE CREWS JOB``; prints a sample.
"""

import asyncio
import random
import sys
from time import perf_counter

import aiohttp

from benchmarks.loading.sample import Sample

MAKES_EVERY_S = 1.0
"""Seconds between two crews that are made."""


async def read_on(address: str, seconds: float, rate: float, crews: int, job_id: int) -> Sample:
    """Ask so many times a second: half of it for a crew, a quarter for the list of crews, a quarter for a job."""
    sample, chance = Sample(), random.Random(7)
    root, patience = f"{address}/api/v1/generation", aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=patience) as client:

        async def get(kind: str, path: str) -> None:
            begun = perf_counter()
            try:
                async with client.get(root + path) as answer:
                    await answer.read()
            except (aiohttp.ClientError, TimeoutError) as fault:
                sample.faults[f"{kind}: {type(fault).__name__}"] += 1
                return
            sample.note(kind, perf_counter() - begun)
            if answer.status != 200:
                sample.faults[f"{kind}: {answer.status}"] += 1

        async def make(text: str) -> None:
            begun = perf_counter()
            try:
                async with client.post(root + "/generate", json={"objective": {"text": text}, "model": ""}) as answer:
                    made = await answer.json()
            except (aiohttp.ClientError, TimeoutError) as fault:
                sample.faults[f"generate: {type(fault).__name__}"] += 1
                return
            sample.note("generate", perf_counter() - begun)
            if answer.status == 201:
                sample.made.append((made["crew_id"], text))
            else:
                sample.faults[f"generate: {answer.status}"] += 1

        await get("first", "/crews")  # the API wakes up at its first request
        begun, asked, made = perf_counter(), set[asyncio.Task[None]](), 0
        for number in range(int(seconds * rate)):
            due = begun + number / rate
            await asyncio.sleep(max(0.0, due - perf_counter()))
            sample.late = max(sample.late, perf_counter() - due)
            which = chance.random()
            if which < 0.5:
                work = get("crew", f"/crews/{chance.randint(1, crews)}")
            elif which < 0.75:
                work = get("list of crews", "/crews?limit=20")
            else:
                work = get("job", f"/jobs/{job_id}")
            asked.add(asyncio.create_task(work))
            if (due - begun) / MAKES_EVERY_S >= made:
                made += 1
                asked.add(asyncio.create_task(make(f"Write brief no. {made} about the market for cargo bikes.")))
        await asyncio.gather(*asked)
    return sample


if __name__ == "__main__":
    address, seconds, rate, crews, job_id = sys.argv[1:]
    asyncio.run(read_on(address, float(seconds), float(rate), int(crews), int(job_id))).print()
