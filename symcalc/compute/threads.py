"""Threads for blocks of rows: how many, and the libraries below held to one each meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from typing import Any, TypeVar

Part = TypeVar("Part")
# Each thread holds one block's arrays, about 2 MiB: six of them stay below 16 MiB.
MOST = 6
# How often one thread is raced against several before the quicker way is kept to.
RACES = 4
_races: list[tuple[float, float]] = []
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
    with _one_each():
        if number > 1 and not _chosen and len(_races) < RACES and parts >= 4 * number:
            return _raced(work, parts, number)
        if number <= 1 or (not _chosen and not _threads_win()):
            return [work(part) for part in range(parts)]
        return list(_pool(number).map(work, range(parts)))


def side_by_side(work: Callable[[], None], number: int) -> None:
    """work() on this thread and on others, up to `number` in all; it shares out what is to be done by itself.

    A thread that finds nothing left to do costs little, so no race is run: this one never waits for another to begin.
    """
    others = min(count(), number, MOST) - 1
    begun = [_pool(others + 1).submit(work) for _ in range(others)]
    work()
    for one in begun:
        if not one.cancel():
            one.result()


def _raced(work: Callable[[int], Part], parts: int, number: int) -> list[Part]:
    """One half alone, the other spread over threads, turn about: what is quicker on this machine is kept to.

    Two cores of a shared machine, or two that share one unit for arithmetic, are not always quicker than one.
    """
    halves = (range(parts // 2), range(parts // 2, parts))
    spread_first = len(_races) % 2 == 1
    done, seconds = [], []
    for half, spread in zip(halves, (spread_first, not spread_first)):
        begun = time.perf_counter()
        done.append(list(_pool(number).map(work, half)) if spread else [work(part) for part in half])
        seconds.append((time.perf_counter() - begun) / len(half))
    alone, together = seconds[::-1] if spread_first else seconds
    _races.append((alone, together))
    return [*done[0], *done[1]]


def _threads_win() -> bool:
    """Whether the races so far were won by threads, by more than chance."""
    return bool(_races) and sum(together for _, together in _races) < 0.9 * sum(alone for alone, _ in _races)


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
