/** A tickets configuration as that of a modular-addition run: the parts of that experiment read it so. */
import type { ModularConfig } from './modular-schema';
import type { TicketsConfig } from './tickets-schema';

/** Of one network that takes `steps` steps. */
export function pickModular(config: TicketsConfig, steps: number): ModularConfig {
  const { seed, data, network, optimizer, evaluateEvery } = config;
  return {
    schema: 1,
    experiment: 'modular-addition',
    seed,
    replicas: 1,
    steps,
    data,
    network,
    optimizer,
    batchSize: null,
    checkpointEvery: null,
    measures: null,
    llc: null,
    evaluateEvery,
  };
}
