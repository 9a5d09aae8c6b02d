/** What benches of kernels over rows have in common: sizes, and the table of forward alone and with the gradient. */
import type { Case } from '../src/lab/check/types';
import { kernelContender, plainContender, referenceContenders } from './kernel';
import type { PlainWork } from './kernel';
import { createTask } from './task';
import type { Values } from './task';
import type { Bench, Weight } from './types';

export interface Rows {
  readonly rows: number;
  readonly columns: number;
}

export interface RowsSpec {
  readonly topic: string;
  readonly what: string;
  readonly sizes: readonly (Rows & { readonly weight?: Weight })[];
  caseOf(size: Rows): Case;
  /** Elements read and written, of 4 bytes. */
  countElements(size: Rows, gradients: boolean): number;
  plain(size: Rows, values: Values, gradients: boolean): PlainWork;
}

export function rowsBenches(spec: RowsSpec): Bench[] {
  return spec.sizes.flatMap((size) =>
    [false, true].map((gradients) => benchOf(spec, size, gradients)),
  );
}

function benchOf(
  { topic, what, caseOf, countElements, plain }: RowsSpec,
  { weight, ...size }: RowsSpec['sizes'][number],
  gradients: boolean,
): Bench {
  const { rows, columns } = size;
  return {
    name: `${topic}/${rows}x${columns}${gradients ? '/gradient' : ''}`,
    title: `${what} of ${rows.toLocaleString('en')} rows of ${columns}${gradients ? ', forward and backward' : ''}`,
    unit: 'passes',
    weight,
    contenders: async ({ gpu }) => {
      const bytes = 4 * countElements(size, gradients);
      const task = createTask({ case: caseOf(size), gradients, bytes });
      return [
        kernelContender(gpu, 'kernel', task),
        plainContender(task, (values) => plain(size, values, gradients)),
        ...referenceContenders(task),
      ];
    },
  };
}
