/** From a configuration to a target of any kind. */
import type { Files } from '../files';
import { makeTarget } from './llc-made-target';
import { runTarget } from './llc-run-target';
import type { LlcConfig } from './llc-schema';
import type { TrainedTarget } from './trained-target';

/** Throws BadConfig naming the path. */
export function buildTarget(config: LlcConfig, files: Files): TrainedTarget {
  const { target } = config;
  return target.kind === 'run' ? runTarget(target, files) : makeTarget(config);
}
