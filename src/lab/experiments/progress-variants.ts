/** What each measure is here, in a clause: publications differ in their definitions (src/interp/types.ts has them in full). */
export const VARIANTS: Readonly<Record<string, string>> = {
  key_frequencies:
    'positive coefficient on cos(w_k(a+b−c)) whose square is at least half the mean square over all k',
  restricted_loss:
    'logits from cos and sin of w_k(a+b), k key, and the mean of each class; test pairs (code of arXiv 2301.05217)',
  restricted_loss_train: 'as restricted_loss, on train pairs',
  restricted_loss_all: 'as restricted_loss, on all pairs',
  restricted_accuracy: 'of the logits of restricted_loss',
  restricted_loss_terms:
    'logits from the constant and the four products of cos and sin, k key; test pairs (text of arXiv 2301.05217)',
  restricted_loss_neurons:
    'neurons from their mean and cos, sin of w_k(a+b), k key, then W_L, re-centred; test pairs (TransformerLens demo)',
  excluded_loss: 'logits without cos and sin of w_k(a+b), k key; train pairs',
  excluded_loss_all: 'logits without cos and sin of w_k(a+b), every k; train pairs',
  excluded_loss_cube: 'logits without cos(w_k(a+b−c)), k key; train pairs',
  excluded_loss_neurons:
    'neurons without cos and sin of w_k(a+b), k key, skip path kept; train pairs (TransformerLens demo)',
  logit_fve: 'share of the variance of the logits that Σ α_k cos(w_k(a+b−c)), k key, explains',
  gini_embedding: 'of the norms of all p Fourier rows of E',
  gini_readout: 'of the norms of all p Fourier rows of W_L = W_U·W_out',
  explained_neurons:
    'share of neurons more than 85 % of whose variance one frequency explains, all (p−1)/2 tried',
  entropy_in: 'Shannon, of the amplitudes of W_in·E over all frequencies, mean over neurons',
  entropy_in_code:
    '−Σ q log softmax(q) of W_in·E, without the last frequency (code of arXiv 2310.19470)',
  entropy_out: 'Shannon, of the amplitudes of W_L over all frequencies, mean over neurons',
  entropy_out_code:
    '−Σ q log softmax(q) of W_L, without the last frequency (code of arXiv 2310.19470)',
  attention_periodicity:
    'largest share of the variance of the attention to a that one frequency explains, mean over heads',
  gradient_symmetricity:
    'mean cosine between the gradients of a logit by the vectors of a and b, 100 random (a, b, c)',
  distance_irrelevance:
    'spread of the right logit at one a − b over its spread in all; 0 where the sum alone matters',
  circularity:
    'share of the best frequency in the first four principal components of E, their mean',
};
