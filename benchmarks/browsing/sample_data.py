"""A database to look at pages with: the demo."""

from crewgen_core.app import Crewgen
from crewgen_core.settings import Settings


def make_sample(url: str) -> None:
    """Load the demo into an empty database at this address; takes a few seconds."""
    crewgen = Crewgen(Settings(database_url=url, model=""))
    crewgen.demo.load()
    crewgen.close()
