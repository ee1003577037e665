"""What the page of a class shows beside the fields of its form: a reader for each template that needs one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request

from .actor_pages import actor_values
from .goal_pages import goal_values
from .indicator_pages import indicator_values
from .obstacle_pages import obstacle_values
from .rendering import base_of

_MORE: Mapping[str, Callable[[Request, str], Mapping[str, Any]]] = {
    "classes/Obstacle.html": obstacle_values,
    "classes/Indicator.html": indicator_values,
    "classes/goal_page.html": goal_values,
    "classes/actor_page.html": actor_values,
}


def more_values(template: str, request: Request, iri: str) -> Mapping[str, Any]:
    """The values that a template, or the one it builds on, needs of its own; the generic page needs none."""
    for name in (template, base_of(template)):
        if name in _MORE:
            return _MORE[name](request, iri)
    return {}
