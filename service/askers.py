"""Free queries cost: a budget of time for each address, and no more work for those who have left."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable

from fastapi import Request, Response
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.concurrency import run_in_threadpool

from ..ontology.problems import Problem, RodtradError
from ..store.host import Asker

_MINUTE_S = 60


class Budget:
    """Time of evaluation per address and minute; addresses are kept in memory only, and for that minute."""

    def __init__(self, seconds_per_minute: float, code: str = "query-budget") -> None:
        """``code`` is the problem that tells that nothing is left."""
        self._seconds = seconds_per_minute
        self._code = code
        self._item = RateLimitItemPerMinute(max(1, round(seconds_per_minute * 1000)))
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def check(self, address: str) -> None:
        """Return when something is left. Raises RodtradError: ``code``."""
        if not self._limiter.test(self._item, address):
            values = {"limit_s": f"{self._seconds:g}", "retry_after_s": _MINUTE_S // 2}
            raise RodtradError(Problem(self._code, values=values))

    def spend(self, address: str, seconds: float) -> None:
        """Take what was used from what is left."""
        left = self._limiter.get_window_stats(self._item, address).remaining
        if cost := min(round(seconds * 1000), left):
            self._limiter.hit(self._item, address, cost=cost)


def address_of(request: Request) -> str:
    """Who asks: an address, or the network of an IPv6 address, of which one household has many."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host


async def evaluated(request: Request, work: Callable[[Asker], Response]) -> Response:
    """Do the work in a thread within the budget, and end it when the asker hangs up.

    Raises RodtradError ``query-budget``, and what the work raises.
    """
    budget: Budget = request.app.state.budget
    address = address_of(request)
    budget.check(address)
    asker = Asker()
    working = asyncio.ensure_future(run_in_threadpool(work, asker))
    leaving = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            asker.cancel()
        return await working
    finally:
        leaving.cancel()
        budget.spend(address, asker.seconds)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
