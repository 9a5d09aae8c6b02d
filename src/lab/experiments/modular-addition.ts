/** Grokking with all it can be asked for, λ̂ through training included. */
import { throughTraining } from './llc-through';
import { modularExperiment } from './modular-training';

export const modularAddition = /* @__PURE__ */ modularExperiment(throughTraining);
