/** Products shared by subgroups: kernels that only those carry who measure, for no rule takes them. */
import anyAny from '../../shaders/matmul/subgroups-any-any.wgsl';
import columnsRows from '../../shaders/matmul/subgroups-columns-rows.wgsl';
import rowsColumns from '../../shaders/matmul/subgroups-rows-columns.wgsl';
import rowsRows from '../../shaders/matmul/subgroups-rows-rows.wgsl';
import type { Choice } from '../ops/matmul/choose';
import type { Traits } from '../plan/types';

const KERNELS = {
  'rows-rows': rowsRows,
  'columns-rows': columnsRows,
  'rows-columns': rowsColumns,
  any: anyAny,
} as const;

/** 8 rows by one or two blocks of 4 columns an invocation, with the chunks of K and the order of the sums given; none without subgroups. */
export function subgroupChoices(
  { subgroup = 0 }: Traits,
  { splits, chunk }: Pick<Choice, 'splits' | 'chunk'>,
  inFours: boolean,
): Choice[] {
  if (subgroup < 4) return [];
  const GROUP = Math.min(64, subgroup);
  const WORKGROUP = Math.max(32, GROUP);
  return [2, 1].map((COLUMNS) => ({
    ...{ body: 'subgroups', tileM: 8, tileN: 4 * COLUMNS * WORKGROUP, workgroup: WORKGROUP },
    ...{ splits, chunk },
    own: {
      kernels: KERNELS,
      overrides: { WORKGROUP, GROUP, COLUMNS, FOURS: Number(inFours) },
    },
  }));
}
