"""Stage `export`: writes the model folder that the product loads, and checks it against the checkpoints."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

from .checkpoint import AudioModel, TextModel
from .network import CLASSES, FRAME
from .prompts import NO_SOUND_BIAS
from .words import tokenizer

OPSET = 17
ROOM = 1.05
"""Prompt vectors of this much more than the longest anchor still fit the unit sphere."""
SMALL = 256
"""Tensors of fewer elements stay as they are."""
RAW_FRAMES = "raw_frame_embeds"
"""Tensor of a graph that smooths its frames: the frames before that. It is no output, so that the graph's interface
stays what it is; who wants it makes it one."""
AUDIO_TOLERANCE, TEXT_TOLERANCE = 4e-3, 4e-3

FRONT_END = dict(
    feature_extractor_type="PocketClapFeatureExtractor",
    sampling_rate=32000,
    feature_size=128,
    hop_length=320,
    fft_window_size=1024,
    win_length=800,
    window="hann",
    window_periodic=False,
    center=True,
    pad_mode="reflect",
    power=2.0,
    preemphasis=0.97,
    preemphasis_mode="factor |1 - 0.97 e^{-jw}|^2 on the power spectrum",
    frequency_min=0,
    frequency_max=15000,
    mel_scale="kaldi",
    norm=None,
    triangularize_in_mel_space=True,
    zero_nyquist_bin=True,
    log_mel="dB",
    mel_floor=1e-10,
    reference=1.0,
    min_value=1e-10,
    db_range=None,
    return_attention_mask=False,
    truncation="none",
    padding="none",
    feature_shape="[batch, 1, time, 128]",
)


def anchored(audio: AudioModel, text: TextModel) -> TextModel:
    """The text tower with the audio model's classes as its anchors."""
    tower = text.tower
    with torch.no_grad():
        tower.anchors[:CLASSES], tower.anchors[CLASSES] = audio.anchors, 0
        tower.biases[:CLASSES], tower.biases[CLASSES] = audio.biases, NO_SOUND_BIAS
        gain, slope = tower.calibration[3:].tolist()
        tower.width.fill_(float(tower.anchors.norm(dim=1).max()) * ROOM * max(1.0, gain, gain + slope))
    return text


def _replace(graph, tensor, values, make_nodes):
    """Stores `values` instead of the initialiser `tensor` and computes it back with `make_nodes(stored names)`."""
    name = tensor.name
    graph.initializer.remove(tensor)
    stored = []
    for i, value in enumerate(values):
        stored.append(f"{name}_stored{i}")
        graph.initializer.append(numpy_helper.from_array(value, stored[-1]))
    for node in reversed(make_nodes(name, stored)):
        graph.node.insert(0, node)


def _rows_int8(values):
    """[N, M] -> int8 [N, M] and the scale of each row, float32 [N, 1]."""
    scale = np.maximum(np.abs(values).max(1, keepdims=True), 1e-9) / 127
    return np.round(values / scale).astype(np.int8), scale.astype(np.float32)


def store_fp16(graph) -> None:
    """Tables as fp16, computed in fp32."""
    back = lambda name, stored: [helper.make_node("Cast", [stored[0]], [name], to=TensorProto.FLOAT)]
    for tensor in list(graph.initializer):
        values = numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size >= SMALL:
            _replace(graph, tensor, [values.astype(np.float16)], back)


def store_audio(graph) -> None:
    """As fp16, and of the outputs only those of the interface."""
    store_fp16(graph)
    for output in [output for output in graph.output if output.name == RAW_FRAMES]:
        graph.output.remove(output)


def store_int8(graph) -> None:
    """Matrices as int8 with a scale of each row; a looked-up table is scaled after the look-up."""

    def back(name, stored):
        return [
            helper.make_node("Cast", [stored[0]], [f"{name}_cast"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}_cast", stored[1]], [name]),
        ]

    for tensor in list(graph.initializer):
        values = numpy_helper.to_array(tensor)
        if values.ndim != 2 or values.size < SMALL:
            continue
        lookup = next((n for n in graph.node if n.op_type == "Gather" and n.input[0] == tensor.name), None)
        if lookup is None:
            _replace(graph, tensor, _rows_int8(values), back)
            continue
        table, scale = _rows_int8(values)
        name, ids, out = tensor.name, lookup.input[1], lookup.output[0]
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(table, f"{name}_int8"))
        graph.initializer.append(numpy_helper.from_array(scale, f"{name}_scale"))
        at = list(graph.node).index(lookup)
        graph.node.remove(lookup)
        nodes = [
            helper.make_node("Gather", [f"{name}_int8", ids], [f"{out}_int8"]),
            helper.make_node("Cast", [f"{out}_int8"], [f"{out}_cast"], to=TensorProto.FLOAT),
            helper.make_node("Gather", [f"{name}_scale", ids], [f"{out}_scale"]),
            helper.make_node("Mul", [f"{out}_cast", f"{out}_scale"], [out]),
        ]
        for i, node in enumerate(nodes):
            graph.node.insert(at + i, node)


def _export(module, inputs, file, names, outputs, axes, store) -> None:
    torch.onnx.export(
        module, inputs, str(file), input_names=names, output_names=outputs, dynamic_axes=axes,
        opset_version=OPSET, dynamo=False, do_constant_folding=True,
    )  # fmt: skip
    model = onnx.load(str(file))
    store(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, str(file))


def _write(folder: Path, name: str, value) -> None:
    (folder / name).write_text(json.dumps(value, indent=1), encoding="utf-8")


def export(audio: AudioModel, text: TextModel, folder: Path) -> dict[str, float]:
    """-> the largest differences between the folder's graphs and the towers."""
    text = anchored(audio, text)
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    audio_file, text_file = folder / "onnx/audio_model.onnx", folder / "onnx/text_model.onnx"
    size = len(text.pieces)
    audio_axes = dict(input_features={0: "batch", 2: "time"}, audio_embeds={0: "batch"})
    outputs = ["audio_embeds", "frame_embeds"] + [RAW_FRAMES] * audio.tower.smoothing
    audio_axes |= {name: {0: "batch", 1: "frames"} for name in outputs[1:]}
    text_axes = dict(input_ids={0: "batch", 1: "length"}, attention_mask={0: "batch", 1: "length"})
    text_axes |= dict(text_embeds={0: "batch"}, logit_bias={0: "batch"})
    tower = audio.tower.to(memory_format=torch.contiguous_format).eval()
    db = torch.randn(2, 1, 320, 128) * 10 - 20
    _export(tower, (db,), audio_file, ["input_features"], outputs, audio_axes, store_audio)
    ids = torch.randint(0, size, (2, 6))
    names, outputs = ["input_ids", "attention_mask"], ["text_embeds", "logit_bias"]
    mask = torch.ones_like(ids)
    _export(text.tower.eval(), (ids, mask), text_file, names, outputs, text_axes, store_int8)
    tokenizer(text.pieces).save(str(folder / "tokenizer.json"))
    special = dict(unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]")
    words = dict(tokenizer_class="PreTrainedTokenizerFast", do_lower_case=True, **special, model_max_length=64)
    _write(folder, "tokenizer_config.json", words | dict(model_input_names=["input_ids", "attention_mask"]))
    _write(folder, "preprocessor_config.json", FRONT_END)
    config = dict(
        model_type="pocket-clap",
        architectures=["PocketClapModel"],
        projection_dim=audio.tower.k + 2,
        logit_scale=round(float(audio.tower.radius * text.tower.width), 4),
        has_logit_bias=True,
        probability="sigmoid(logit_scale * dot(audio_or_frame_embed, text_embed) + logit_bias)",
        frame_hop_length=FRAME,
        frame_hop_s=0.16,
        frame_alignment="frame i stands for mel frames 16i .. 16i+15, i.e. 0.16*i s to 0.16*(i+1) s; ceil(T/16) frames",
        min_mel_frames=16,
        max_window_s=10,
        threshold=0.5,
        vocab_size=size,
    )
    _write(folder, "config.json", config)
    return parity(audio, text, folder)


@torch.no_grad()
def parity(audio: AudioModel, text: TextModel, folder: Path) -> dict[str, float]:
    """Largest differences on several shapes; raises where they are larger than storage in few bits explains."""
    graphs = [onnxruntime.InferenceSession(str(folder / f"onnx/{name}_model.onnx")) for name in ("audio", "text")]
    audio_difference = text_difference = bias_difference = 0.0
    largest = lambda a, b: float(np.abs(a - b.numpy()).max())
    for batch, frames in ((1, 1001), (3, 217), (1, 33), (1, 16)):
        db = torch.rand(batch, 1, frames, 128) * 90 - 60
        for ours, theirs in zip(audio.tower(db), graphs[0].run(None, {"input_features": db.numpy()})):
            audio_difference = max(audio_difference, largest(theirs, ours))
    ids = torch.randint(0, len(text.pieces), (3, 7))
    mask = torch.ones_like(ids)
    mask[1, 4:] = ids[1, 4:] = 0
    vectors, biases = text.tower(ids, mask)
    theirs = graphs[1].run(None, dict(input_ids=ids.numpy(), attention_mask=mask.numpy()))
    text_difference, bias_difference = largest(theirs[0], vectors), largest(theirs[1], biases)
    if audio_difference > AUDIO_TOLERANCE or text_difference > TEXT_TOLERANCE:
        raise RuntimeError(f"the exported graphs differ: audio {audio_difference:.1e}, text {text_difference:.1e}")
    return dict(audio=audio_difference, text=text_difference, bias=bias_difference)
