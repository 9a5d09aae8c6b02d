"""
What the three commands share: their arguments, PyTorch in float32, the report of schema 2 that `npm run bench -- --json` writes
too (benches/run.ts), and a table.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import datetime, timezone

import timing


def stop(message):
    """Bad input or nothing to run on: one line, exit code 2."""
    print(message, file=sys.stderr)
    sys.exit(2)


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        stop(message)


def read_arguments(description, cases=None):
    """`device`, `json`, `quick`, and `case` where there are `cases`; `device` is None unless given."""
    parser = _Parser(description=description, allow_abbrev=False)
    parser.add_argument("--device", choices=["cuda", "cpu"], help="cuda where there is one")
    parser.add_argument("--json", metavar="FILE", help="keep all samples in a file; - for stdout")
    parser.add_argument("--quick", action="store_true", help="few and short samples: for a look")
    if cases:
        parser.add_argument("--case", choices=cases, help="all of them unless given")
    arguments = parser.parse_args()
    if arguments.json == "":
        stop("--json: name a file, or - for stdout")
    return arguments


def load_torch(wanted):
    """torch and the device of these numbers, with TF32 off everywhere. Stops with one line where there is none."""
    try:
        import torch
    except ImportError as error:
        stop(f"PyTorch cannot be imported ({error}): install it (pip install torch) and run this again")
    if wanted == "cuda" and not torch.cuda.is_available():
        stop("--device cuda: PyTorch finds no CUDA device; use --device cpu")
    device = wanted or ("cuda" if torch.cuda.is_available() else "cpu")
    if device == "cuda" and os.environ.get("NVIDIA_TF32_OVERRIDE") == "1":
        stop("NVIDIA_TF32_OVERRIDE=1 would round every product to TF32, whatever PyTorch asks for: unset it")
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    if hasattr(torch, "set_float32_matmul_precision"):
        torch.set_float32_matmul_precision("highest")
    torch.manual_seed(0)
    return torch, torch.device(device)


def missing(torch, device, needs):
    """Why "compile", "func" (transforms such as vmap) or "graphs" cannot be used here; None where all can."""
    for what in needs:
        if what == "graphs" and device.type != "cuda":
            return "needs a CUDA device"
        if what in ("compile", "func") and not hasattr(torch, what):
            return f"needs PyTorch 2.0 or newer, this is {torch.__version__}"
    return None


def compile(torch, function):
    """For the shapes it is called with, and whole: what cannot be compiled is an error, never run in eager mode instead."""
    return torch.compile(function, fullgraph=True, dynamic=False)


def record(torch, work):
    """`work` as a CUDA graph; it runs three times before, so that nothing is made or compiled while it is recorded."""
    aside = torch.cuda.Stream()
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):
        for _ in range(3):
            work()
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    return graph


def synchronise(torch, device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def say(line):
    print(line, file=sys.stderr, flush=True)


def describe_environment(torch, device):
    host = f"Python {platform.python_version()}, PyTorch {torch.__version__}"
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        facts = {
            "vendor": "amd" if torch.version.hip else "nvidia",
            "architecture": f"sm_{properties.major}{properties.minor}",
            "description": properties.name,
            "driver": f"CUDA {torch.version.cuda}, {_driver()}",
            "fallback": False,
        }
    else:
        threads = f"{torch.get_num_threads()} threads"
        facts = {
            "vendor": "cpu",
            "architecture": platform.machine(),
            "description": f"{_processor()}, {threads}",
            "driver": "",
            "fallback": True,
        }
    return {"runtime": "pytorch", "host": host, **facts}


def adapter_of(environment):
    """What stands in every row."""
    words = [environment[key] for key in ("vendor", "architecture", "description")]
    return {
        "on": "cpu" if environment["vendor"] == "cpu" else "adapter",
        "adapter": " ".join(word for word in words if word),
        "fallback": environment["fallback"],
    }


def _driver():
    query = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    return f"driver {_first_line(query) or 'unknown'}"


def _processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor()


def _commit():
    """The commit checked out, with `-dirty` behind it where files differ; None without git or outside a repository."""
    here = os.path.dirname(os.path.abspath(__file__))
    describe = ["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    return _first_line(["git", "-C", here, *describe])


def _first_line(command):
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip().split("\n")[0] or None


def run(torch, device, arguments, benches):
    """
    Runs the benches, each a function of (adapter, say, timing) that returns a result, prints tables and writes the report after each. The exit
    code: 1 when a contender failed its check.
    """
    date = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    environment, commit = describe_environment(torch, device), _commit()
    how = timing.QUICK if arguments.quick else timing.USUAL
    results = []

    def keep(stopped):
        """The report so far: what is lost when the command is cut off is one bench."""
        told = {
            "schema": 2,
            "date": date,
            "environment": environment,
            "commit": commit,
            "quick": arguments.quick,
            "ceilings": None,
            "results": results,
            "stopped": stopped,
        }
        if arguments.json and arguments.json != "-":
            with open(arguments.json, "w", encoding="utf-8") as file:
                file.write(json.dumps(told, indent=2) + "\n")
        return told

    print(f"{environment['runtime']} ({environment['host']}); {adapter_of(environment)['adapter']}")
    for bench in benches:
        if hasattr(torch, "compile"):
            # What an earlier bench compiled counts towards the limit of variants of one function.
            torch._dynamo.reset()
        result = bench(adapter_of(environment), say, how)
        results.append(result)
        print(f"\n{format_result(result)}", flush=True)
        told = keep(stopped=len(results) < len(benches))
    if arguments.json == "-":
        print(json.dumps(told))
    return 1 if any("error" in row for result in results for row in result["rows"]) else 0


def format_result(result):
    """An aligned table."""
    lines = [["contender", "median", "quartiles", "rate", "arithmetic", "speed"]]
    lines += [_cells(row, result["unit"]) for row in result["rows"]]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    text = [
        "  ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths)))
        for line in lines
    ]
    failed = [f"FAILED {row['contender']}: {row['error']}" for row in result["rows"] if "error" in row]
    return "\n".join([f"{result['name']}: {result['title']}", *text, *failed, *result["conclusions"]])


def _cells(row, unit):
    if "error" in row:
        return [row["contender"], "failed", "", "", "", ""]
    seconds = row["seconds"]
    return [
        row["contender"],
        _seconds(seconds["median"]),
        f"{_seconds(seconds['lower'])} ... {_seconds(seconds['upper'])}",
        f"{row['rate']:,.3g} {unit}/s" if row["rate"] < 1000 else f"{row['rate']:,.0f} {unit}/s",
        f"{row['gflops']:,.4g} GFLOP/s" if "gflops" in row else "",
        f"{row['speed']:.3g}x" if "speed" in row else "",
    ]


def _seconds(seconds):
    if seconds >= 1:
        return f"{seconds:.3g} s"
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} us"
