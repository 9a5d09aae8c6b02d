/** What a configuration of the learning-coefficient experiment may say: target, sampler, sweep. */
import { TEMPERATURE_CONVENTIONS } from '../../slt/estimate/conventions';
import { choice, list, number, object, type Infer } from '../schema';
import { numberOr } from '../schema-forms';
import { localization, lr, nbeta, samplerFields } from './llc-sampler-schema';
import { targetSchema } from './llc-target-schema';

export const samplerSchema = object(samplerFields, { label: 'Sampler' });

export const sweepSchema = object(
  {
    lr: list(number(lr), { default: [], label: 'ε' }),
    localization: list(number(localization), { default: [], label: 'γ' }),
    nbeta: list(numberOr(TEMPERATURE_CONVENTIONS, nbeta), { default: [], label: 'nβ' }),
  },
  { label: 'Sweep' },
);

export const llcSchema = object({
  schema: number({ min: 1, max: 1, integer: true, default: 1, label: 'Version of this format' }),
  experiment: choice(['llc'], { default: 'llc', label: 'Experiment' }),
  seed: number({ min: 0, max: 2 ** 32 - 1, integer: true, default: 0, label: 'Seed' }),
  target: targetSchema,
  sampler: samplerSchema,
  sweep: sweepSchema,
});

export type LlcConfig = Infer<typeof llcSchema>;
export type TargetConfig = LlcConfig['target'];
export type SamplerConfig = LlcConfig['sampler'];
export type TargetOf<K extends TargetConfig['kind']> = Extract<TargetConfig, { kind: K }>;
