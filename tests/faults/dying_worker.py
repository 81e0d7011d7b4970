"""A worker that is killed (SIGKILL, as by the kernel) at one step: `python -m tests.faults.dying_worker before|after STEP`.

STEP is the dotted name of the function that is the step.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from functools import wraps
from typing import Any

import click


def die_at(when: str, step: str) -> None:
    """Replace a function by one that kills this process before or after doing what it does."""
    path, name = step.rsplit(".", 1)
    try:
        holder: Any = importlib.import_module(path)
    except ModuleNotFoundError:
        module, owner = path.rsplit(".", 1)
        holder = getattr(importlib.import_module(module), owner)
    original = getattr(holder, name)

    @wraps(original)
    def last(*args: Any, **kwargs: Any) -> None:
        if when == "after":
            original(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(holder, name, last)


if __name__ == "__main__":
    from tafaul.cli import main, set_up

    with click.Context(main, info_name="worker"):
        set_up()
        from tafaul.jobs import worker

        die_at(*sys.argv[1:])
        worker.run()
