"""The configuration file as nested, read-only values."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace


@dataclass(frozen=True)
class Paths:
    """Where things are, absolute."""

    work: Path
    tagger: Path
    classes: Path
    ontology: Path
    ucs: Path
    wordnet: Path
    soundfont: Path
    packages: Path
    file_labels: Path
    prompts: tuple[Path, ...]
    held_prompts: tuple[Path, ...]

    def sounds(self, collection: str) -> Path:
        """Folder of `audio.i16` and `index.tsv`."""
        return self.work / "sounds" / collection

    def features(self, collection: str) -> Path:
        """Common prefix of a collection's feature files."""
        return self.work / "features" / collection

    @property
    def texts(self) -> Path:
        return self.work / "texts"

    @property
    def checkpoints(self) -> Path:
        return self.work / "checkpoints"


def _namespace(value):
    return SimpleNamespace(**{k: _namespace(v) for k, v in value.items()}) if isinstance(value, dict) else value


def load_tables(tables: dict, folder: Path) -> SimpleNamespace:
    """Tables as attributes; `paths`, relative to `folder`, is a `Paths`; `sounds.files_of` stays a dict."""
    at = lambda path: (folder / path).resolve()
    raw = dict(tables["paths"])
    tables_of = {name: tuple(map(at, raw.pop(name))) for name in ("prompts", "held_prompts")}
    paths = Paths(**tables_of, **{k: at(v) for k, v in raw.items()})
    config = _namespace({k: v for k, v in tables.items() if k != "paths"})
    config.sounds.files_of = tables["sounds"].get("files_of", {})
    config.paths = paths
    return config


def load(file: str | Path) -> SimpleNamespace:
    """Reads a TOML file."""
    file = Path(file).resolve()
    return load_tables(tomllib.loads(file.read_text(encoding="utf-8")), file.parent)
