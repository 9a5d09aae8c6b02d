"""
The two-token network of "Grokking Tickets" (Minegishi et al., arXiv 2310.19470): logits = U W_out relu(W_in (E[a] + E[b])). Linear maps
are stored [out, in], as torch.nn.Linear stores them.
"""


def logits(w, tokens):
    """[rows, classes] of weights by name and tokens [rows, 2]."""
    vectors = w["embed.weight"][tokens].sum(1)
    hidden = (vectors @ w["mlp.in.weight"].t()).relu()
    return hidden @ w["mlp.out.weight"].t() @ w["unembed.weight"].t()
