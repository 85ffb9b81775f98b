"""A bar on the error channel of a terminal, once a command has taken long."""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any


class Bar:
    """How many files are done, and how far the one in work is. Nothing is drawn, nor is `rich` imported, before
    `patience` seconds have passed, and never where the error channel is no terminal."""

    def __init__(self, title: str, files: int, patience: float) -> None:
        self.title, self.files = title, files
        self.done, self.began = 0.0, time.monotonic()
        self.drawn: Any = None
        self.lock = threading.Lock()        # between the timer's thread and the work
        self.later = threading.Timer(patience, self._begin)
        self.later.daemon = True
        self.task: Any = None

    def __enter__(self) -> Bar:
        self.later.start()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None,
                 _trace: TracebackType | None) -> None:
        self.later.cancel()
        self.later.join()
        with self.lock:
            if self.drawn is not None:
                self.drawn.stop()

    def told(self, files: int, part: float) -> None:
        """So many files are done, and this part of the next one."""
        self.done = files + min(1.0, part)
        with self.lock:
            if self.drawn is not None:
                self.drawn.update(self.task, completed=self.done, files=f"{int(self.done)}/{self.files}")

    @contextmanager
    def aside(self) -> Iterator[None]:
        """The bar steps aside while something is said, so that both may use one screen."""
        with self.lock:
            drawn = self.drawn
            if drawn is not None:
                drawn.stop()
            yield
            if drawn is not None:
                drawn.start()

    def _begin(self) -> None:
        console = importlib.import_module("rich.console").Console(stderr=True)
        if not console.is_terminal:
            return
        parts = importlib.import_module("rich.progress")
        drawn = parts.Progress(
            parts.SpinnerColumn(), parts.TextColumn(self.title), parts.BarColumn(), parts.TaskProgressColumn(),
            parts.TextColumn("{task.fields[files]}"), parts.TimeElapsedColumn(), console=console, transient=True,
            redirect_stdout=False, redirect_stderr=False)
        with self.lock:
            self.task = drawn.add_task("", total=self.files, completed=self.done, files=f"0/{self.files}")
            drawn.tasks[0].start_time = self.began      # of the work, which began before the bar
            drawn.start()
            self.drawn = drawn


__all__ = ["Bar"]
