"""
The one-layer transformer of Nanda et al. (arXiv 2301.05217) without layer norms, read at the last position. Weights multiply from
the right, x @ W; heads are side by side in the columns of query, key and value, as in benches/peers/problem.ts.
"""

ALL = "all positions"
LAST = "last position"


def make_logits(torch, shape, forward):
    """
    A function of weights and tokens [rows, context] to logits [rows, vocabulary]. `all positions` computes every layer at
    every position, as the paper's code does; `last position` keys and values everywhere and the rest once a row.
    """
    heads, head_width, context = shape["heads"], shape["headWidth"], shape["context"]
    attend = _attention(torch, head_width, context)
    every = forward == ALL

    def split(y):
        return y.view(y.shape[0], -1, heads, head_width).transpose(1, 2)

    def logits(w, tokens):
        x = w["embed"][tokens] + w["positions"]
        stream = x if every else x[:, -1:]
        query, key, value = split(stream @ w["query"]), split(x @ w["key"]), split(x @ w["value"])
        mixed = attend(query, key, value, every)
        stream = stream + mixed.transpose(1, 2).reshape(stream.shape) @ w["output"]
        hidden = torch.relu(stream @ w["hiddenIn"] + w["hiddenInBias"])
        stream = stream + (hidden @ w["hiddenOut"] + w["hiddenOutBias"])
        return (stream @ w["unembed"])[:, -1]

    return logits


def _attention(torch, head_width, context):
    """PyTorch's own where it has one; the formula of the paper's code otherwise."""
    functional = torch.nn.functional
    if hasattr(functional, "scaled_dot_product_attention"):

        def fused(query, key, value, causal):
            return functional.scaled_dot_product_attention(query, key, value, is_causal=causal)

        return fused

    future = torch.ones(context, context).triu(1).bool()

    def composed(query, key, value, causal):
        scores = query @ key.transpose(-1, -2) / head_width**0.5
        if causal:
            scores = scores.masked_fill(future.to(scores.device), -1e10)
        return scores.softmax(-1) @ value

    return composed
