"""So many calls a minute per credential, counted by one atomic increment that all web processes share."""

import time
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.exceptions import Throttled
from rest_framework.throttling import BaseThrottle

log = structlog.get_logger(__name__)
WINDOW = 60


class Throttle(BaseThrottle):
    def allow_request(self, request: Any, view: Any) -> bool:
        return counted(request.auth.credential if request.auth else self.get_ident(request))

    def wait(self) -> float:
        return WINDOW - time.time() % WINDOW


def refuse_guessing(request: Any) -> None:
    """DRF throttles only who signed in; wrong keys are counted here, by the address they come from."""
    throttle = Throttle()
    if not counted(f"wrong:{throttle.get_ident(request)}"):
        raise Throttled(wait=throttle.wait())


def counted(who: str, *, rate: int = 0) -> bool:
    """Count one call; False once there were more than the rate allows in this minute."""
    key = f"throttle:{who}:{int(time.time()) // WINDOW}"
    try:
        # Two statements, yet exact: the loser of `add` finds the winner's key, and `incr` is atomic.
        cache.add(key, 0, timeout=WINDOW * 2)
        return cache.incr(key) <= (rate or settings.API_RATE_PER_MINUTE)
    except (RedisError, ValueError) as fault:
        # Without its counter the API goes on answering: losing Redis must not stop work.
        log.warning("throttle_blind", fault=type(fault).__name__)
        return True
