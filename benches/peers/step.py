"""
python3 benches/peers/step.py [--device cuda | cpu] [--case batch512 | paper | quick] [--quick] [--json FILE]

Steps per second of the grokking networks in PyTorch, float32 with TF32 off: eager, compiled, and with CUDA graphs. Networks, weights,
rows and optimiser are those of benches/step.ts; before anything is timed, each contender's first three losses must be those of the
float64 reference.
"""

import sys

import report
import timing
import mlp
import transformer
from problem import part, read_problem

# PyTorch's losses come within 2e-7; without weight decay, or with another epsilon, they are off by 2e-5 and more.
TOLERANCE = 5e-6
CASES = ["batch512", "paper", "quick"]


class Trainer:
    """
    The step in eager mode. Forward and backward pass may be compiled together; the update is PyTorch's fused AdamW on CUDA.
    `logits` is a function of weights and tokens; `tensors` are the weights by name, tokens and targets.
    """

    def __init__(self, torch, device, tensors, case, logits, compiled=False):
        self.torch, self.device = torch, device
        rows = case["rows"]
        self.tokens, self.targets = tensors["tokens"][:rows], tensors["targets"][:rows]
        self.start = {name: value for name, value in tensors.items() if name not in ("tokens", "targets")}
        self.weights = {name: value.clone().requires_grad_() for name, value in self.start.items()}
        numbers = case["adamW"]
        self.optimizer = torch.optim.AdamW(
            self.weights.values(),
            lr=numbers["learningRate"],
            betas=(numbers["beta1"], numbers["beta2"]),
            eps=numbers["epsilon"],
            weight_decay=numbers["weightDecay"],
            **_fastest(torch, device),
        )

        def loss(weights, tokens, targets):
            return torch.nn.functional.cross_entropy(logits(weights, tokens), targets)

        self.loss = report.compile(torch, loss) if compiled else loss

    def step(self):
        """The loss before the update, on the device."""
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(self.weights, self.tokens, self.targets)
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def train(self, n):
        """The loss before the last of n updates, once the device has done everything."""
        for _ in range(n):
            loss = self.step()
        value = loss.item()
        report.synchronise(self.torch, self.device)
        return value


class GraphTrainer(Trainer):
    """The whole step, update and all, recorded once as a CUDA graph and replayed."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.value = self.torch.zeros((), device=self.device)
        self.graph = report.record(self.torch, self._step_in_place)
        self._begin_again()

    def _step_in_place(self):
        self.value.copy_(super().step())

    def _begin_again(self):
        """Recording took steps of its own."""
        with self.torch.no_grad():
            for name, value in self.weights.items():
                value.copy_(self.start[name])
            for state in self.optimizer.state.values():
                for moment in state.values():
                    moment.zero_()

    def step(self):
        self.graph.replay()
        return self.value


def _fastest(torch, device):
    """The update in one launch, fit for recording, on CUDA; PyTorch's default elsewhere."""
    if device.type != "cuda":
        return {}
    new = report.missing(torch, device, ["compile"]) is None
    return {"capturable": True, "fused": True} if new else {"capturable": True}


def list_forwards(torch, problem, case):
    """Ways to compute the logits of a case's network: what a contender's name ends in, the function, flops of a step."""
    if case["network"] == "mlp":
        return [("", mlp.make_logits(torch), None)]
    return [
        (
            f", {forward}, {attention}",
            transformer.make_logits(torch, problem["shape"], forward, attention),
            case["flops"][forward],
        )
        for forward in (transformer.ALL, transformer.LAST)
        for attention in transformer.list_attentions(torch)
    ]


def list_contenders(torch, device, tensors, problem, case):
    """Contenders of a case, and a sentence for each kind that this machine cannot run."""
    kinds = [
        ("eager", Trainer, False, []),
        ("compiled", Trainer, True, ["compile"]),
        ("CUDA graph", GraphTrainer, False, ["graphs"]),
        ("compiled, CUDA graph", GraphTrainer, True, ["compile", "graphs"]),
    ]
    contenders, left_out = [], []
    for kind, create, compiled, needs in kinds:
        reason = report.missing(torch, device, needs)
        if reason:
            left_out.append(f"left out: PyTorch, {kind}: {reason}")
            continue
        for ending, logits, flops in list_forwards(torch, problem, case):

            def prepare(create=create, compiled=compiled, logits=logits, flops=flops):
                trainer = create(torch, device, tensors, case, logits, compiled)
                return timing.Running(lambda: check(trainer, case["losses"]), trainer.train, flops)

            contenders.append(timing.Contender(f"PyTorch, {kind}{ending}", prepare))
    return contenders, left_out


def check(trainer, losses):
    for step, right in enumerate(losses):
        loss = trainer.train(1)
        if not abs(loss - right) <= TOLERANCE * right:
            raise ValueError(f"the loss at step {step} is {loss}, in float64 it is {right}")


def main():
    arguments = report.read_arguments("Steps per second of the grokking networks in PyTorch.", CASES)
    torch, device = report.load_torch(arguments.device)
    everything, problem = read_problem(torch, device, "step.safetensors")

    def bench(name):
        case = problem["cases"][name]
        tensors = part(everything, case["network"])

        def run(adapter, say, how):
            contenders, left_out = list_contenders(torch, device, tensors, problem, case)
            head = (case["bench"], case["title"], case["unit"])
            return timing.run_bench(*head, contenders, adapter, say, how, left_out)

        return run

    benches = [bench(name) for name in ([arguments.case] if arguments.case else CASES)]
    return report.run(torch, device, arguments, benches)


if __name__ == "__main__":
    sys.exit(main())
