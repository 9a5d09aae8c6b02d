/**
 * What random numbers are for. The stream is the third word of the Philox counter, so that no two uses ever
 * share a number. Never renumber: a checkpoint resumes at the same counters.
 */
export const streams = {
  /** Initial parameters. */
  init: 1,
  /** Langevin noise and other noise of a sampler. */
  noise: 2,
  /** Choice of mini-batches. */
  batch: 3,
  dropout: 4,
  /** Generated data sets and their splits. */
  data: 5,
  /** Pruning by random scores. */
  prune: 6,
  /** Probes and inputs that tests and benches make up. */
  probe: 7,
  /** First momenta of a sampler. */
  momentum: 8,
  /** The coin of a Metropolis test. */
  accept: 9,
  /** Noise added to a gradient on purpose, as a mini-batch would. */
  gradientNoise: 10,
  /** How far chains start from the point they sample around. */
  jitter: 11,
  /** Inputs drawn anew at every step. */
  features: 12,
} as const;

export type Stream = (typeof streams)[keyof typeof streams];
