/** Grokking tickets with all they can be asked for, λ̂ of the networks included. */
import { llcStepsOf, sampleNetwork } from './tickets-llc';
import { buildNetwork } from './modular-network';
import { buildUpdate } from './modular-update';
import { ticketsExperiment } from './tickets-race';

export const tickets = /* @__PURE__ */ ticketsExperiment({
  llcStepsOf,
  sampleNetwork,
  buildNetwork,
  buildUpdate,
});
