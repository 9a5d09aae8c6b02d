/** The learning coefficient of all targets, trained networks included. */
import { llcExperiment } from './llc-chains';
import { buildTarget } from './llc-target';

export const llc = /* @__PURE__ */ llcExperiment(buildTarget);
