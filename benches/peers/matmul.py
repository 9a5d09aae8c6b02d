"""
python3 benches/peers/matmul.py [--device cuda | cpu] [--case NAME] [--quick] [--json FILE]

Matrix products by the library behind PyTorch (cuBLAS on CUDA), float32 with TF32 off, in the shapes of benches/matmul.ts. Before a
product is timed, rows of it are compared with float64.
"""

import sys

import report
import timing
from problem import read_json

# Rows of a product that are compared, all columns of each.
COMPARED = 64
# Products of one CUDA graph: those that take less than their call from Python show what the library does only when recorded.
RECORDED = 64


class Product:
    """C = A @ B in one call; the gradient of a weight has A stored transposed."""

    def __init__(self, torch, device, size):
        self.torch, self.device = torch, device
        m, k, n = size["m"], size["k"], size["n"]
        batch = [size["replicas"]] if size["replicas"] > 1 else []
        stored = [k, m] if size["turned"] else [m, k]
        a = torch.randn(*batch, *stored, device=device)
        self.a = a.transpose(-1, -2) if size["turned"] else a
        self.b = torch.randn(*batch, k, n, device=device)
        self.c = torch.zeros(*batch, m, n, device=device)
        self.depth = k

    def run(self, n):
        for _ in range(n):
            self.torch.matmul(self.a, self.b, out=self.c)
        report.synchronise(self.torch, self.device)

    def check(self):
        """Each element within 2 (K + 1) 2^-24 of its sum of absolute products."""
        self.run(1)
        height = self.c.shape[-2]
        rows = self.torch.arange(0, height, max(1, height // COMPARED), device=self.device)
        a, b = self.a[..., rows, :].double(), self.b.double()
        bound = 2 * (self.depth + 1) * 2**-24 * (a.abs() @ b.abs())
        excess = (self.c[..., rows, :].double() - a @ b).abs() / bound
        if not excess.max().item() <= 1:
            raise ValueError(f"wrong: an element is off by {excess.max().item():.3g} of what is allowed")


class RecordedProduct(Product):
    """RECORDED products a run, as one CUDA graph."""

    def __init__(self, torch, device, size):
        super().__init__(torch, device, size)
        self.graph = report.record(torch, self._multiply)

    def _multiply(self):
        for _ in range(RECORDED):
            self.torch.matmul(self.a, self.b, out=self.c)

    def run(self, n):
        for _ in range(n):
            self.graph.replay()
        report.synchronise(self.torch, self.device)


def main():
    sizes = {size["name"]: size for size in read_json("matmul.json")}
    arguments = report.read_arguments("Matrix products in PyTorch.", list(sizes))
    torch, device = report.load_torch(arguments.device)
    library = "cuBLAS" if device.type == "cuda" else "BLAS"

    kinds = [("", Product, 1)]
    if report.missing(torch, device, ["graphs"]) is None:
        kinds.append((f", {RECORDED} in a CUDA graph", RecordedProduct, RECORDED))

    def bench(size):
        def enter(ending, create, count):
            def prepare():
                product = create(torch, device, size)
                flops = count * 2 * size["m"] * size["k"] * size["n"] * size["replicas"]
                # The rate counts products of one replica, as benches/matmul.ts does.
                return timing.Running(product.check, product.run, flops, count * size["replicas"])

            return timing.Contender(f"PyTorch, {library} float32{ending}", prepare)

        contenders = [enter(*kind) for kind in kinds]
        head = (size["name"], size["title"], size["unit"])
        return lambda adapter, say, how: timing.run_bench(*head, contenders, adapter, say, how)

    wanted = [sizes[arguments.case]] if arguments.case else sizes.values()
    return report.run(torch, device, arguments, [bench(size) for size in wanted])


if __name__ == "__main__":
    sys.exit(main())
