"""Stage `train-text`: the text tower, prompt -> shares of the sound classes.

Teachers (small networks on the sentence encoder's vectors) learn the prompt tables and label many more texts; the
tower (static word-piece vectors and a small network) learns from the tables and from those. Both learn from mixed
prompts too: two vectors blended, with their meanings blended alike.
"""

import hashlib
import math
import random
import re

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from .checkpoint import TextModel
from .classes import Classes, read_prompts
from .network import CLASSES, TextTower
from .progress import Pause
from .texts import SentenceEncoder
from .words import batch, tokenizer

NO_SOUND = CLASSES
TEACHERS, TEACHER_STEPS = 3, 900
HELD_SHARE = 10
"""One row in so many is held out."""
PARAPHRASE = 0.8
"""Cosine of sentence vectors from which on a row says the same as a held one."""
NAME_TIMES, JUDGED_TIMES = 8, 2
"""How often a class's own name and a row of the tables that rows are held out of count beside a row of the others."""
FAR, NEAR = 0.42, 0.5
"""A text with a lower cosine to every prompt means no sound; above the other, the teachers' label is trusted."""
BLEND = 0.45
"""A prompt is blended with at most this much of another."""
FRAMES_OF_SPEECH = [
    *("the sound of {}", "{} sound", "a recording of {}", "{} in the background", "{} noise", "i can hear {}"),
    *("{} sounds", "sound of a {}", "audio of {}", "loud {}", "{} nearby", "distant {}", "find {}", "{} sfx"),
    *("this is a sound of {}", "someone hears {}", "{} close up", "a {}", "the {}", "some {}", "{}.", "{} recording"),
    *("short {}", "{} effect"),
]
FILLERS = set("the a an of in on and is to with from at by some sound noise sounds".split())


def varied(text: str, chance: random.Random) -> str:
    """The same prompt as someone else might type it."""
    words = text.split()
    if len(words) > 2 and chance.random() < 0.25:
        words.pop(chance.randrange(len(words)))
    if len(words) == 2 and chance.random() < 0.1:
        words.reverse()
    text = " ".join(words)
    if chance.random() < 0.06 and not text.endswith("s"):
        text += "s"
    return chance.choice(FRAMES_OF_SPEECH).format(text) if chance.random() < 0.3 else text


def content(text: str) -> frozenset[str]:
    """Its words without fillers and plurals."""
    return frozenset(re.sub("s$", "", w) for w in re.findall("[a-z]+", text) if w not in FILLERS)


def dense(rows) -> torch.Tensor:
    """Shares of classes -> [N, 528]."""
    out = torch.zeros(len(rows), CLASSES + 1)
    for i, row in enumerate(rows):
        for k, share in row.items():
            out[i, k] = share
    return out


def blend(x, y, chance: float):
    """Blends rows pairwise, with their targets."""
    share = torch.rand(len(x), 1) * BLEND * (torch.rand(len(x), 1) < chance)
    other = torch.randperm(len(x))
    return x * (1 - share) + x[other] * share, y * (1 - share) + y[other] * share


class Rows:
    """The prompt tables with the classes' own names; which rows are held out, and which say the same as those."""

    def __init__(self, config, classes: Classes, encoder: SentenceEncoder, all_rows: bool):
        rows = dict(read_prompts(config.paths.prompts, classes))
        for text, k in classes.own_names():
            rows.setdefault(text, {k: 1.0})
        self.texts, self.weights = list(rows), list(rows.values())
        self.vectors = encoder.encode(self.texts)
        meanings = [classes.meaning(weights) for weights in self.weights]
        self.targets, self.specific = dense([shares for shares, _ in meanings]), [specific for _, specific in meanings]
        judged = {text for text, _ in read_prompts(config.paths.held_prompts, classes) + classes.own_names()}
        digest = lambda text: int(hashlib.md5(text.encode()).hexdigest(), 16)
        self.held = [i for i, text in enumerate(self.texts) if text in judged and digest(text) % HELD_SHARE == 0]
        left_out = set()
        if not all_rows:
            words = {content(self.texts[i]) for i in self.held}
            alike = (self.vectors @ self.vectors[self.held].T).amax(1) >= PARAPHRASE
            said = [i for i, text in enumerate(self.texts) if alike[i] or content(text) in words]
            left_out = set(said) | set(self.held)
        seen = [i for i in range(len(self.texts)) if i not in left_out]
        # what most people type first stands in the first tables, the plainest words are the classes' own names
        names = {text for text, _ in classes.own_names()}
        times = lambda text: NAME_TIMES if text in names else JUDGED_TIMES if text in judged else 1
        self.seen = [i for i in seen for _ in range(times(self.texts[i]))]

    def accuracy(self, shares) -> dict[str, float]:
        """Of the held rows' shares [H, 528]: the first class is one that the row fully means; the first five hold one
        of its most specific ones."""
        first, five = shares[:, :CLASSES].argmax(1).tolist(), shares[:, :CLASSES].topk(5)[1].tolist()
        right = [self.weights[i].get(k, 0) >= 0.8 for i, k in zip(self.held, first)]
        among = [bool(self.specific[i] & set(ks)) for i, ks in zip(self.held, five)]
        return dict(top1=round(float(np.mean(right)), 4), top5=round(float(np.mean(among)), 4))


def _teacher(rows: Rows, unsounding, seed: int) -> nn.Module:
    """A network on sentence vectors [N, 384] -> logits [N, 528]; `unsounding` [M, 384] mean no sound."""
    torch.manual_seed(seed)
    layers = nn.Dropout(0.1), nn.Linear(384, 1024), nn.GELU(), nn.Dropout(0.3), nn.Linear(1024, CLASSES + 1)
    network = nn.Sequential(*layers)
    optimiser = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=0.02)
    seen, nothing = torch.tensor(rows.seen), dense([{NO_SOUND: 1.0}] * 48)
    for step in range(TEACHER_STEPS):
        chosen = seen[torch.randint(len(seen), (256,))]
        x = torch.cat([rows.vectors[chosen], unsounding[torch.randint(len(unsounding), (48,))]]) * 6
        x, y = blend(x, torch.cat([rows.targets[chosen], nothing]), 1.0)
        loss = -(y * F.log_softmax(network(x), -1)).sum(1).mean()
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * (1 - step / TEACHER_STEPS)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return network.eval()


def _vocabulary(pieces, texts, size: int) -> list[int]:
    """Indices of the pieces that the texts use, all single letters, and the most frequent others (they come sorted)."""
    words = tokenizer(pieces)
    used = {i for encoding in words.encode_batch(texts) for i in encoding.ids}
    single = {i for i, piece in enumerate(pieces) if len(piece.removeprefix("##")) == 1}
    rest = [i for i in range(len(pieces)) if i not in used]
    return sorted(used | single | set(rest[: max(0, size - len(used))]) | set(range(min(5, len(pieces)))))


def new_tower(settings, k: int, pieces, vectors, texts) -> TextTower:
    """Word-piece vectors by principal components of the encoder's; rare pieces weigh more at the start."""
    vectors = vectors - vectors.mean(0)
    _, _, directions = torch.pca_lowrank(vectors, settings.dimensions, center=False)
    vectors = vectors @ directions
    tower = TextTower(len(pieces), settings.dimensions, k, settings.hidden)
    tower.pieces.weight.data.copy_(vectors / vectors.norm(dim=1).mean())
    count = np.ones(len(pieces))
    for encoding in tokenizer(pieces).encode_batch(texts):
        np.add.at(count, encoding.ids, 1)
    tower.piece_weight.data.copy_(torch.tensor(np.log(1e-3 / (1e-3 + count / count.sum())) + 1.0))
    return tower


def train_text(config, all_rows: bool) -> None:
    """Writes `text.pt` from all rows, else `text-held.pt`, which has not seen the held ones nor their paraphrases."""
    settings, pause = config.text, Pause(config.paths.work)
    torch.manual_seed(settings.seed)
    chance = random.Random(settings.seed)
    classes = Classes(config.paths.classes, config.paths.ontology)
    corpus = torch.load(config.paths.texts / "texts.pt")
    texts, vectors = corpus["texts"], corpus["vectors"].float()
    rows = Rows(config, classes, SentenceEncoder(), all_rows)
    print(f"{len(rows.texts)} prompts, {len(rows.held)} of them held", flush=True)
    seen = rows.vectors[rows.seen]
    closest = torch.cat([(vectors[i : i + 4096] @ seen.T).amax(1) for i in range(0, len(vectors), 4096)])
    far = (closest < FAR).nonzero()[:, 0]
    near, between = (closest > NEAR).nonzero()[:, 0], (closest <= NEAR).nonzero()[:, 0]
    labels, own = torch.zeros(len(texts), CLASSES + 1), torch.zeros(len(rows.texts), CLASSES + 1)
    for seed in range(TEACHERS):
        pause.wait()
        teacher = _teacher(rows, vectors[far], seed)
        with torch.no_grad():
            labels += teacher(vectors * 6).softmax(-1) / TEACHERS
            own += teacher(rows.vectors * 6).softmax(-1) / TEACHERS
    print("teachers:", rows.accuracy(own[rows.held]), flush=True)

    kept = _vocabulary(corpus["pieces"], texts + rows.texts, settings.vocabulary)
    pieces = [corpus["pieces"][i] for i in kept]
    words = tokenizer(pieces)
    tower = new_tower(settings, config.network.vector, pieces, corpus["piece_vectors"][kept], texts + rows.texts)
    back = nn.Linear(settings.dimensions, 384)  # keeps the vectors' meaning: they must tell the sentence vector
    table, weights = [tower.pieces.weight], [tower.piece_weight]
    rest = [p for n, p in tower.named_parameters() if n not in ("pieces.weight", "piece_weight")]
    groups = [
        dict(params=table, base=settings.learning_rate, weight_decay=0.0),
        dict(params=weights, base=4e-3, weight_decay=0.0),
        dict(params=rest + list(back.parameters()), base=settings.learning_rate, weight_decay=0.01),
    ]
    optimiser = torch.optim.AdamW(groups, lr=settings.learning_rate)
    nothing = dense([{NO_SOUND: 1.0}])
    for step in range(settings.steps):
        pause.wait()
        tower.train()
        told = [rows.seen[i] for i in torch.randint(len(rows.seen), (256,)).tolist()]
        some, others = (pool[torch.randint(len(pool), (n,))].tolist() for pool, n in ((near, 128), (between, 96)))
        prompts = [varied(rows.texts[i], chance) for i in told]
        prompts += [varied(texts[i], chance) for i in some] + [texts[i] for i in others]
        of_rows = 0.75 * rows.targets[told] + 0.25 * own[told]
        target = torch.cat([of_rows, labels[some], 0.3 * labels[others] + 0.7 * nothing])
        weight = torch.cat([torch.ones(256), torch.full((128,), 0.6), torch.full((96,), 0.5)])
        pooled = tower.pool(*batch(words, prompts))
        mixed, target = blend(pooled, target, 0.6)
        loss = (-(target * F.log_softmax(tower.from_pooled(mixed), -1)).sum(1) * weight).mean()
        sentence = torch.cat([rows.vectors[told], vectors[some], vectors[others]])
        loss = loss + 1.5 * (1 - F.cosine_similarity(back(pooled), sentence)).mean()
        for group in optimiser.param_groups:
            cosine = 0.5 + 0.5 * math.cos(math.pi * step / settings.steps)
            group["lr"] = group["base"] * min(1, (step + 1) / 50) * cosine
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 200 == 199 or step == settings.steps - 1:
            tower.eval()
            with torch.no_grad():
                shares = tower.share_logits(*batch(words, [rows.texts[i] for i in rows.held])).softmax(-1)
            print(f"step {step + 1}, loss {loss.item():.3f}, held prompts {rows.accuracy(shares)}", flush=True)
    tower.calibration.data = torch.tensor(settings.calibration)
    held = [] if all_rows else [rows.texts[i] for i in rows.held]
    name = "text.pt" if all_rows else "text-held.pt"
    TextModel(tower, pieces, held).save(config.paths.checkpoints / name)
