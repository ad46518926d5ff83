"""A tiny CLAP in the layout of the Hugging Face hub, with random weights, and golden numbers of its every step.

Usage: make.py            (pip install torch transformers tokenizers onnx onnxruntime numpy)
Output:
  model/       config.json, preprocessor_config.json, tokenizer.json, tokenizer_config.json, onnx/{audio,text}_model*.onnx
               as the hub's ONNX repositories have them: the true architecture (HTSAT of four stages, RoBERTa), narrow.
               The text graph takes no attention mask, and neither graph normalises what it gives.
  golden.json  windows of a recording that the test makes by the same formula: rows of their log-mel, embeddings, frame
               embeddings; prompts, their tokens and embeddings; similarities.
"""
import io
import json
import math
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.float16 import convert_float_to_float16
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import ClapAudioModelWithProjection, ClapConfig, ClapFeatureExtractor, ClapTextModelWithProjection

here = Path(__file__).parent
folder = here / 'model'
(folder / 'onnx').mkdir(parents=True, exist_ok=True)
torch.manual_seed(5)
RATE = 48000
WINDOW = 480000
SPECIAL = ['<s>', '<pad>', '</s>', '<unk>']
PROMPTS = ['dog bark', 'a dog barks twice in the distance', 'Rain', 'x']


def recording(count: int) -> np.ndarray:
    """Noise from a linear congruential generator, swelling and fading, with a tone that glides; the test has its twin."""
    state, noise = 7, np.empty(count)
    for i in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        noise[i] = (state - (1 << 32) if state >= 1 << 31 else state) / 2**31
    time = np.arange(count) / RATE
    return (noise * 0.15 * (1 + np.sin(time * 1.7))
            + 0.2 * np.sin(2 * np.pi * (300 * time + 40 * np.sin(time * 2.3)))).astype(np.float32)


def write_tokenizer() -> Tokenizer:
    """Byte-level BPE with RoBERTa's special tokens in RoBERTa's places."""
    tokenizer = Tokenizer(models.BPE(unk_token='<unk>', continuing_subword_prefix='', end_of_word_suffix=''))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=320, special_tokens=SPECIAL, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(['a dog barks in the distance', 'rain on a roof', 'the sound of a dog bark'] * 9, trainer)
    tokenizer.add_special_tokens(['<mask>'])
    tokenizer.post_processor = processors.RobertaProcessing(('</s>', 2), ('<s>', 0), add_prefix_space=False, trim_offsets=True)
    tokenizer.save(str(folder / 'tokenizer.json'), pretty=False)
    tokens = dict(bos_token='<s>', cls_token='<s>', eos_token='</s>', sep_token='</s>', pad_token='<pad>', unk_token='<unk>',
                  mask_token='<mask>')
    (folder / 'tokenizer_config.json').write_text(json.dumps(dict(
        add_prefix_space=False, clean_up_tokenization_spaces=True, errors='replace', model_max_length=512,
        tokenizer_class='RobertaTokenizer', **tokens), indent=1) + '\n')
    return tokenizer


def export(model: torch.nn.Module, example: torch.Tensor, name: str, inputs: dict, output: str) -> None:
    """The classic exporter, whose graphs take any batch and length; the 8-bit file is made from its file."""
    path = folder / 'onnx' / f'{name}.onnx'
    buffer = io.BytesIO()
    torch.onnx.export(model, (example,), buffer, dynamo=False, opset_version=14, input_names=list(inputs),
                      output_names=[output], dynamic_axes={**inputs, output: {0: 'batch_size'}})
    onnx.save(onnx.load_from_string(buffer.getvalue()), path)
    quantize_dynamic(path, path.with_stem(f'{name}_quantized'), weight_type=QuantType.QUInt8, op_types_to_quantize=['MatMul'],
                     extra_options=dict(DefaultTensorType=onnx.TensorProto.FLOAT))
    for file in (path, path.with_stem(f'{name}_quantized')):
        save_compact(onnx.load(file), file)


def save_compact(model: onnx.ModelProto, path: Path) -> None:
    """Without the exporter's long names, which are half of so small a file."""
    graph = model.graph
    ends = {value.name for value in [*graph.input, *graph.output]}
    short: dict[str, str] = {}

    def rename(names) -> None:
        for i, name in enumerate(names):
            if name and name not in ends:
                names[i] = short.setdefault(name, f't{len(short)}')

    for node in graph.node:
        node.name = ''
        rename(node.input)
        rename(node.output)
    for tensor in graph.initializer:
        tensor.name = short.setdefault(tensor.name, f't{len(short)}')
    del graph.value_info[:]
    del model.metadata_props[:]
    onnx.save(model, path)


class Output(torch.nn.Module):
    """One output of a model, by name."""

    def __init__(self, model: torch.nn.Module, name: str):
        super().__init__()
        self.model, self.name = model, name

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return getattr(self.model(values), self.name)


def sharpen(model: torch.nn.Module) -> None:
    """Random weights of the usual size give nearly the same vector for everything; larger ones tell windows apart."""
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim >= 2 and 'embeddings' not in name:
                weight.normal_(0, 2.4 / math.sqrt(weight[0].numel()))


tokenizer = write_tokenizer()
audio_config = dict(patch_embeds_hidden_size=8, hidden_size=64, depths=[1, 1, 2, 1], num_attention_heads=[1, 1, 2, 4],
                    mlp_ratio=2.0, projection_dim=32)
text_config = dict(vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                   intermediate_size=64, max_position_embeddings=80, projection_dim=32)
config = ClapConfig(text_config=text_config, audio_config=audio_config, projection_dim=32)
config.save_pretrained(folder)
audio_model, text_model = ClapAudioModelWithProjection(config.audio_config), ClapTextModelWithProjection(config.text_config)
for model in (audio_model, text_model):
    sharpen(model)
    model.eval()

extractor = ClapFeatureExtractor(feature_size=64, sampling_rate=RATE, hop_length=480, max_length_s=10, fft_window_size=1024,
                                 frequency_min=50, frequency_max=14000, truncation='rand_trunc', padding='repeatpad')
kept = {k: v for k, v in extractor.to_dict().items() if not k.startswith('mel_filters') and k != 'image_processor_type'}
(folder / 'preprocessor_config.json').write_text(json.dumps(kept, indent=1, sort_keys=True) + '\n')

export(Output(audio_model, 'audio_embeds').eval(), torch.zeros(1, 1, 1001, 64), 'audio_model',
       {'input_features': {0: 'batch_size'}}, 'audio_embeds')
audio_file = folder / 'onnx' / 'audio_model.onnx'
save_compact(convert_float_to_float16(onnx.load(audio_file), keep_io_types=True), audio_file.with_stem('audio_model_fp16'))
export(Output(text_model, 'text_embeds').eval(), torch.tensor([[0, 5, 6, 2]]), 'text_model',
       {'input_ids': {0: 'batch_size', 1: 'sequence_length'}}, 'text_embeds')

samples = recording(17 * RATE)
ROWS = [0, 1, 2, 199, 200, 201, 202, 500, 860, 861, 998, 999, 1000]
# A whole window; one that reaches 5 s; clips that divide a window, that do not, and a very short one.
windows = []
for start, end in [(0, WINDOW), (3 * WINDOW // 4, 7 * WINDOW // 4), (48000, 144000), (0, 240000), (100, 130100), (0, 700)]:
    features = extractor(samples[start:end], sampling_rate=RATE, return_tensors='pt')['input_features']
    assert features.shape == (1, 1, 1001, 64), features.shape
    with torch.no_grad():
        output = audio_model(features)
        hidden = output.last_hidden_state  # [1, C, 2, 32]
        frames = audio_model.audio_projection(hidden.mean(2)[0].T)
    windows.append(dict(start=start, end=end, logMel=[[round(float(v), 4) for v in features[0, 0, row, ::9]] for row in ROWS],
                        embedding=output.audio_embeds[0], frames=frames))
prompts = []
for text in PROMPTS:
    ids = tokenizer.encode(text).ids
    with torch.no_grad():
        prompts.append(dict(text=text, ids=ids, embedding=text_model(torch.tensor([ids])).text_embeds[0]))
unit = torch.nn.functional.normalize
similarities = [[float(unit(w['embedding'], dim=0) @ unit(p['embedding'], dim=0)) for p in prompts] for w in windows]


def plain(value):
    """Rounded lists for tensors."""
    if isinstance(value, torch.Tensor):
        return [plain(row) for row in value] if value.ndim > 1 else [float(f'{v:.6g}') for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list) and value and isinstance(value[0], dict) else value


for window in windows[1:]:
    del window['frames']
golden = dict(rows=ROWS, mel_step=9, samples=samples[[0, 1, 1000, 500000]].tolist(), windows=plain(windows), prompts=plain(prompts), similarities=similarities)
(here / 'golden.json').write_text(json.dumps(golden) + '\n')
cosines = unit(torch.stack([w['embedding'] for w in windows]), dim=1)
print(np.round((cosines @ cosines.T).numpy(), 3))
print(np.round(np.array(similarities), 3))
