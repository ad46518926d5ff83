"""One command per stage: `python -m pocket [--config FILE] STAGE ...`."""

import argparse
import json
from pathlib import Path

import torch

from .config import load

# Stages import their modules when they run: most need only some of the requirements.


def _collect(config, options):
    from .collect import collect

    collect(config, options.use)


def _collect_folder(config, options):
    from .collect import collect_folder

    ucs = json.loads(config.paths.ucs.read_text(encoding="utf-8")) if config.paths.ucs.exists() else []
    collect_folder(config, options.folder, ucs)


def _synthesise(config, _):
    from .synthesise import synthesise

    synthesise(config)


def _prepare(config, options):
    from .prepare import prepare

    prepare(config, options.collection)


def _exclude(config, _):
    from .fingerprints import exclude

    exclude(config)


def _texts(config, _):
    from .texts import prepare_texts

    prepare_texts(config)


def _development(config, _):
    from .development import build

    build(config)


def _train_text(config, options):
    from .train_text import train_text

    train_text(config, options.all_rows)


def _train_audio(config, options):
    from .train_audio import AudioTraining

    AudioTraining(config, options.name, options.start, options.all_packages).run()


def _average(config, options):
    from .checkpoint import average

    files = [config.paths.checkpoints / f"{name}.pt" for name in options.names]
    average(files, options.shares).save(config.paths.checkpoints / f"{options.out}.pt")


def _calibrate(config, options):
    from .calibrate import calibrate

    calibrate(config, options.name, options.out, options.smooth)


def _import(config, options):
    from .import_folder import import_checkpoints

    import_checkpoints(config, options.folder, options.out)


def _fine_tune(config, options):
    from .contrastive import fine_tune

    fine_tune(config, options.name, options.text, options.collection, options.out)


def _export(config, options):
    from .checkpoint import AudioModel, TextModel
    from .export import export

    checkpoints = config.paths.checkpoints
    audio, text = (checkpoints / f"{name}.pt" for name in (options.audio, options.text))
    print(export(AudioModel.load(audio), TextModel.load(text), options.folder))


def _golden(_, options):
    from .golden import golden

    golden(options.folder, options.sound, options.start, options.out)


def _evaluate(_, options):
    from .evaluate import evaluate

    evaluate(options.folder, options.audio, options.truth, options.baseline)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pocket", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("config.toml"))
    parser.add_argument("--threads", type=int, default=1, help="of the processor (default 1)")
    stages = parser.add_subparsers(required=True, metavar="STAGE")

    def stage(name, run, help):
        added = stages.add_parser(name, help=help)
        added.set_defaults(run=run)
        return added

    add = stage("collect", _collect, "download and decode Debian packages").add_argument
    add("use", choices=["train", "never"], help="rows of packages.tsv")
    add = stage("collect-folder", _collect_folder, "decode your own sounds").add_argument
    add("folder", type=Path)
    stage("synthesise", _synthesise, "make instruments, speech and signals")
    add = stage("prepare", _prepare, "log-mels of a collection, and what the tagger says").add_argument
    add("collection")
    stage("exclude", _exclude, "find doubles of sounds that must not be trained on")
    stage("texts", _texts, "texts and their sentence vectors")
    stage("development", _development, "mix the recordings that settings are chosen on")
    add = stage("train-text", _train_text, "train the text tower").add_argument
    add("--all-rows", action="store_true", help="hold no prompts out")
    add = stage("train-audio", _train_audio, "train the audio tower").add_argument
    add("name", help="of the checkpoint")
    add("--start", help="checkpoint to start from (default: the tagger)")
    add("--all-packages", action="store_true", help="train on the development packages too")
    add = stage("average", _average, "mean of checkpoints").add_argument
    add("names", nargs="+")
    add("--shares", nargs="+", type=float, required=True)
    add("--out", required=True)
    add = stage("calibrate", _calibrate, "equal rates of false alarms").add_argument
    add("name")
    add("--out", required=True)
    add("--smooth", action="store_true", help="smooth the frames inside the graph, for plain decoding")
    add = stage("import", _import, "checkpoints of a model folder").add_argument
    add("folder", type=Path)
    add("--out", required=True, help="names the checkpoints OUT and OUT-text")
    add = stage("fine-tune", _fine_tune, "learn your own sounds and captions").add_argument
    add("name", help="of the audio tower's checkpoint")
    add("text", help="of the text tower's")
    add("--collection", default="own")
    add("--out", required=True)
    add = stage("export", _export, "write a model folder").add_argument
    add("audio")
    add("text")
    add("folder", type=Path)
    add = stage("golden", _golden, "numbers to check a port with").add_argument
    add("folder", type=Path)
    add("sound", type=Path)
    add("out", type=Path)
    add("--start", type=float, default=0.0, help="seconds into the sound")
    add = stage("evaluate", _evaluate, "measure a model folder on labelled recordings").add_argument
    add("folder", type=Path)
    add("audio", type=Path)
    add("truth", type=Path)
    add("--baseline", type=Path, help="another model folder, to print differences to")
    return parser


def main() -> None:
    options = _parser().parse_args()
    torch.set_num_threads(options.threads)
    options.run(load(options.config), options)


if __name__ == "__main__":
    main()
