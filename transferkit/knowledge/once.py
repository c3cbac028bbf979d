"""Make something of the data once, however often it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from transferkit.knowledge import datasets, reads

Asked = ParamSpec("Asked")
Made = TypeVar("Made")


def once(make: Callable[Asked, Made]) -> Callable[Asked, Made]:
    """Keep what `make` returns, per data package and arguments (which are keys); nobody may change it.

    Whoever asks has read what it was made of, also when somebody else had asked before. What depends on the
    register takes `register.version()` as an argument.
    """

    @lru_cache(maxsize=64)
    def kept(_: Hashable, *arguments: Any) -> tuple[Made, reads.Reads]:
        with reads.recording() as read:
            return make(*arguments), read  # type: ignore[call-arg]

    @wraps(make)
    def asked(*arguments: Asked.args, **_: Asked.kwargs) -> Made:
        made, read = kept(datasets.state(), *arguments)
        reads.again(read)
        return made

    return asked
