"""Whether work grows in proportion to its text."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def is_in_proportion(work: Callable[[str], object], piece: str, end: str = "") -> bool:
    """Tell whether ten times the text takes far less than the hundred times of quadratic work.

    Each length is tried thrice and the best kept, without garbage collection, since other processes disturb.
    """

    def seconds(length: int) -> float:
        text = (piece * length)[:length] + end
        tries = []
        for _ in range(3):
            begun = time.process_time()
            work(text)
            tries.append(time.process_time() - begun)
        return min(tries)

    gc.disable()
    try:
        seconds(1_000)
        return seconds(100_000) < 50 * max(seconds(10_000), 0.002)
    finally:
        gc.enable()
