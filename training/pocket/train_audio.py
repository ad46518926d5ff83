"""Stage `train-audio`: the audio tower and the classes' vectors, on mixtures."""

import math
import time

import numpy as np
import torch
import torch.nn.functional as F

from .checkpoint import AudioModel, TextModel
from .classes import Classes
from .development import Development
from .mixtures import mixture
from .network import AudioTower
from .progress import Pause, RunningMean, save
from .prompts import PromptTable, prompt_vectors
from .sources import Sources
from .start import analytic_start
from .tagger import Tagger
from .teaching import SEGMENT, Teachers

PRESENT_PROMPTS, ABSENT_PROMPTS = 96, 128
SAVE_EVERY_S, REPORT_EVERY_S = 180, 600
WARM_UP = 60
CLIP_NORM = 8.0
ANCHORS_STAY, BIASES_STAY = 0.01, 0.03
"""How strongly the classes' vectors are held where they were, so that rare classes do not drift."""


def parameter_groups(tower: AudioTower, anchors, biases, rate: float, frozen: int):
    """Small new layers learn faster than the backbone, biases fastest; the lowest blocks stay."""
    for part in (tower.backbone.stem, *tower.backbone.blocks[:frozen]):
        part.requires_grad_(False)
    backbone, new = [], []
    for name, parameter in tower.named_parameters():
        if parameter.requires_grad:
            (new if name.startswith(("local", "neighbours", "gate", "attention")) else backbone).append(parameter)
    return [
        dict(params=backbone, base=rate),
        dict(params=new, base=2 * rate),
        dict(params=[anchors], base=rate),
        dict(params=[biases], base=4 * rate),
    ]


def cross_entropy(logits, target):
    return F.binary_cross_entropy_with_logits(logits, target, reduction="none")


def frame_weight(logits, target, config):
    """Where a class is on somewhere in the mixture it counts more: that is what prompts ask for. Sure positives count
    more, and so does what is heard but not there."""
    somewhere = 1 + 2 * (target.amax(1, keepdim=True) > 0.5)
    heard = torch.sigmoid(logits.detach()) * (target < 0.1)
    return somewhere * (1 + config.hard_negative * heard)


class AudioTraining:
    """One run, which goes on where it stopped when its state file exists."""

    def __init__(self, config, name: str, start: str | None, all_packages: bool):
        settings = config.audio
        if any(frames % SEGMENT for frames in settings.frames):
            raise ValueError(f"audio.frames: {settings.frames} are not all multiples of {SEGMENT}")
        self.config, self.settings = config, settings
        self.file = config.paths.checkpoints / f"{name}.pt"
        self.state_file = config.paths.checkpoints / f"{name}.state"
        torch.manual_seed(settings.seed)
        self.random = np.random.default_rng(settings.seed)
        classes = Classes(config.paths.classes, config.paths.ontology)
        without = () if all_packages else config.sounds.development
        self.sources = Sources(config, classes, config.sounds.collections, without, excluded(config))
        tagger = Tagger.load(config.paths.tagger, dense=False)
        if start:
            self.model = AudioModel.load(config.paths.checkpoints / f"{start}.pt")
            teacher = AudioModel.load(config.paths.checkpoints / f"{start}.pt")
        else:
            self.model, teacher = analytic_start(config, self.sources), None
        self.teachers = Teachers(tagger, teacher, self.sources.few)
        text = config.paths.checkpoints / "text.pt"
        self.text = TextModel.load(text) if text.exists() else None
        self.prompts = PromptTable.read(config.paths.prompts, classes, self.text) if self.text else None
        self.development = Development.load(config)
        model = self.model
        model.tower.to(memory_format=torch.channels_last).train()
        model.anchors, model.biases = (torch.nn.Parameter(t.clone()) for t in (model.anchors, model.biases))
        self.anchors0, self.biases0 = model.anchors.detach().clone(), model.biases.detach().clone()
        groups = parameter_groups(
            model.tower, model.anchors, model.biases, settings.learning_rate, settings.frozen_blocks
        )
        self.parameters = [p for group in groups for p in group["params"]]
        self.optimiser = torch.optim.AdamW(groups, lr=settings.learning_rate, betas=(0.9, 0.98), weight_decay=1e-4)
        self.mean = RunningMean(self.parameters, settings.average)
        self.step, self.spent = 0, 0.0
        if self.state_file.exists():
            self._resume()

    def _resume(self):
        state = torch.load(self.state_file, weights_only=False)
        self.model.tower.load_state_dict(state["tower"])
        self.model.anchors.data.copy_(state["anchors"])
        self.model.biases.data.copy_(state["biases"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.mean.mean = state["mean"]
        self.step, self.spent = state["step"], state["spent"]
        self.random.bit_generator.state = state["random"]
        torch.set_rng_state(state["torch_random"])
        print(f"goes on at step {self.step}")

    def save(self):
        state = dict(self.model.state(), optimiser=self.optimiser.state_dict(), mean=self.mean.mean)
        state |= dict(step=self.step, spent=self.spent)
        state |= dict(random=self.random.bit_generator.state, torch_random=torch.get_rng_state())
        save(state, self.state_file)
        with self.mean:
            self.model.save(self.file)

    def report(self):
        if self.development is None:
            return
        with self.mean:
            self.model.tower.eval()
            print(time.strftime("%H:%M:%S"), self.step, self.development.measure(self.model), flush=True)
            self.model.tower.train()

    def batch(self):
        """-> log-mels [B, 1, T, 128], targets; all mixtures of a batch are equally long."""
        settings = self.settings
        frames = int(self.random.choice(settings.frames))
        count = max(2, settings.batch_frames // frames)
        mixtures = [mixture(self.sources, frames, self.random, self.config.mixtures) for _ in range(count)]
        db = torch.tensor(np.stack([m.db for m in mixtures]))[:, None]
        return db, self.teachers.targets(db, mixtures)

    def loss(self, db, targets) -> torch.Tensor:
        settings, model = self.settings, self.model
        with torch.no_grad():
            lower = model.tower.lower(db, settings.frozen_blocks)
        clip, frames = model.tower.upper(*lower, settings.frozen_blocks)
        logits = model.logits(frames)
        weight = frame_weight(logits, targets.frames, settings) * targets.weight
        weight = weight * (1 + settings.hard_positive * (targets.frames > 0.9))
        loss = (cross_entropy(logits, targets.frames) * weight).sum(-1).mean()
        loss = loss + settings.clip_weight * cross_entropy(model.logits(clip), targets.clip).sum(-1).mean()
        if self.prompts:
            loss = loss + settings.prompt_weight * self._prompt_loss(frames, targets)
        stay = ANCHORS_STAY * ((model.anchors - self.anchors0) ** 2).sum(1).mean()
        stay = stay + BIASES_STAY * ((model.biases - self.biases0) ** 2).mean()
        # vectors longer than the radius would be cut off
        too_long = sum(F.relu(z.norm(dim=-1) - 0.97 * model.tower.radius).mean() for z in (clip, frames))
        return loss + stay + too_long

    def _prompt_loss(self, frames, targets):
        sounding = targets.frames.amax((0, 1)) > 0.8
        chosen = self.prompts.draw(sounding, PRESENT_PROMPTS, ABSENT_PROMPTS)
        calibration = self.text.tower.calibration.detach()
        u, bias = prompt_vectors(self.model.anchors, self.model.biases, self.prompts.shares[chosen], calibration)
        logits, target = frames @ u.T + bias, self.prompts.target(chosen, targets.frames)
        weight = frame_weight(logits, target, self.settings) * self.prompts.weight(chosen, targets.weight)
        return (cross_entropy(logits, target) * weight).sum(-1).mean()

    def advance(self):
        """One step."""
        done = self.spent / self.settings.seconds
        for group in self.optimiser.param_groups:
            cosine = 0.5 + 0.5 * math.cos(math.pi * min(1, done))
            group["lr"] = group["base"] * min(1, (self.step + 1) / WARM_UP) * (0.02 + 0.98 * cosine)
        loss = self.loss(*self.batch())
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, CLIP_NORM)
        self.optimiser.step()
        self.step += 1
        self.mean.update(self.step)
        return loss.item()

    def run(self):
        pause = Pause(self.config.paths.work)
        saved = reported = time.monotonic()
        if self.step == 0:
            self.report()
        while self.spent < self.settings.seconds:
            pause.wait()
            begun = time.monotonic()
            loss = self.advance()
            now = time.monotonic()
            self.spent += now - begun
            if self.step % 100 == 0:
                print(f"step {self.step}, {self.spent:.0f} s, loss {loss:.2f}", flush=True)
            if now - saved > SAVE_EVERY_S:
                self.save()
                saved = now
            if now - reported > REPORT_EVERY_S:
                self.report()
                reported = now
        self.save()
        self.report()


def excluded(config) -> set[tuple[str, str]]:
    """(package, path) of sounds that equal a held one: see fingerprints.py."""
    file = config.paths.work / "excluded.tsv"
    if not file.exists():
        return set()
    return {tuple(line.split("\t")[:2]) for line in file.read_text(encoding="utf-8").splitlines()}
