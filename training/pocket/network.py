"""Both towers.

A score is an inner product z·u + b of an audio vector z (|z| <= R) and a prompt's vector u (|u| <= W), written as a
cosine of unit vectors:

    audio = [z, sqrt(R² - |z|²), 0] / R      text = [u, 0, sqrt(W² - |u|²)] / W      cos(audio, text) = z·u / (R W)

so `logit_scale` = R W is one constant, and the length of u can still say how sharply a prompt is decided.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CLASSES = 527
"""AudioSet's sound classes."""
FRAME = 16
"""Mel frames of 10 ms in one frame of the model."""
FEATURES, HIDDEN = 384, 512

# MobileNetV3-large at width 0.4: kernel, expanded channels, channels out, squeeze-excitation width (0: none),
# hardswish (else ReLU), stride
BLOCKS = [
    (3, 8, 8, 0, False, 1),
    (3, 24, 16, 0, False, 2),
    (3, 32, 16, 0, False, 1),
    (5, 32, 16, 8, False, 2),
    (5, 48, 16, 16, False, 1),
    (5, 48, 16, 16, False, 1),
    (3, 96, 32, 0, True, 2),
    (3, 80, 32, 0, True, 1),
    (3, 72, 32, 0, True, 1),
    (3, 72, 32, 0, True, 1),
    (3, 192, 48, 48, True, 1),
    (3, 272, 48, 72, True, 1),
    (5, 272, 64, 72, True, 2),
    (5, 384, 64, 96, True, 1),
    (5, 384, 64, 96, True, 1),
]
DILATED = 12
"""From this block on time is not halved any more but the kernels are dilated: the same weights, frames of 160 ms."""


def normalise(db: Tensor) -> Tensor:
    """log-mel in dB [B, 1, T, 128] -> the tagger's input [B, 1, 128, T]: (ln(power + 1e-5) + 4.5) / 5."""
    return ((torch.log(torch.exp(db * (math.log(10) / 10)) + 1e-5) + 4.5) / 5).transpose(2, 3)


class Convolution(nn.Module):
    """Convolution with its batch norm folded in, and an activation; [B, C, F, T] -> [B, C', F', T'].

    `gain` is the batch norm's factor per channel, kept apart so that a step of the optimiser means what it meant
    before folding. Batch norms would have to keep their statistics anyway: batches here are small and unlike AudioSet.
    """

    def __init__(self, inputs, outputs, kernel=1, stride=(1, 1), dilation=1, groups=1, activation=F.hardswish):
        super().__init__()
        padding = ((kernel - 1) // 2, (kernel - 1) // 2 * dilation)
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, (1, dilation), groups)
        self.register_buffer("gain", torch.ones(outputs))
        self.activation = activation

    def forward(self, x):
        c = self.conv
        weight = c.weight * self.gain[:, None, None, None]
        x = F.conv2d(x, weight, c.bias, c.stride, c.padding, c.dilation, c.groups)
        return self.activation(x) if self.activation else x


class SqueezeExcitation(nn.Module):
    """Gate of each channel from its mean over frequency and time."""

    def __init__(self, channels, hidden):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(channels, hidden), nn.Linear(hidden, channels)

    def forward(self, x):
        return x * torch.sigmoid(self.fc2(F.relu(self.fc1(x.mean((2, 3))))))[:, :, None, None]


class InvertedResidual(nn.Module):
    """expand -> depthwise -> squeeze-excitation -> project."""

    def __init__(self, inputs, kernel, expanded, outputs, se, hardswish, stride, dilated, dilation):
        super().__init__()
        activation = F.hardswish if hardswish else F.relu
        self.expand = Convolution(inputs, expanded, activation=activation) if expanded != inputs else None
        strides = (stride, 1 if dilated else stride)
        self.depth = Convolution(expanded, expanded, kernel, strides, dilation, expanded, activation)
        self.se = SqueezeExcitation(expanded, se) if se else None
        self.project = Convolution(expanded, outputs, activation=None)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        y = self.expand(x) if self.expand is not None else x
        y = self.depth(y)
        if self.se is not None:
            y = self.se(y)
        y = self.project(y)
        return x + y if self.residual else y


class Backbone(nn.Module):
    """Normalised log-mel [B, 1, 128, T] -> [B, 384, 4, T'], T' = ceil(T / 16); T / 32 when not `dense`."""

    def __init__(self, dense=True):
        super().__init__()
        self.stem = Convolution(1, 8, 3, (2, 2))
        channels, blocks = 8, []
        for i, (kernel, expanded, outputs, se, hardswish, stride) in enumerate(BLOCKS):
            dilated, dilation = dense and i == DILATED, 2 if dense and i > DILATED else 1
            blocks.append(
                InvertedResidual(channels, kernel, expanded, outputs, se, hardswish, stride, dilated, dilation)
            )
            channels = outputs
        self.blocks = nn.ModuleList(blocks)
        self.last = Convolution(channels, FEATURES)

    def lower(self, x, blocks):
        """The stem and the first `blocks` blocks: what training may leave as it is."""
        x = self.stem(x)
        for block in self.blocks[:blocks]:
            x = block(x)
        return x

    def upper(self, x, blocks):
        """The rest."""
        for block in self.blocks[blocks:]:
            x = block(x)
        return self.last(x)

    def forward(self, x):
        return self.upper(self.lower(x, 0), 0)


def centred(x: Tensor) -> Tensor:
    """Shifts normalised log-mel [B, 1, 128, T] by half a frame: frame i is then centred on mel frame 16 i + 8."""
    return torch.cat([x[..., FRAME // 2 :], x[..., -FRAME // 2 :]], -1)


REACH, SPECTRAL_SIGMA_DB, DECAY = 6, 6.5, 0.92
"""Smoothing: frames to either side, dB of spectral difference at which a neighbour counts 1/e, factor per frame away.
Chosen on the development recordings; 4 to 10 frames and 5 to 9 dB are as good."""
GUIDE_BANDS = 8


def guide(x: Tensor) -> Tensor:
    """Normalised log-mel [B, 1, 128, T] -> the loudest 10 ms of 8 bands in each frame, dB [B, T', 8]."""
    db = (x[:, 0] * 5 - 4.5) * (10 / math.log(10))
    bands = F.avg_pool1d(db.transpose(1, 2), db.shape[1] // GUIDE_BANDS).transpose(1, 2)
    return F.max_pool1d(torch.cat([bands, bands[..., 1 - FRAME :]], -1), FRAME).transpose(1, 2)


def smooth(z: Tensor, guide: Tensor) -> Tensor:
    """Edge-preserving mean over time (a bilateral filter): neighbours count as far as they sound alike.

    z [B, T', k], guide [B, T', 8]. Inside a sound this fills gaps and drops single frames, across an edge it does
    nothing. A score is linear in z, so scores of any prompt are smoothed alike.
    """
    # both sides are padded with a guide so far away that its weight is zero, and all windows have the same length
    far = torch.zeros_like(guide[:, :1]) + 1e3
    values = torch.cat([z[:, :1] * 0] * REACH + [z] + [z[:, :1] * 0] * REACH, 1)
    guides = torch.cat([far] * REACH + [guide] + [far] * REACH, 1)
    total, weights = z, torch.ones_like(z[..., :1])
    for offset in [o for o in range(-REACH, REACH + 1) if o]:
        start, end = REACH + offset, -(REACH - offset) or None
        difference = ((guides[:, start:end] - guide) ** 2).mean(2, keepdim=True)
        weight = torch.exp(-difference / SPECTRAL_SIGMA_DB**2) * DECAY ** abs(offset)
        total = total + weight * values[:, start:end]
        weights = weights + weight
    return total / weights


class AudioTower(nn.Module):
    """log-mel in dB [B, 1, T, 128], T >= 16 -> clip [B, D] and frames [B, ceil(T / 16), D], unit vectors, D = k + 2.

    Frame i stands for mel frames 16 i .. 16 i + 15. The backbone sees far and blurs edges; a local branch, from the
    level and the peak of 32 bands in each frame, gates its features. The clip is a weighted mean of the frames through
    the same head. With `smoothing` the frames are at last smoothed in time, but not across edges of the sound: for
    plain decoding. The frames before that are then a third output, for detectors that smooth themselves.
    """

    def __init__(self, k=254, radius=32.0, local=48):
        super().__init__()
        self.k = k
        self.backbone = Backbone()
        self.neighbours = nn.Conv1d(FEATURES, FEATURES, 5, padding=2, groups=FEATURES, bias=False)
        self.local1 = nn.Conv1d(2 * 32, local, 3, padding=1)
        self.local2 = nn.Conv1d(local, local, 3, padding=1)
        self.gate = nn.Conv1d(local, FEATURES, 1)
        self.local_head = nn.Conv1d(local, HIDDEN, 1)
        self.attention = nn.Conv1d(local, 1, 1)
        for layer in (self.neighbours, self.gate, self.local_head, self.attention):
            nn.init.zeros_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        self.head = nn.Linear(FEATURES, HIDDEN)
        self.projection = nn.Linear(HIDDEN, k)
        self.register_buffer("radius", torch.tensor(float(radius)))
        self.smoothing = False

    def lower(self, db, blocks):
        """-> normalised log-mel [B, 1, 128, T] and the backbone's first blocks' output."""
        x = normalise(db)
        return x, self.backbone.lower(centred(x), blocks)

    def upper(self, x, low, blocks):
        """What `lower` returned -> audio vectors z: clip [B, k], frames [B, T', k] before any smoothing."""
        h = self.backbone.upper(low, blocks).mean(2)
        h = h + self.neighbours(h)
        # 15 more mel frames at the end, so that there are ceil(T / 16) frames again
        bands = F.avg_pool2d(torch.cat([x, x[..., 1 - FRAME :]], -1), (4, 1))[:, 0]
        local = torch.cat([F.avg_pool1d(bands, FRAME), F.max_pool1d(bands, FRAME)], 1)
        local = F.hardswish(self.local2(F.hardswish(self.local1(local))))
        h = h * (2 * torch.sigmoid(self.gate(local)))
        share = torch.sigmoid(self.attention(local)) + 1e-3
        share = share / share.sum(2, keepdim=True)
        # the clip goes through the head as one more frame, so that the head's matrices are stored once
        h = torch.cat([h, (h * share).sum(2, keepdim=True)], 2)
        local = self.local_head(local)
        local = torch.cat([local, (local * share).sum(2, keepdim=True)], 2)
        z = self.projection(F.hardswish(self.head(h.transpose(1, 2)) + local.transpose(1, 2)))
        return z[:, -1], z[:, :-1]

    def vectors(self, db):
        """log-mel in dB [B, 1, T, 128] -> audio vectors z: clip [B, k], frames [B, T', k]."""
        x, low = self.lower(db, 0)
        clip, frames = self.upper(x, low, 0)
        return clip, smooth(frames, guide(x)) if self.smoothing else frames

    def unit(self, z):
        """z [..., k] -> unit vectors [..., k + 2]."""
        squared = (z * z).sum(-1, keepdim=True)
        rest = torch.sqrt(F.relu(self.radius * self.radius - squared) + 1e-6)
        return torch.cat([z, rest, rest * 0], -1) / torch.sqrt(squared + rest * rest)

    def forward(self, db):
        x, low = self.lower(db, 0)
        clip, frames = self.upper(x, low, 0)
        unit = self.unit(torch.cat([frames, clip[:, None]], 1))
        clip, raw = unit[:, -1], unit[:, :-1]
        return (clip, self.unit(smooth(frames, guide(x))), raw) if self.smoothing else (clip, raw)


class TextTower(nn.Module):
    """input_ids [B, L], attention_mask [B, L] -> unit vectors [B, k + 2], biases [B].

    Static word-piece vectors, a learned weight of each piece, their mean, an MLP, and a softmax over 528 anchors (the
    classes and "no sound", the last); a prompt's vector and bias are the anchors' mixture: its logit is the mean of
    the logits of the classes it stands for.
    """

    def __init__(self, vocabulary, dimensions=256, k=254, hidden=512, width=1.0):
        super().__init__()
        self.pieces = nn.Embedding(vocabulary, dimensions)
        self.piece_weight = nn.Parameter(torch.zeros(vocabulary))
        self.fc1, self.fc2 = nn.Linear(dimensions, hidden), nn.Linear(hidden, hidden)
        self.shares_head = nn.Linear(hidden, CLASSES + 1)
        self.anchors, self.biases = nn.Parameter(torch.zeros(CLASSES + 1, k)), nn.Parameter(torch.zeros(CLASSES + 1))
        # sharpening of the shares; shift and gain, each with a slope on the prompt's ambiguity: see config.toml
        self.calibration = nn.Parameter(torch.tensor([1.0, 0.0, 0.0, 1.0, 0.0]))
        self.dropout = 0.15
        self.register_buffer("width", torch.tensor(float(width)))

    def pool(self, ids, mask):
        """-> weighted mean of the pieces' vectors, of length 16 [B, dimensions]."""
        weight = torch.exp(self.piece_weight[ids]) * mask
        mean = (self.pieces(ids) * weight[..., None]).sum(1) / (weight.sum(1, keepdim=True) + 1e-6)
        return mean / torch.sqrt((mean * mean).sum(-1, keepdim=True) + 1e-6) * 16

    def share_logits(self, ids, mask):
        """-> logits of the anchors' shares [B, 528]."""
        return self.from_pooled(self.pool(ids, mask))

    def from_pooled(self, pooled):
        """What `pool` returned -> logits of the anchors' shares."""
        h = F.dropout(pooled, self.dropout, self.training)
        h = F.dropout(F.hardswish(self.fc1(h)), self.dropout, self.training)
        return self.shares_head(h + F.hardswish(self.fc2(h)))

    def prompt(self, logits):
        """Share logits [B, 528] -> prompt vectors u [B, k] and biases [B]."""
        sharpen, shift, shift_slope, gain, gain_slope = self.calibration.unbind()
        shares = torch.softmax(logits * sharpen, -1)
        ambiguity = 1 - (shares * shares).sum(-1, keepdim=True)
        u = (shares @ self.anchors) * (gain + gain_slope * ambiguity)
        return u, shares @ self.biases + shift + shift_slope * ambiguity[:, 0]

    def forward(self, ids, mask):
        u, bias = self.prompt(self.share_logits(ids, mask.to(self.pieces.weight.dtype)))
        squared = (u * u).sum(-1, keepdim=True)
        rest = torch.sqrt(F.relu(self.width * self.width - squared) + 1e-6)
        return torch.cat([u, rest * 0, rest], -1) / torch.sqrt(squared + rest * rest), bias
