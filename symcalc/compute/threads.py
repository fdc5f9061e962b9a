"""Threads for blocks of rows: how many, and the libraries below held to one each meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from typing import Any, TypeVar

Part = TypeVar("Part")
# Each thread holds one block's arrays, about 2 MiB: six of them stay below 16 MiB.
MOST = 6
_chosen: list[int] = []


def count() -> int:
    """The number of threads: what `limited` says, else the cores this process may use."""
    if _chosen:
        return _chosen[-1]
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def limited(number: int) -> Iterator[None]:
    """Work inside uses this number of threads; the answers are the same to the last bit."""
    _chosen.append(number)
    try:
        yield
    finally:
        _chosen.pop()


def in_order(work: Callable[[int], Part], parts: int) -> list[Part]:
    """work(0), work(1), …, spread over the threads; the answers in order."""
    number = min(count(), parts, MOST)
    if number <= 1:
        with _one_each():
            return [work(part) for part in range(parts)]
    with _one_each():
        return list(_pool(number).map(work, range(parts)))


@lru_cache(maxsize=4)
def _pool(number: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(number, thread_name_prefix="symcalc-block")


def _forget_pools() -> None:
    _pool.cache_clear()


# A forked child has none of its parent's threads: a pool it inherited would wait for ever.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_pools)


@lru_cache(maxsize=1)
def _controller() -> Any:
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    return ThreadpoolController()


def _one_each() -> AbstractContextManager[Any]:
    """BLAS held to one thread: two layers of threads on the same cores wait for each other."""
    controller = _controller()
    return nullcontext() if controller is None else controller.limit(limits=1, user_api="blas")
