"""Every stage of a training on a tiny generated set: a minute on one core, needs no download.

The tagger's weights and the sentence encoder are random, so nothing sensible is learnt; what is promised is that each
stage runs on what the one before wrote, that a training goes on where it stopped, and that a loss falls.
"""

import csv
import json
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

import numpy as np
import soundfile
import torch

from pocket import calibrate, config as configuration, contrastive, evaluate, export, start, train_text
from pocket.checkpoint import AudioModel, TextModel, average
from pocket.collect import collect_folder
from pocket.collection import Writer
from pocket.fingerprints import exclude
from pocket.import_folder import import_checkpoints
from pocket.network import Backbone
from pocket.prepare import prepare
from pocket.progress import save
from pocket.signals import SIGNALS
from pocket.train_audio import AudioTraining

HERE = Path(__file__).parent


def random_tagger(file: Path) -> None:
    """A checkpoint laid out as the published one, with random weights."""
    tensors = {}

    def convolution(name, module):
        conv = module.conv
        tensors[f"{name}.0.weight"] = torch.randn_like(conv.weight) * (2 / conv.weight[0].numel()) ** 0.5
        channels = conv.weight.shape[0]
        tensors.update({f"{name}.1.{n}": torch.ones(channels) for n in ("weight", "running_var")})
        tensors.update({f"{name}.1.{n}": torch.zeros(channels) for n in ("bias", "running_mean")})

    backbone = Backbone(dense=False)
    convolution("features.0", backbone.stem)
    for i, block in enumerate(backbone.blocks):
        parts = [part for part in (block.expand, block.depth, block.se, block.project) if part is not None]
        for j, part in enumerate(parts):
            name = f"features.{i + 1}.block.{j}"
            if part is block.se:
                for layer in ("fc1", "fc2"):
                    for n, value in getattr(part, layer).state_dict().items():
                        tensors[f"{name}.conc_se_layers.0.{layer}.{n}"] = value
            else:
                convolution(name, part)
    convolution("features.16", backbone.last)
    for number, layer in ((2, torch.nn.Linear(384, 512)), (5, torch.nn.Linear(512, 527))):
        tensors |= {f"classifier.{number}.{n}": value for n, value in layer.state_dict().items()}
    save(tensors, file)


class RandomEncoder:
    """Stands for the sentence encoder: the same text has the same vector."""

    def encode(self, texts):
        vectors = [np.random.default_rng(list(text.encode())).normal(size=384) for text in texts]
        return torch.nn.functional.normalize(torch.tensor(np.array(vectors), dtype=torch.float32), dim=-1)


def tiny_config(folder: Path, names: list[str]):
    """The real configuration with tiny numbers and generated data."""
    with open(folder / "classes.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("index", "mid", "display_name"), *((i, i, name) for i, name in enumerate(names))])
    ontology = [dict(id=str(i), name=name, child_ids=[]) for i, name in enumerate(names)]
    (folder / "ontology.json").write_text(json.dumps(ontology), encoding="utf-8")
    shutil.copy(HERE / "file_labels.tsv", folder)
    (folder / "prompts.tsv").write_text("\n".join(f"{name.lower()} somewhere\t{name}" for name in names), "utf-8")
    random_tagger(folder / "tagger.pt")
    tables = tomllib.loads((HERE / "config.toml").read_text(encoding="utf-8"))
    paths = dict.fromkeys(tables["paths"], "none") | dict(work="work", tagger="tagger.pt", classes="classes.csv")
    paths |= dict(ontology="ontology.json", file_labels="file_labels.tsv")
    paths |= dict(prompts=["prompts.tsv"], held_prompts=["prompts.tsv"])
    tables["paths"] = paths
    tables["sounds"] |= dict(collections=["synthetic"], development=[], files_of={})
    tables["audio"] |= dict(seconds=6.0, frames=[160], batch_frames=480, average=0.5)
    tables["text"] |= dict(vocabulary=200, steps=30, dimensions=32, hidden=64)
    tables["contrastive"] |= dict(steps=8, batch=6, learning_rate=1e-3)
    return configuration.load_tables(tables, folder)


def synthetic_sounds(config, random) -> None:
    for collection in ("synthetic", "never"):
        with Writer(config.paths.sounds(collection)) as writer:
            for i, (make, spec) in enumerate(list(SIGNALS.items())[:8]):
                x = make(random)[: 2 * 48000]
                writer.add("synthetic", f"{i}", (x / np.abs(x).max() * 20000).astype(np.int16), spec=spec)


def own_sounds(folder: Path, random) -> None:
    for name in ("squeaky gate", "tin can"):
        (folder / name).mkdir(parents=True)
        for i in range(3):
            soundfile.write(folder / name / f"{i}.wav", random.normal(size=24000) * 0.1, 24000)


def loss_of(training: AudioTraining, db, targets) -> torch.Tensor:
    """Of the same draw of prompts every time."""
    torch.manual_seed(0)
    return training.loss(db, targets)


def check_info_nce() -> None:
    """By chance a clip finds one caption among four; knowing all it finds it surely, also where two share one."""
    apart = torch.eye(4, dtype=torch.bool)
    twins = torch.block_diag(torch.ones(2, 2), torch.eye(2)).bool()
    nothing = torch.zeros(4, 4)
    assert abs(contrastive.info_nce(nothing, apart).item() - np.log(4)) < 1e-6
    assert contrastive.info_nce(100 * apart.float(), apart) < 1e-6
    assert abs(contrastive.info_nce(100 * twins.float(), twins).item() - np.log(2) / 2) < 1e-6
    assert contrastive.info_nce(100 * apart.float(), twins) > contrastive.info_nce(nothing, twins)


def main(names: list[str]) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    check_info_nce()
    random = np.random.default_rng(0)
    start.MIXTURES, calibrate.MIXTURES, train_text.TEACHERS, train_text.TEACHER_STEPS = 12, 2, 1, 10
    train_text.SentenceEncoder = RandomEncoder
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        config = tiny_config(folder, names)
        checkpoints = config.paths.checkpoints
        synthetic_sounds(config, random)
        own_sounds(folder / "sounds", random)
        collect_folder(config, folder / "sounds", [])
        for collection in ("synthetic", "own"):
            prepare(config, collection)
        exclude(config)
        assert (config.paths.work / "excluded.tsv").read_text(encoding="utf-8"), "a double was not found"
        (config.paths.work / "excluded.tsv").unlink()

        pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz"]
        pieces += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
        texts = [f"text {chr(97 + i)}" for i in range(26)]
        vectors = RandomEncoder().encode(texts)
        # one that says the same as a prompt, so that not all are far from every prompt
        vectors[0] = RandomEncoder().encode([f"{names[0].lower()} somewhere"])[0]
        corpus = dict(texts=texts, vectors=vectors, pieces=pieces, piece_vectors=RandomEncoder().encode(pieces))
        save(corpus, config.paths.texts / "texts.pt")
        train_text.train_text(config, all_rows=True)

        training = AudioTraining(config, "first", None, all_packages=True)
        training.run()
        again = AudioTraining(config, "first", None, all_packages=True)
        assert again.step == training.step > 0, "the training did not go on where it stopped"
        db, targets = again.batch()
        before = loss_of(again, db, targets)
        before.backward()
        for parameter in again.parameters:
            if parameter.grad is not None:
                parameter.data -= 1e-4 * parameter.grad / (parameter.grad.norm() + 1e-9)
        assert loss_of(again, db, targets) < before, "the loss does not fall along its gradient"

        average([checkpoints / "first.pt"] * 2, [0.5, 0.5]).save(checkpoints / "mean.pt")
        calibrate.calibrate(config, "mean", "calibrated", smooth=True)
        contrastive.fine_tune(config, "calibrated", "text", "own", "tuned")
        audio, text = AudioModel.load(checkpoints / "tuned.pt"), TextModel.load(checkpoints / "tuned-text.pt")
        print("exported, differences:", export.export(audio, text, folder / "model"))
        import_checkpoints(config, folder / "model", "back")
        back = AudioModel.load(checkpoints / "back.pt"), TextModel.load(checkpoints / "back-text.pt")
        export.export(*back, folder / "again")
        files = [folder / name / "onnx/audio_model.onnx" for name in ("model", "again")]
        assert back[0].tower.smoothing, "the model came back without its smoothing"
        assert files[0].read_bytes() == files[1].read_bytes(), "imported and exported again, it is another graph"
        soundfile.write(folder / "recording.wav", random.normal(size=3 * 32000) * 0.1, 32000)
        (folder / "truth.tsv").write_text("filename\tonset\toffset\tevent_label\nrecording.wav\t0\t1\thum\n", "utf-8")
        evaluate.evaluate(folder / "model", folder, folder / "truth.tsv", None)
    print("smoke test passed")


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
