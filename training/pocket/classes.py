"""AudioSet's classes, their ontology, and the tables that name them: prompts, file labels."""

import csv
import json
import re
from pathlib import Path

VAGUE = (
    "Sound effect",
    "Speech",
    "Music",
    "Animal",
    "Vehicle",
    "Musical instrument",
    "Video game music",
    "Inside, small room",
)
"""What the tagger says of anything odd: counts less where a file's name says what it is."""

MANY_PARENTS = {"Bell", "Whistle", "Hiss", "Rattle", "Buzz", "Roar", "Bark", "Growling"}
"""Named under several headings of the ontology, which are not all true of one sound: they get no ancestors."""

RELATED = 0.3
"""A class that a row of the prompt tables names with at least this weight, but less than fully, is a related one."""
FULL = 0.8

Weights = dict[int, float]
"""Class index -> how far it applies, 0..1."""


class Classes:
    """The 527 names and, of each, the set of its ancestors with itself."""

    def __init__(self, names_file: Path, ontology_file: Path):
        with open(names_file, encoding="utf-8") as file:
            self.names = [row["display_name"] for row in csv.DictReader(file)]
        self.index = {name: i for i, name in enumerate(self.names)}
        ontology = json.loads(Path(ontology_file).read_text(encoding="utf-8"))
        name_of = {entry["id"]: entry["name"] for entry in ontology}
        id_of = {entry["name"]: entry["id"] for entry in ontology}
        parents: dict[str, list[str]] = {}
        for entry in ontology:
            for child in entry["child_ids"]:
                parents.setdefault(child, []).append(entry["id"])
        self.ancestors = []
        for name in self.names:
            waiting, seen = [id_of[name]] if name in id_of else [], set()
            while waiting:
                entry = waiting.pop()
                if entry not in seen:
                    seen.add(entry)
                    waiting += parents.get(entry, [])
            named = {self.index[name_of[e]] for e in seen if name_of[e] in self.index}
            self.ancestors.append(named | {self.index[name]})

    @property
    def vague(self) -> list[int]:
        return [self.index[name] for name in VAGUE if name in self.index]

    def parse(self, spec: str) -> Weights:
        """'Dog|Bark:0.5' -> weights; names that are no classes are left out."""
        weights: Weights = {}
        for part in spec.split("|"):
            name, weight = re.fullmatch(r"(.*?)(?::([0-9.]+))?", part.strip()).groups()
            if name in self.index:
                i = self.index[name]
                weights[i] = max(weights.get(i, 0.0), float(weight or 1))
        return weights

    def with_ancestors(self, weights: Weights) -> Weights:
        """A sound of a class is one of its ancestors too, at 0.9 of the weight."""
        result: Weights = {}
        for i, weight in weights.items():
            above = {i} if self.names[i] in MANY_PARENTS else self.ancestors[i]
            for j in above:
                result[j] = max(result.get(j, 0.0), weight if j == i else weight * 0.9)
        return result

    def meaning(self, weights: Weights) -> tuple[dict[int, float], set[int]]:
        """A row of a prompt table -> shares of classes that sum to 1, and its most specific full-weight classes."""
        highest = max(weights.values())
        full = {k for k, w in weights.items() if w >= min(FULL, highest)}
        above_others = {k for k in full if any(k in self.ancestors[j] and j != k for j in full)}
        specific = full - above_others or full
        shares = {k: 1.0 for k in specific}
        for k, w in weights.items():
            if k not in specific and w >= RELATED and not any(k in self.ancestors[j] for j in specific):
                shares[k] = RELATED * w
        total = sum(shares.values())
        return {k: v / total for k, v in shares.items()}, specific

    def own_names(self) -> list[tuple[str, int]]:
        """Each class's name, and its parts between commas -> class."""
        pairs = []
        for i, name in enumerate(self.names):
            parts = {part.strip().lower() for part in re.sub(r"\(.*?\)", "", name).split(",")}
            pairs += [(prompt, i) for prompt in {name.lower()} | {p for p in parts if len(p) > 3}]
        return pairs


def read_prompts(files, classes: Classes) -> list[tuple[str, Weights]]:
    """Rows `prompt TAB spec` of all files; a prompt in several rows means all of theirs."""
    rows: dict[str, Weights] = {}
    for file in files:
        for line in Path(file).read_text(encoding="utf-8").splitlines():
            prompt, _, spec = line.partition("\t")
            weights = classes.parse(spec)
            if weights:
                merged = rows.setdefault(prompt.strip().lower(), {})
                for k, w in weights.items():
                    merged[k] = max(merged.get(k, 0.0), w)
    return list(rows.items())


class FileLabels:
    """What a file's package and path say that it sounds like: the first matching rule of a table of
    `package regex TAB path regex TAB spec`."""

    def __init__(self, file: Path, classes: Classes):
        self.classes = classes
        self.rules = []
        for line in Path(file).read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                package, path, spec = line.split("\t")
                self.rules.append((re.compile(package), re.compile(path, re.I), spec))

    def __call__(self, package: str, path: str, spec: str = "") -> Weights | None:
        """`spec` is what a sound's row says itself (made or own sounds); None: nothing is known."""
        for rule_package, rule_path, rule_spec in () if spec else self.rules:
            if rule_package.search(package) and rule_path.search(path):
                spec = rule_spec
                break
        weights = self.classes.parse(spec) if spec else {}
        return self.classes.with_ancestors(weights) if weights else None
