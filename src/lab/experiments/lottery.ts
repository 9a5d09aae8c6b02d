/** Lottery tickets with all they can be asked for, λ̂ along the rounds included. */
import { llcStepsOf, sampleClassifier } from './lottery-llc';
import { lotteryExperiment } from './lottery-rounds';

export const lottery = /* @__PURE__ */ lotteryExperiment({ llcStepsOf, sampleClassifier });
