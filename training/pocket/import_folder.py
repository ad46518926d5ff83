"""Stage `import`: a model folder's graphs back into checkpoints, so that training can go on from a shipped model.

Exporting folds and renames the weights, so they are found by what the graphs do with them: the n-th convolution of the
graph is the n-th of the tower. What was stored in fewer bits comes back as it is computed with.
"""

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer

from .checkpoint import AudioModel, TextModel
from .export import RAW_FRAMES, parity
from .network import CLASSES, AudioTower, TextTower

TOLERANCE = 1e-5
"""Of embeddings and biases, between a folder's graphs and the checkpoints made of them: rounding in another order."""


class Graph:
    """A graph and the constants in it."""

    def __init__(self, file: Path):
        graph = onnx.load(str(file)).graph
        self.nodes = list(graph.node)
        self.stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
        self.maker = {name: node for node in self.nodes for name in node.output}
        for node in self.nodes:
            if node.op_type == "Constant":
                self.stored[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)

    def constant(self, name: str) -> np.ndarray | None:
        """The value of a tensor that depends on no input, float32; None of one that does."""
        if name in self.stored:
            return self.stored[name].astype(np.float32)
        node = self.maker.get(name)
        if node is None or node.op_type not in ("Cast", "Identity", "Mul", "Split", "Squeeze"):
            return None
        values = [self.constant(part) for part in node.input]
        if any(value is None for value in values):
            return None
        if node.op_type == "Mul":
            return values[0] * values[1]
        if node.op_type == "Split":
            return values[0][[list(node.output).index(name)]]  # into single elements: the calibration
        return values[0]

    def of(self, op: str):
        """Nodes of an operator, as computed."""
        return [node for node in self.nodes if node.op_type == op]

    def users(self, name: str):
        return [node for node in self.nodes if name in node.input]

    def scalar(self, node) -> float:
        """The constant that a node adds, multiplies with or subtracts from."""
        value = next(v for v in map(self.constant, node.input) if v is not None)
        return float(value.reshape(-1)[0])

    def limit(self) -> float:
        """The length that vectors are filled up to, from `limit² - |vector|²`."""
        squared = {node.output[0] for node in self.of("ReduceSum")}
        rest = [node for node in self.of("Sub") if node.input[1] in squared]
        return self.scalar([node for node in rest if self.constant(node.input[0]) is not None][-1]) ** 0.5

    def matrices(self, op: str):
        """Constant matrices of the operator's nodes, each with the node."""
        pairs = [(node, self.constant(node.input[1])) for node in self.of(op)]
        return [(node, value) for node, value in pairs if value is not None]


def _copy(parameter, value: np.ndarray) -> None:
    if tuple(parameter.shape) != value.shape:
        raise ValueError(f"the graph holds {value.shape} where Pocket has {tuple(parameter.shape)}: not a Pocket model")
    parameter.data.copy_(torch.tensor(value))


def _layer(layer, weight, bias=None) -> None:
    _copy(layer.weight, weight)
    if bias is not None:
        _copy(layer.bias, bias)


def import_audio(file: Path) -> AudioTower:
    """`gain`, the batch norms' factor, is in the weights already and stays 1."""
    graph = Graph(file)
    projection = graph.matrices("MatMul")[-1][1]
    tower = AudioTower(projection.shape[1], graph.limit())
    tower.smoothing = RAW_FRAMES in graph.maker
    convolutions = [(node, graph.constant(node.input[1])) for node in graph.of("Conv")]
    over_both = [pair for pair in convolutions if pair[1].ndim == 4]
    modules = [module.conv for module in tower.backbone.modules() if hasattr(module, "gain")]
    for module, (node, weight) in zip(modules, over_both, strict=True):
        _layer(module, weight, graph.constant(node.input[2]))
    local = (tower.neighbours, tower.local1, tower.local2, tower.gate, tower.local_head, tower.attention)
    by_shape = {weight.shape: (node, weight) for node, weight in convolutions if weight.ndim == 3}
    for module in local:
        node, weight = by_shape[tuple(module.weight.shape)]
        _layer(module, weight, graph.constant(node.input[2]) if module.bias is not None else None)
    gates = [layer for block in tower.backbone.blocks if block.se for layer in (block.se.fc1, block.se.fc2)]
    for layer, (node, weight) in zip(gates, graph.matrices("Gemm"), strict=True):
        _layer(layer, weight, graph.constant(node.input[2]))
    for layer, (node, weight) in zip((tower.head, tower.projection), graph.matrices("MatMul"), strict=True):
        bias = next(graph.constant(name) for name in graph.users(node.output[0])[0].input if name != node.output[0])
        _layer(layer, weight.T, bias)
    return tower.eval()


def _calibration(graph: Graph) -> torch.Tensor:
    """Sharpening, shift and its slope, gain and its slope: what `TextTower.prompt` does with the shares."""
    softmax = graph.of("Softmax")[0]
    sharpen = graph.scalar(graph.maker[softmax.input[0]])
    shift, shift_slope = (graph.scalar(graph.maker[name]) for name in graph.maker["logit_bias"].input)
    mixture = graph.matrices("MatMul")[0][0].output[0]
    factor = next(name for name in graph.users(mixture)[0].input if name != mixture)
    gain = graph.scalar(graph.maker[factor])
    sloped = next(name for name in graph.maker[factor].input if graph.constant(name) is None)
    return torch.tensor([sharpen, shift, shift_slope, gain, graph.scalar(graph.maker[sloped])])


def import_text(file: Path) -> TextTower:
    graph = Graph(file)
    layers = graph.matrices("Gemm")
    anchors, biases = (value for _, value in graph.matrices("MatMul"))
    pieces, piece_weight = _tables(graph)
    tower = TextTower(*pieces.shape, anchors.shape[1], layers[0][1].shape[0], graph.limit())
    _copy(tower.pieces.weight, pieces)
    _copy(tower.piece_weight, piece_weight)
    for layer, (node, weight) in zip((tower.fc1, tower.fc2, tower.shares_head), layers, strict=True):
        _layer(layer, weight, graph.constant(node.input[2]))
    _copy(tower.anchors, anchors)
    _copy(tower.biases, biases)
    tower.calibration.data.copy_(_calibration(graph))
    return tower.eval()


def _tables(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    """-> vectors of the word pieces [V, dimensions] and their weights [V]: what is looked up by `input_ids`."""
    looked_up = {node.output[0]: graph.constant(node.input[0]) for node in graph.of("Gather")}
    looked_up = {name: value for name, value in looked_up.items() if value is not None}
    weight = next(value for value in looked_up.values() if value.ndim == 1)
    vectors = next(value for value in looked_up.values() if value.ndim == 2 and value.shape[1] > 1)
    scales = [value for value in looked_up.values() if value.ndim == 2 and value.shape[1] == 1]
    return vectors * scales[0] if scales else vectors, weight


def import_folder(folder: Path) -> tuple[AudioModel, TextModel]:
    """Both towers of a model folder. Raises where they do not say what its graphs say."""
    text = import_text(folder / "onnx/text_model.onnx")
    vocabulary = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab()
    pieces = sorted(vocabulary, key=vocabulary.get)
    anchors, biases = (parameter.detach()[:CLASSES].clone() for parameter in (text.anchors, text.biases))
    models = AudioModel(import_audio(folder / "onnx/audio_model.onnx"), anchors, biases), TextModel(text, pieces, [])
    differences = parity(*models, folder)
    print("differences:", differences)
    if max(differences.values()) > TOLERANCE:
        raise ValueError(f"{folder} computes something else than Pocket's towers: {differences}")
    return models


def import_checkpoints(config, folder: Path, out: str) -> None:
    """Writes `out.pt` and `out-text.pt`."""
    audio, text = import_folder(folder)
    audio.save(config.paths.checkpoints / f"{out}.pt")
    text.save(config.paths.checkpoints / f"{out}-text.pt")
