/** All parity cases. A new op's cases are added here; a test holds this list to the files of the folder. */
import type { Case } from '../types';
import { attentionCases } from './attention';
import { concatCases } from './concat';
import { crossEntropyCases } from './cross-entropy';
import { dftCases } from './dft';
import { elementwiseCases } from './elementwise';
import { gatherCases } from './gather';
import { layerNormCases } from './layer-norm';
import { lossCases } from './loss';
import { matmulCases } from './matmul';
import { pairCases } from './pairs';
import { randomCases } from './random';
import { reduceCases } from './reduce';
import { selectCases } from './select';
import { softmaxCases } from './softmax';
import { tokenAttentionCases } from './token-attention';
import { viewCases } from './view';

export const allCases: readonly Case[] = /* @__PURE__ */ [
  attentionCases,
  concatCases,
  crossEntropyCases,
  dftCases,
  elementwiseCases,
  gatherCases,
  layerNormCases,
  lossCases,
  matmulCases,
  pairCases,
  randomCases,
  reduceCases,
  selectCases,
  softmaxCases,
  tokenAttentionCases,
  viewCases,
].flat();
