"""
python3 benches/peers/chains.py [--device cuda | cpu] [--case k-gon | modular-addition] [--quick] [--json FILE]

Draws per second of SGLD in PyTorch, float32 with TF32 off: chain after chain, and all chains at once by torch.func.vmap, eager and
compiled. Targets, step size, localisation and nb are those of benches/llc.ts, where the same draws are taken by Cusp. Before anything
is timed, each contender takes the first steps with Cusp's random numbers, and its excess losses must be those of the float64
reference.
"""

import math
import sys

import report
import timing
from problem import part, read_problem
from targets import TARGETS

CHAINS = 256
# Of the largest excess, and in units of 1/nb, where float32 has its rounding: as benches/llc.ts.
TOLERANCE = 2e-3
FLOOR = 0.02
CASES = ["k-gon", "modular-addition"]
# Of the way that chains go without noise.
DRIFT_TOLERANCE = 5e-3
# Draws whose losses are kept on the device.
TRACE = 1024


class Chains:
    """
    w <- w - e/2 (nb g + y (w - w*)) + sqrt(e) h, h standard normal, g the gradient on a fresh batch that all chains share. Keeps
    the excess loss of the batch before each update on the device: no draw waits for the host. `step` maps (w, rows, noise) to the
    next w and the excess losses.
    """

    def __init__(self, torch, device, facts, tensors, chains):
        self.torch, self.device, self.facts, self.chains = torch, device, facts, chains
        self.target = TARGETS[facts["case"]](torch, facts, tensors)
        self.anchor = tensors["anchor"]
        self.trace = torch.zeros(TRACE, chains, device=device)
        self.at = 0
        self.w = self.anchor.expand(chains, -1).clone()
        self.step = self.make_step()

    def advance(self, rows, noise):
        """One step of every chain with rows [batch] (None where there are no batches) and noise [chains, P]."""
        self.w, excess = self.step(self.w, rows, noise)
        return excess

    def draw(self):
        torch, facts = self.torch, self.facts
        size = facts["batchSize"]
        rows = None if size is None else torch.randint(facts["samples"], (size,), device=self.device)
        return self.advance(rows, torch.randn_like(self.w))

    def run(self, n):
        """A run is CHAINS draws."""
        for _ in range(math.ceil(n * CHAINS / self.chains)):
            self.trace[self.at] = self.draw()
            self.at = (self.at + 1) % TRACE
        report.synchronise(self.torch, self.device)

    def check(self, tensors):
        self.check_losses(tensors)
        self.check_drift(tensors)
        self.place(self.anchor.expand(self.chains, -1))

    def place(self, w):
        self.w = w.clone()

    def check_losses(self, tensors):
        """The first steps of all chains, with the random numbers of the reference's few."""
        expected = self.facts["excess"]
        scale = max(abs(value) for row in expected for value in row)
        allowed = TOLERANCE * scale + FLOOR / self.facts["nbeta"]
        lanes = [chain % len(expected[0]) for chain in range(self.chains)]
        for step, right in enumerate(expected):
            # What the last step draws moves nothing that is looked at.
            noise = tensors["noise"][min(step, len(expected) - 2)][lanes]
            rows = tensors["rows"][step] if "rows" in tensors else None
            for lane, loss in zip(lanes, self.advance(rows, noise).tolist()):
                if not abs(loss - right[lane]) <= allowed:
                    message = f"the excess loss at step {step} is {loss}"
                    raise ValueError(f"{message}, in float64 it is {right[lane]}")

    def check_drift(self, tensors):
        """Where chains that start away from w* come to without noise, on the same batches."""
        lanes = [chain % len(tensors["starts"]) for chain in range(self.chains)]
        starts, ends = tensors["starts"][lanes], tensors["ends"][lanes]
        self.place(starts)
        for step in range(len(self.facts["excess"])):
            rows = tensors["rows"][step] if "rows" in tensors else None
            self.advance(rows, self.torch.zeros_like(starts))
        right = ends - starts
        error = ((self.w - starts - right).norm(dim=1) / right.norm(dim=1)).max().item()
        if not error <= DRIFT_TOLERANCE:
            raise ValueError(f"without noise chains come {error:.3g} of their way from where they do in float64")

    def update(self, w, gradient, noise):
        facts = self.facts
        lr = facts["lr"]
        kept = self.torch.lerp(w, self.anchor, 0.5 * lr * facts["localization"])
        return kept.add(gradient, alpha=-0.5 * lr * facts["nbeta"]).add(noise, alpha=math.sqrt(lr))


class EagerChain(Chains):
    """One chain by autograd. Its parameters are one vector, which saves a loop over tensors."""

    def make_step(self):
        torch, target = self.torch, self.target

        def step(w, rows, noise):
            leaf = w[0].requires_grad_()
            excess = target.excess(leaf, rows)
            (gradient,) = torch.autograd.grad(excess, leaf)
            with torch.no_grad():
                return self.update(w, gradient, noise), excess.detach().view(1)

        return step


class MappedChains(Chains):
    """All chains in one batched gradient; the update is over the whole [chains, P]."""

    def make_step(self):
        func = self.torch.func
        gradients = func.vmap(func.grad_and_value(self.target.excess), in_dims=(0, None))

        def step(w, rows, noise):
            gradient, excess = gradients(w, rows)
            return self.update(w, gradient, noise), excess

        return step


class CompiledChains(MappedChains):
    def make_step(self):
        return report.compile(self.torch, super().make_step())


class RecordedChains(CompiledChains):
    """The compiled step, recorded once as a CUDA graph; another one draws its random numbers first and keeps the losses."""

    def __init__(self, torch, device, facts, tensors, chains):
        super().__init__(torch, device, facts, tensors, chains)
        size = facts["batchSize"]
        self.rows = None if size is None else torch.zeros(size, dtype=torch.long, device=device)
        self.noise = torch.zeros_like(self.w)
        self.excess = torch.zeros(chains, device=device)
        self.slot = torch.zeros(1, dtype=torch.long, device=device)
        self.given = report.record(torch, self._step_in_place)
        self.drawn = report.record(torch, self._draw_in_place)
        self.place(self.anchor)

    def place(self, w):
        self.w.copy_(w)

    def _step_in_place(self):
        w, excess = self.step(self.w, self.rows, self.noise)
        self.w.copy_(w)
        self.excess.copy_(excess)

    def _draw_in_place(self):
        if self.rows is not None:
            self.rows.random_(self.facts["samples"])
        self.noise.normal_()
        self._step_in_place()
        self.trace.index_copy_(0, self.slot, self.excess.unsqueeze(0))
        self.slot.add_(1).remainder_(TRACE)

    def advance(self, rows, noise):
        if rows is not None:
            self.rows.copy_(rows)
        self.noise.copy_(noise)
        self.given.replay()
        return self.excess

    def run(self, n):
        for _ in range(math.ceil(n * CHAINS / self.chains)):
            self.drawn.replay()
        report.synchronise(self.torch, self.device)


KINDS = [
    ("PyTorch, eager, one chain at a time", EagerChain, 1, []),
    (f"PyTorch, vmap, {CHAINS} chains", MappedChains, CHAINS, ["func"]),
    (f"PyTorch, vmap and compile, {CHAINS} chains", CompiledChains, CHAINS, ["func", "compile"]),
    (
        f"PyTorch, vmap, compile and CUDA graph, {CHAINS} chains",
        RecordedChains,
        CHAINS,
        ["func", "compile", "graphs"],
    ),
]


def list_contenders(torch, device, facts, tensors):
    """Contenders, and a sentence for each kind that this machine cannot run."""
    contenders, left_out = [], []
    for name, create, chains, needs in KINDS:
        reason = report.missing(torch, device, needs)
        if reason:
            left_out.append(f"left out: {name}: {reason}")
            continue

        def prepare(create=create, chains=chains):
            running = create(torch, device, facts, tensors, chains)
            return timing.Running(lambda: running.check(tensors), running.run, items=CHAINS)

        contenders.append(timing.Contender(name, prepare))
    return contenders, left_out


def main():
    arguments = report.read_arguments("Draws per second of SGLD in PyTorch.", CASES)
    torch, device = report.load_torch(arguments.device)
    everything, problem = read_problem(torch, device, "chains.safetensors")

    def bench(case):
        facts = {"case": case, **problem[case]}
        tensors = part(everything, case)

        def run(adapter, say, how):
            contenders, left_out = list_contenders(torch, device, facts, tensors)
            head = (facts["bench"], facts["title"], "draws")
            return timing.run_bench(*head, contenders, adapter, say, how, left_out)

        return run

    benches = [bench(name) for name in ([arguments.case] if arguments.case else CASES)]
    return report.run(torch, device, arguments, benches)


if __name__ == "__main__":
    sys.exit(main())
