/** The split of a file that lists the pairs it was trained on. */
import { operations } from '../../data/operations';
import type { ModularData, Split } from '../../data/modular';
import { BadCheckpoint } from '../../gpu/errors';
import type { Tensor } from '../safetensors';

/** From a·p + b of each trained pair; the test set is the rest of the table. Throws BadCheckpoint. */
export function readTrainIndices({ dtype, shape, data }: Tensor, p: number): ModularData {
  const trained = new Uint8Array(p * p);
  const fits = (dtype === 'I32' || dtype === 'U32') && shape.length === 1;
  if (!fits || data.length === 0 || data.length >= p * p) {
    refuse(
      `${dtype} of ${data.length}`,
      `must be whole numbers, one axis, 1 to ${p * p - 1} of them`,
    );
  }
  for (const index of data) {
    if (index < 0 || index >= p * p)
      refuse(`${index}`, `rows a·${p} + b go from 0 to ${p * p - 1}`);
    if (trained[index]++ > 0) refuse(`${index}`, 'is there twice');
  }
  const rows = Array.from(trained, (_, row) => row);
  return {
    train: listPairs([...data], p),
    test: listPairs(
      rows.filter((row) => trained[row] === 0),
      p,
    ),
    modulus: p,
    operation: 'add',
    classes: p,
    tokens: p,
  };
}

function listPairs(rows: readonly number[], p: number): Split {
  const pairs = rows.map((row) => [Math.floor(row / p), row % p] as const);
  return {
    inputs: Uint32Array.from(pairs.flat()),
    labels: Uint32Array.from(pairs, ([a, b]) => operations.add.compute(a, b, p)),
  };
}

function refuse(found: string, limit: string): never {
  throw new BadCheckpoint({
    asked: `tensor 'train_indices': ${found}`,
    limit,
    remedy: 'Leave it out of the file, or save it as the training had it',
  });
}
