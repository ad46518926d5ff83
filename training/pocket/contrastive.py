"""Stage `fine-tune`: your own sounds with their captions.

Symmetric InfoNCE: in a batch of clips and captions each clip has to find its caption among all, and each caption its
clip; clips of one caption are positives of each other's. Beside it, what the model said before of the classes it knew
is kept (distillation), so that a few hundred sounds of yours do not cost it the rest.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F

from .activity import OFFSET_DB, STEP_DB
from .checkpoint import AudioModel, TextModel
from .network import CLASSES
from .prepare import read_features
from .progress import Pause
from .words import batch, tokenizer

FRAMES = 320
"""Mel frames of each clip: 3.2 s, a random piece of a longer one, in silence if shorter."""
SILENCE_DB = -100.0


def info_nce(logits: torch.Tensor, same: torch.Tensor) -> torch.Tensor:
    """logits [B, B] of clips (rows) with captions, `same` [B, B] true where clip and caption belong together.

    The mean of both directions; a row's positives share its probability (van den Oord et al. 2018, Radford et al.
    2021, Khosla et al. 2020 for several positives).
    """
    positive = same.float()
    across = -(F.log_softmax(logits, 1) * positive / positive.sum(1, keepdim=True)).sum(1)
    down = -(F.log_softmax(logits, 0) * positive / positive.sum(0, keepdim=True)).sum(0)
    return 0.5 * (across.mean() + down.mean())


def clip_logits(clips, prompts, biases):
    """Clip vectors [B, k], prompt vectors [C, k] and their biases [C] -> logits [B, C]."""
    return clips @ prompts.T + biases


class Captioned:
    """Sounds with captions, as they are drawn for a batch."""

    def __init__(self, rows, mel):
        self.rows = [row for row in rows if row.caption]
        self.mel = mel
        if len({row.caption for row in self.rows}) < 2:
            raise ValueError("fine-tuning needs sounds of at least two captions: run `collect-folder` and `prepare`")

    def draw(self, count: int, random: np.random.Generator):
        """-> log-mels [B, 1, 320, 128], captions."""
        chosen = [self.rows[i] for i in random.integers(0, len(self.rows), count)]
        clips = np.full((count, 1, FRAMES, self.mel.shape[1]), SILENCE_DB, np.float32)
        for clip, row in zip(clips, chosen):
            length = min(row.mel_frames, FRAMES)
            start = row.mel_start + int(random.integers(0, row.mel_frames - length + 1))
            at = int(random.integers(0, FRAMES - length + 1))
            clip[0, at : at + length] = self.mel[start : start + length] * np.float32(STEP_DB) + OFFSET_DB
        # levels of recordings say nothing about what they are
        clips += random.uniform(-12, 12, (count, 1, 1, 1)).astype(np.float32)
        return torch.tensor(clips), [row.caption for row in chosen]


def contrastive_loss(audio: AudioModel, text: TextModel, words, db, captions, temperature: float):
    """Clips [B, 1, T, 128] and their captions -> loss, and the clips' and frames' vectors."""
    clips, frames = audio.tower.vectors(db)
    unique = sorted(set(captions))
    prompts, biases = text.tower.prompt(text.tower.share_logits(*batch(words, unique)))
    index = torch.tensor([unique.index(caption) for caption in captions])
    logits = clip_logits(clips, prompts, biases)[:, index] / temperature
    return info_nce(logits, index[:, None] == index[None]), clips, frames


def fine_tune(config, audio_name: str, text_name: str, collection: str, out: str) -> None:
    """Writes `out.pt` and `out-text.pt`."""
    settings, checkpoints, pause = config.contrastive, config.paths.checkpoints, Pause(config.paths.work)
    torch.manual_seed(settings.seed)
    random = np.random.default_rng(settings.seed)
    audio, teacher = (AudioModel.load(checkpoints / f"{audio_name}.pt") for _ in range(2))
    text = TextModel.load(checkpoints / f"{text_name}.pt")
    with torch.no_grad():
        text.tower.anchors[:CLASSES], text.tower.biases[:CLASSES] = audio.anchors, audio.biases
    rows, mel, _, _ = read_features(config.paths.features(collection))
    sounds, words = Captioned(rows, mel), tokenizer(text.pieces)
    audio.tower.train()
    text.tower.eval()  # no dropout: the captions are few
    text.tower.pieces.requires_grad_(False)
    parameters = [p for p in (*audio.tower.parameters(), *text.tower.parameters()) if p.requires_grad]
    optimiser = torch.optim.AdamW(parameters, settings.learning_rate, weight_decay=1e-4)
    for step in range(settings.steps):
        pause.wait()
        db, captions = sounds.draw(settings.batch, random)
        loss, clips, frames = contrastive_loss(audio, text, words, db, captions, settings.temperature)
        with torch.no_grad():
            before = [torch.sigmoid(teacher.logits(z)) for z in teacher.tower.vectors(db)]
        anchors, biases = text.tower.anchors[:CLASSES], text.tower.biases[:CLASSES]
        for z, said in zip((clips, frames), before):
            kept = F.binary_cross_entropy_with_logits(z @ anchors.T + biases, said, reduction="none")
            loss = loss + 0.5 * settings.distillation * kept.sum(-1).mean()
        for group in optimiser.param_groups:
            group["lr"] = settings.learning_rate * (0.5 + 0.5 * math.cos(math.pi * step / settings.steps))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 8.0)
        optimiser.step()
        if step % 50 == 49 or step == settings.steps - 1:
            print(f"step {step + 1}, loss {loss.item():.3f}", flush=True)
    audio.anchors, audio.biases = text.tower.anchors[:CLASSES].detach(), text.tower.biases[:CLASSES].detach()
    audio.save(checkpoints / f"{out}.pt")
    text.save(checkpoints / f"{out}-text.pt")
