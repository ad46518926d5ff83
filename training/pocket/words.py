"""Word pieces of prompts."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

LONGEST = 32
UNKNOWN = "[UNK]"


def tokenizer(pieces: list[str]) -> Tokenizer:
    """WordPiece over `pieces`, lower case, without accents."""
    vocabulary = {piece: i for i, piece in enumerate(pieces)}
    words = Tokenizer(models.WordPiece(vocabulary, unk_token=UNKNOWN, max_input_chars_per_word=60))
    words.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    words.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return words


def read_pieces(file: Path) -> list[str]:
    return Path(file).read_text(encoding="utf-8").split("\n")


def batch(words: Tokenizer, texts) -> tuple[torch.Tensor, torch.Tensor]:
    """-> ids [B, L] and mask [B, L]; a text without pieces is one unknown piece."""
    unknown = words.token_to_id(UNKNOWN)
    ids = [words.encode(text).ids[:LONGEST] or [unknown] for text in texts]
    longest = max(map(len, ids))
    padded = torch.tensor([row + [0] * (longest - len(row)) for row in ids])
    return padded, torch.tensor([[1.0] * len(row) + [0.0] * (longest - len(row)) for row in ids])
