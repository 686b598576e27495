"""Writing and reading weights: an 8-byte length, a JSON header, the data (github.com/huggingface/safetensors)."""
import json

import numpy as np

TYPES = {"F16": "<f2", "F32": "<f4"}


def write(path, tensors, metadata=None):
    """tensors: name -> array; everything is stored in half precision."""
    header, data, at = {}, [], 0
    if metadata:
        header["__metadata__"] = metadata
    for name, array in tensors.items():
        raw = np.ascontiguousarray(array, dtype="<f2")
        header[name] = {"dtype": "F16", "shape": list(raw.shape), "data_offsets": [at, at + raw.nbytes]}
        at += raw.nbytes
        data.append(raw.tobytes())
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(data))


def read(path):
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    header.pop("__metadata__", None)
    out = {}
    for name, entry in header.items():
        first, last = (8 + length + offset for offset in entry["data_offsets"])
        out[name] = np.frombuffer(raw[first:last], TYPES[entry["dtype"]]).reshape(entry["shape"]).astype(np.float32)
    return out
