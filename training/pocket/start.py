"""The analytic start: an audio tower that says what the tagger says, before any training."""

import numpy as np
import torch
import torch.nn.functional as F

from .checkpoint import AudioModel
from .mixtures import mixture
from .network import AudioTower
from .sources import OPTIMISM, Sources
from .tagger import Tagger, load_backbone

MIXTURES, FRAMES = 90, 480


@torch.no_grad()
def analytic_start(config, sources: Sources) -> AudioModel:
    """The `vector` strongest directions of the tagger's class logits, in the metric of its features' covariance.

    With features h of mean m and covariance C, logits W h + b and the singular values W C^½ = u s v':
    z = s^½ v' C^-½ (h - m), classes u s^½, biases b + W m.
    """
    k = config.network.vector
    tagger = Tagger.load(config.paths.tagger, dense=True)
    tower = AudioTower(k, config.network.radius)
    load_backbone(tower.backbone, torch.load(config.paths.tagger, map_location="cpu"))
    tower.head.load_state_dict(tagger.hidden.state_dict())
    tower.eval()
    random = np.random.default_rng(config.audio.seed)
    features = []
    for _ in range(MIXTURES):
        db = torch.tensor(mixture(sources, FRAMES, random, config.mixtures).db)[None, None]
        x, low = tower.lower(db, 0)
        h = tower.backbone.upper(low, 0).mean(2)
        features.append(F.hardswish(tower.head(h[0].T)))
    h = torch.cat(features)
    mean = h.mean(0)
    values, vectors = torch.linalg.eigh(torch.cov(h.T) + 1e-4 * torch.eye(h.shape[1]))
    root = values.clamp(min=1e-6).sqrt()
    half, inverse_half = vectors @ torch.diag(root) @ vectors.T, vectors @ torch.diag(1 / root) @ vectors.T
    weight = tagger.output.weight
    u, s, vt = torch.linalg.svd(weight @ half, full_matrices=False)
    strength = s[:k].sqrt()
    projection = torch.diag(strength) @ vt[:k] @ inverse_half
    tower.projection.weight.copy_(projection)
    tower.projection.bias.copy_(-projection @ mean)
    lengths = (h @ projection.T - projection @ mean).norm(dim=1)
    tower.radius.fill_(max(config.network.radius, 1.6 * float(lengths.quantile(0.999))))
    return AudioModel(tower, u[:, :k] @ torch.diag(strength), tagger.output.bias + weight @ mean + OPTIMISM)
