/** Grokking with all it can be asked for, λ̂ through training included. */
import { throughTraining } from './llc-through';
import { buildNetwork } from './modular-network';
import { modularExperiment } from './modular-training';
import { buildUpdate } from './modular-update';

export const modularAddition = /* @__PURE__ */ modularExperiment({
  through: throughTraining,
  buildNetwork,
  buildUpdate,
});
