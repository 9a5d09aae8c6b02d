/** Which checkpoints can be measured, said before anything is traced. */
import { BadCheckpoint, BadConfig } from '../../gpu/errors';
import type { ModularConfig } from './modular-schema';
import type { ProgressConfig } from './progress-schema';

/** The Fourier picture is about addition modulo an odd p, read out linearly from one hidden layer. Throws BadCheckpoint or BadConfig. */
export function checkMeasured({ data, network }: ModularConfig, { keys }: ProgressConfig): void {
  const { modulus: p, operation } = data;
  if (operation !== 'add')
    refuse(`trained on ${operation}`, 'progress measures know addition alone');
  if (p % 2 === 0 || p < 5)
    refuse(`of a network mod ${p}`, 'progress measures need an odd modulus of at least 5');
  if (network.layerNorm)
    refuse('with layer norm', 'progress measures take the read-out of the neurons as linear');
  if (network.hidden === 0)
    refuse('of attention alone', 'progress measures are about hidden units');
  const highest = (p - 1) / 2;
  const wrong = typeof keys === 'string' ? undefined : keys.find((key) => key > highest);
  if (wrong !== undefined) {
    throw new BadConfig('keys', {
      asked: `got ${wrong}`,
      limit: `frequencies of p = ${p} are 1 to ${highest}`,
      remedy: 'Choose among them',
    });
  }
}

function refuse(what: string, limit: string): never {
  throw new BadCheckpoint({ asked: `checkpoint ${what}`, limit, remedy: 'Give another' });
}
