/**
 * What each op computes, in float64, by the op's name. They stand apart from the ops, so that a program for a device carries none
 * of them; elementwise ops bring their functions of single numbers along, with which constants are folded.
 */
import * as attention from './attention';
import { COMMON, type References } from './common';
import * as crossEntropy from './cross-entropy';
import { fourier } from './fourier';
import { fusedMatmul } from './matmul';
import { pairLosses, pairMeans } from './pairs';
import { tokenAttention, tokenAttentionGradient } from './token-attention';

const rare: References = {
  attention: attention.attention,
  'attention gradient': attention.attentionGradient,
  'attention key gradient': attention.attentionKeyGradient,
  'attention pattern': attention.attentionPattern,
  'attention query gradient': attention.attentionQueryGradient,
  'cross-entropy part': crossEntropy.crossEntropyPart,
  'cross-entropy pass': crossEntropy.crossEntropyPass,
  fourier,
  fusedMatmul,
  pairLosses,
  pairMeans,
  'token attention': tokenAttention,
  'token attention gradient': tokenAttentionGradient,
};

/** Of all ops. */
export const REFERENCES: References = { ...COMMON, ...rare };
