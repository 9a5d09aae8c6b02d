"""
Reads what is to be computed, and what must come out, from benches/peers/data; scripts/peer-problem.ts writes it. The format is
safetensors: 8 bytes of header length, a JSON header, then the tensors. https://github.com/huggingface/safetensors#format
"""

import json
import os
import struct

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def read_json(name):
    with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:
        return json.load(file)


def read_problem(torch, device, name):
    """Tensors by name on the device (float32, or int64 for indices), and what else the file says."""
    with open(os.path.join(_FOLDER, name), "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    start = 8 + length
    tensors = {}
    for key, entry in header.items():
        if key == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        dtype = {"F32": torch.float32, "I32": torch.int32}[entry["dtype"]]
        flat = torch.frombuffer(bytearray(content[start + begin : start + end]), dtype=dtype)
        tensor = flat.reshape(entry["shape"])
        tensors[key] = (tensor.long() if dtype == torch.int32 else tensor).to(device)
    return tensors, json.loads(header["__metadata__"]["problem"])


def part(tensors, prefix):
    """Those whose names begin with `prefix` and a dot, by the rest of their names."""
    return {name[len(prefix) + 1 :]: value for name, value in tensors.items() if name.startswith(f"{prefix}.")}
