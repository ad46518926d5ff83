"""Stages `collect` and `collect-folder`: sounds of Debian packages, or your own, decoded into a collection."""

import os
import re
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path

import numpy as np

from .collection import SAMPLE_RATE, Writer

SOUNDS = (".ogg", ".wav", ".flac", ".mp3", ".opus", ".oga", ".aif", ".aiff", ".ac3", ".m4a")
ARCHIVES = (".zip", ".pk3", ".pk4", ".wz", ".dat")
LONGEST_READ_S = 200
UCS_NAME = re.compile(r"^([A-Z]{2,8}[A-Za-z]{0,10})_")
"""Universal Category System: a file's name begins with its category, "DOORWood_...". """


def unpack_archive(file: Path) -> None:
    """The sounds in a zip file, under whatever ending games give it, into a folder beside it."""
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                if name.lower().endswith(SOUNDS):
                    archive.extract(name, f"{file}.x")


def unpack_resources(file: Path) -> None:
    """The sounds in a compiled Qt resource file: a tree of big-endian nodes, 14 bytes each, 22 from version 2 on."""
    data = file.read_bytes()
    if data[:4] != b"qres":
        return
    version, tree, payload, names = struct.unpack(">4x4I", data[:20])
    size = 14 if version < 2 else 22

    def walk(node, folder):
        offset = tree + node * size
        name_offset, flags = struct.unpack(">IH", data[offset : offset + 6])
        length = struct.unpack(">H", data[names + name_offset : names + name_offset + 2])[0]
        start = names + name_offset + 6
        name = data[start : start + 2 * length].decode("utf-16-be") if node else ""
        if flags & 2:
            count, first = struct.unpack(">II", data[offset + 6 : offset + 14])
            for child in range(first, first + count):
                walk(child, os.path.join(folder, name))
        elif name.lower().endswith(SOUNDS):
            at = payload + struct.unpack(">I", data[offset + 10 : offset + 14])[0]
            content = data[at + 4 : at + 4 + struct.unpack(">I", data[at : at + 4])[0]]
            if flags & 1:
                content = zlib.decompress(content[4:])
            if flags & 4:
                content = subprocess.run(["zstd", "-dc"], input=content, capture_output=True, check=True).stdout
            out = Path(f"{file}.x", folder.lstrip("/"), name)
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_bytes(content)

    walk(0, "")


def unpack_package(name: str, root: Path) -> Path:
    """Downloads a Debian package and unpacks it and the archives in it, once."""
    folder = root / name
    if folder.is_dir():
        return folder
    root.mkdir(parents=True, exist_ok=True)
    subprocess.run(["apt-get", "download", name], cwd=root, check=True, capture_output=True)
    package = next(root.glob(f"{name}_*.deb"))
    subprocess.run(["dpkg", "-x", package, folder], check=True)
    package.unlink()
    for file in [f for f in folder.rglob("*") if f.is_file()]:
        if file.suffix.lower() in ARCHIVES:
            unpack_archive(file)
        elif file.suffix.lower() == ".rcc":
            unpack_resources(file)
    return folder


def decode(file: Path, seconds: float) -> np.ndarray:
    """int16 at 48 kHz, mono; of a long file a random piece that is the same every time."""
    command = ["ffmpeg", "-v", "quiet", "-threads", "1", "-t", str(LONGEST_READ_S), "-i", str(file)]
    command += ["-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "s16le", "-"]
    raw = subprocess.run(command, capture_output=True, timeout=120).stdout
    samples = np.frombuffer(raw[: len(raw) // 2 * 2], np.int16)
    longest = int(seconds * SAMPLE_RATE)
    if len(samples) > longest:
        start = int(np.random.default_rng(len(samples)).integers(0, len(samples) - longest))
        samples = samples[start : start + longest]
    return samples


def sound_files(folder: Path) -> list[Path]:
    return sorted(f for f in folder.rglob("*") if f.suffix.lower() in SOUNDS and f.is_file())


def read_packages(file: Path, use: str) -> list[str]:
    """Rows `use TAB package`."""
    rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")
    return [package for row_use, package in rows if row_use == use]


def collect(config, use: str) -> None:
    """`train`: the collection `packages`. `never`: those that nothing may be trained on, to exclude their doubles."""
    collection = "packages" if use == "train" else "never"
    with Writer(config.paths.sounds(collection)) as writer:
        for package in read_packages(config.paths.packages, use):
            folder = unpack_package(package, config.paths.work / "unpacked")
            files, limit = sound_files(folder), config.sounds.files_per_package
            if len(files) > limit:
                chosen = np.random.default_rng(0).choice(len(files), limit, replace=False)
                files = [files[i] for i in sorted(chosen)]
            print(f"{package}: {len(files)} sounds", flush=True)
            for file in files:
                writer.add(package, str(file.relative_to(folder)), decode(file, config.sounds.seconds_per_file))


def ucs_captions(ucs: list[dict]) -> dict[str, str]:
    """Category identifier -> what one would type: "DOORWood" -> "wood door"."""
    captions = {}
    for row in ucs:
        category, sub = row["Category"].lower(), row["SubCategory"].lower()
        captions[row["CatID"].lower()] = category if sub == "misc" else f"{sub} {category}"
    return captions


def caption_of(file: Path, root: Path, captions: dict[str, str]) -> str:
    """From a UCS name, else from the folder that the file is in."""
    match = UCS_NAME.match(file.name)
    if match and match[1].lower() in captions:
        return captions[match[1].lower()]
    parent = file.parent
    return "" if parent == root else re.sub(r"[_\-]+", " ", parent.name).strip().lower()


def collect_folder(config, folder: Path, ucs: list[dict]) -> None:
    """Your own sounds, named by the Universal Category System or by their folders: the collection `own`."""
    captions = ucs_captions(ucs)
    with Writer(config.paths.sounds("own")) as writer:
        for file in sound_files(folder):
            caption = caption_of(file, folder, captions)
            if not caption:
                print(f"left out, neither a UCS name nor a folder says what it is: {file}")
                continue
            samples = decode(file, config.sounds.seconds_per_file)
            writer.add("own", str(file.relative_to(folder)), samples, caption=caption)
