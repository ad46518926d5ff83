"""Pocket's frames before the graph smooths them: what Earmark's detection works on."""
import onnx, onnxruntime as ort

RENAMED = {'frame_embeds': 'smooth_frame_embeds', 'raw_frame_embeds': 'frame_embeds'}


def raw_frames(folder):
    """A session of the folder's audio graph that gives the frames before smoothing in place of the smoothed ones."""
    model = onnx.load(f'{folder}/onnx/audio_model.onnx')
    if any('raw_frame_embeds' in node.output for node in model.graph.node):
        for node in model.graph.node:
            for names in (node.input, node.output):
                names[:] = [RENAMED.get(name, name) for name in names]
    return ort.InferenceSession(model.SerializeToString())
