"""Pausing, and checkpoints that a training goes on from."""

import os
import time
from pathlib import Path

import torch


class Pause:
    """While a file named `pause` lies in the work folder, work waits: `touch work/pause` frees the machine."""

    def __init__(self, work: Path):
        self.file = work / "pause"

    def wait(self) -> None:
        while self.file.exists():
            time.sleep(1)


def save(state: dict, file: Path) -> None:
    """Writes the whole file or leaves the old one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    torch.save(state, part)
    os.replace(part, file)


class RunningMean:
    """Exponential mean of parameters, which training reports and keeps instead of the last step's."""

    def __init__(self, parameters, decay: float):
        self.parameters, self.decay = list(parameters), decay
        self.mean = [p.detach().clone() for p in self.parameters]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Early steps count alike, so that the start is forgotten."""
        torch._foreach_lerp_(self.mean, self.parameters, 1 - min(self.decay, (step + 1) / (step + 20)))

    @torch.no_grad()
    def _swap(self):
        for parameter, mean in zip(self.parameters, self.mean):
            kept = parameter.detach().clone()
            parameter.copy_(mean)
            mean.copy_(kept)

    def __enter__(self):
        """Inside `with`, the parameters are their means."""
        self._swap()

    def __exit__(self, *_):
        self._swap()
