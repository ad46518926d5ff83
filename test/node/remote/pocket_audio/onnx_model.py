"""MLServer runtime for an ONNX graph: float32 in, float32 out. Pocket's frames before their smoothing are an output too."""

import onnx
import onnxruntime
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse
from mlserver.utils import get_model_uri


class OnnxModel(MLModel):
    async def load(self) -> bool:
        model = onnx.load(await get_model_uri(self.settings))
        raw = onnx.helper.make_tensor_value_info("raw_frame_embeds", onnx.TensorProto.FLOAT, None)
        model.graph.output.append(raw)
        self._session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        feeds = {tensor.name: NumpyCodec.decode_input(tensor) for tensor in payload.inputs}
        wanted = [output.name for output in payload.outputs or []] or None
        arrays = self._session.run(wanted, feeds)
        names = wanted or [output.name for output in self._session.get_outputs()]
        return InferenceResponse(
            model_name=self.name,
            model_version=self.version,
            outputs=[NumpyCodec.encode_output(name, array) for name, array in zip(names, arrays)],
        )
