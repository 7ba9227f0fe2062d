"""Sign-ins that somebody ended before their time, by signing out: their cookies are nobody's any more."""

from collections import OrderedDict
from threading import Lock

from crewgen_core.door.identity import Identity

MOST_KEPT = 100_000
"""Sign-ins that are remembered; of more, the one that ended first is forgotten."""


class EndedSignIns:
    """What this process remembers of sign-ins that ended; after a restart a cookie lasts as long as it was to last."""

    def __init__(self) -> None:
        """Begin with none."""
        self._ended: OrderedDict[tuple[str, float], None] = OrderedDict()
        self._lock = Lock()

    def end(self, who: Identity) -> None:
        """End a sign-in, in every tab and for every copy of its cookie."""
        with self._lock:
            self._ended[who.subject, who.since_s] = None
            while len(self._ended) > MOST_KEPT:
                self._ended.popitem(last=False)

    def __contains__(self, who: object) -> bool:
        """Tell whether a sign-in ended."""
        return isinstance(who, Identity) and (who.subject, who.since_s) in self._ended


ENDED = EndedSignIns()
"""Those of this process: pages end them, and whoever lets requests in looks them up."""
