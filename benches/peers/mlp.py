"""
The two-token network of "Grokking Tickets" (Minegishi et al., arXiv 2310.19470): logits = U W_out relu(W_in (E[a] + E[b])). Linear maps
are stored [out, in], as torch.nn.Linear stores them.
"""


def make_logits(torch):
    """A function of weights by name and tokens [rows, 2] to logits [rows, classes]."""

    def logits(w, tokens):
        # Not w["embed.weight"][tokens]: the gradient of indexing adds rows that occur often one after the other.
        vectors = torch.nn.functional.embedding(tokens, w["embed.weight"]).sum(1)
        hidden = (vectors @ w["mlp.in.weight"].t()).relu()
        return hidden @ w["mlp.out.weight"].t() @ w["unembed.weight"].t()

    return logits
