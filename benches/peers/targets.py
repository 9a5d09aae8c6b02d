"""
The two losses that are sampled, as functions of one flat vector of parameters in the order of the problem's `parameters`. Both fit
torch.func: no in-place operation, no branch on values.
"""


def unflatten(w, parameters):
    """Views of the flat vector by name."""
    found, at = {}, 0
    for entry in parameters:
        found[entry["name"]] = w[at : at + entry["size"]].view(entry["shape"])
        at += entry["size"]
    return found


class KGon:
    """
    The toy model of superposition (arXiv 2310.06301) at a k-gon. Each entry of W'W meets a ReLU that is linear on one part of [0, 1]
    and zero on the other; the integral of the square of a linear function with values p and q at its ends is
    length * (pp + pq + qq) / 3. The expected loss is exact, so there are no batches.
    """

    def __init__(self, torch, facts, tensors):
        self.torch, self.parameters = torch, facts["parameters"]
        features = facts["parameters"][0]["shape"][1]
        self.own = torch.eye(features, device=tensors["anchor"].device)
        self.baseline = facts["baseline"]

    def excess(self, w, rows):
        """L(w) - L(w*); rows are None."""
        return self.loss(w) - self.baseline

    def loss(self, w):
        torch, own = self.torch, self.own
        named = unflatten(w, self.parameters)
        weights, b = named["W"], named["b"]
        # Both integrals of each pair: (relu(g m + b) - own m)^2 over m in [0, 1].
        g = weights.t() @ weights
        start, end = b.expand_as(g), g + b
        low, high = start.clamp(min=0), end.clamp(min=0)
        length = (torch.maximum(low, high) / g.abs().clamp(min=1e-15)).clamp(max=1)
        whole = (start >= 0) & (end >= 0)
        length = torch.where(whole, torch.ones_like(length), length)
        first = torch.where(start < 0, 1 - length, torch.zeros_like(length))
        last = torch.where(start < 0, torch.ones_like(length), length)
        p, q = low - own * first, high - own * last
        active = length * (p * p + p * q + q * q) / 3
        # Where the ReLU is off, m itself is missing from the output.
        off = own * (first**3 + (1 - last**3)) / 3
        return (active + off).sum() / g.shape[0]


class ModularAddition:
    """
    The network of the learning-coefficient post (Panickssery and Vaintrob, 2023): embedding, a linear map for each operand, GELU,
    unembedding; cross-entropy on batches of the training pairs.
    """

    def __init__(self, torch, facts, tensors):
        self.torch, self.parameters = torch, facts["parameters"]
        self.tokens, self.labels = tensors["tokens"], tensors["labels"]
        with torch.no_grad():
            self.at_anchor = self.losses(tensors["anchor"], torch.arange(facts["samples"], device=self.labels.device))

    def excess(self, w, rows):
        """Mean over the batch of the losses, less those at w*."""
        return (self.losses(w, rows) - self.at_anchor[rows]).mean()

    def losses(self, w, rows):
        functional = self.torch.nn.functional
        named = unflatten(w, self.parameters)
        pairs = self.tokens[rows]
        vectors = named["embed.weight"][pairs]
        pre = vectors[:, 0] @ named["mlp.in.a.weight"].t() + named["mlp.in.a.bias"]
        pre = pre + vectors[:, 1] @ named["mlp.in.b.weight"].t() + named["mlp.in.b.bias"]
        logits = functional.gelu(pre) @ named["unembed.weight"].t()
        return functional.cross_entropy(logits, self.labels[rows], reduction="none")


TARGETS = {"k-gon": KGon, "modular-addition": ModularAddition}
