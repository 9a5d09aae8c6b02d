"""
The one-layer transformer of Nanda et al. (arXiv 2301.05217) without layer norms, read at the last position. Weights multiply from
the right, x @ W; heads are side by side in the columns of query, key and value, as in benches/peers/problem.ts.
"""

ALL = "all positions"
LAST = "last position"
FUSED = "fused attention"
FORMULA = "attention as a formula"


def list_attentions(torch):
    """PyTorch's own where it has one, and the formula of the paper's code: which is faster on three tokens is for the bench to say."""
    fused = hasattr(torch.nn.functional, "scaled_dot_product_attention")
    return [FUSED, FORMULA] if fused else [FORMULA]


def make_logits(torch, shape, forward, attention):
    """
    A function of weights and tokens [rows, context] to logits [rows, vocabulary]. `all positions` computes every layer at
    every position, as the paper's code does; `last position` keys and values everywhere and the rest once a row. `attention` is one
    of `list_attentions`.
    """
    heads, head_width, context = shape["heads"], shape["headWidth"], shape["context"]
    attend = _fused(torch) if attention == FUSED else _formula(torch, head_width, context)
    every = forward == ALL

    def split(y):
        return y.view(y.shape[0], -1, heads, head_width).transpose(1, 2)

    def logits(w, tokens):
        # Not w["embed"][tokens]: the gradient of indexing adds rows that occur often, as "=" does, one after the other.
        x = torch.nn.functional.embedding(tokens, w["embed"]) + w["positions"]
        stream = x if every else x[:, -1:]
        query, key, value = split(stream @ w["query"]), split(x @ w["key"]), split(x @ w["value"])
        mixed = attend(query, key, value, every)
        stream = stream + mixed.transpose(1, 2).reshape(stream.shape) @ w["output"]
        hidden = torch.relu(stream @ w["hiddenIn"] + w["hiddenInBias"])
        stream = stream + (hidden @ w["hiddenOut"] + w["hiddenOutBias"])
        return (stream @ w["unembed"])[:, -1]

    return logits


def _fused(torch):
    def attend(query, key, value, causal):
        return torch.nn.functional.scaled_dot_product_attention(query, key, value, is_causal=causal)

    return attend


def _formula(torch, head_width, context):
    future = torch.ones(context, context).triu(1).bool()

    def attend(query, key, value, causal):
        scores = query @ key.transpose(-1, -2) / head_width**0.5
        if causal:
            scores = scores.masked_fill(future.to(scores.device), -1e10)
        return scores.softmax(-1) @ value

    return attend
