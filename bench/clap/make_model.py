"""A CLAP model folder whose audio graph has the size and architecture of laion/clap-htsat-unfused, with random weights.

Usage: make_model.py FOLDER            (pip install torch transformers)
What it costs to run is what the real one costs; what it hears means nothing. The text graph is a small one: what is
measured is audio. Tokenizer and front end are those of test/golden/clap/model.
"""
import shutil
import sys
from pathlib import Path

import torch
from transformers import ClapAudioModelWithProjection, ClapConfig, ClapTextModelWithProjection

tiny = Path(__file__).parents[2] / 'test' / 'golden' / 'clap' / 'model'
folder = Path(sys.argv[1])
(folder / 'onnx').mkdir(parents=True, exist_ok=True)
torch.manual_seed(0)


class Output(torch.nn.Module):
    """One output of a model, by name."""

    def __init__(self, model: torch.nn.Module, name: str):
        super().__init__()
        self.model, self.name = model, name

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return getattr(self.model(values), self.name)


def export(model: torch.nn.Module, example: torch.Tensor, name: str, inputs: dict, output: str) -> None:
    torch.onnx.export(Output(model, output).eval(), (example,), folder / 'onnx' / f'{name}.onnx', dynamo=False, opset_version=14,
                      input_names=list(inputs), output_names=[output], dynamic_axes={**inputs, output: {0: 'batch_size'}})


config = ClapConfig(text_config=dict(vocab_size=512, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                                     intermediate_size=64, max_position_embeddings=80))
config.save_pretrained(folder)
for file in ('preprocessor_config.json', 'tokenizer.json', 'tokenizer_config.json'):
    shutil.copy(tiny / file, folder / file)
export(ClapAudioModelWithProjection(config.audio_config), torch.zeros(1, 1, 1001, 64), 'audio_model',
       {'input_features': {0: 'batch_size'}}, 'audio_embeds')
export(ClapTextModelWithProjection(config.text_config), torch.tensor([[0, 5, 6, 2]]), 'text_model',
       {'input_ids': {0: 'batch_size', 1: 'sequence_length'}}, 'text_embeds')
