/** Programs of all ops in float64 on the CPU. */
import { REFERENCES } from '../ops/reference';
import { interpretWith } from './interpret-with';
import type { Program, ProgramSpec } from './program';

export function interpret(spec: ProgramSpec): Program {
  return interpretWith(REFERENCES, spec);
}
