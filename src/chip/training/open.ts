/** A training ready to run: on the chip where it fits there, else a launch per kernel per step. */
import { BadConfig } from '../../gpu/errors';
import type { Gpu } from '../../gpu/open';
import { compile, type CompileOptions, type DeviceProgram } from '../../graph/compile';
import type { ProgramSpec } from '../../graph/program';
import type { Traits } from '../../plan/types';
import { LANES } from '../fit';
import { fitTraining, type Fitted } from './fit';
import type { OnChip, PathChoice } from './types';

export interface OpenedTraining {
  readonly program: DeviceProgram;
  readonly path: 'on-chip' | 'general';
  /** Why that path, for the run record. */
  readonly reason: string;
}

const SLOW = 'on this software adapter networks of this size train faster a kernel at a time';

/**
 * A software adapter runs a workgroup's replicas side by side and has no launches to save: with few of them in a workgroup, because each
 * takes much of its memory, a step of 2–16–16–3 on 96 samples takes ten times that of the general path (`npm run bench -- chip-training`).
 */
function isWorthIt({ barriers }: Traits, { chosen }: Fitted): boolean {
  return barriers || chosen.chains >= LANES.software;
}

/** Throws BadConfig naming `path` where the chip was asked for and can't be had. */
export async function openTraining(
  gpu: Gpu,
  spec: ProgramSpec,
  onChip: OnChip,
  { prefer = 'auto', ...options }: CompileOptions & { readonly prefer?: PathChoice } = {},
): Promise<OpenedTraining> {
  const fitted = prefer === 'general' ? null : fitTraining(gpu.traits, spec, onChip);
  if (fitted && 'chosen' in fitted && (prefer === 'on-chip' || isWorthIt(gpu.traits, fitted))) {
    // The kernels are fetched by those who use them.
    const { openFitted } = await import('./compile');
    const program = await openFitted(gpu, spec, onChip, fitted, options);
    return { program, path: 'on-chip', reason: fitted.chosen.reason };
  }
  const reason = !fitted ? 'asked for' : 'chosen' in fitted ? SLOW : fitted.reason;
  if (prefer === 'on-chip') {
    throw new BadConfig('path', {
      asked: 'on-chip',
      limit: reason,
      remedy: 'Set it to auto or general',
    });
  }
  return { program: await compile(gpu, spec, options), path: 'general', reason };
}
