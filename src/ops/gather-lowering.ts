/** Kernels of gather and scatter-add: operands as tables of rows, groups of four columns where strides allow. */
import gatherShader from '../../shaders/gather.wgsl';
import gatherVec4Shader from '../../shaders/gather-vec4.wgsl';
import scatterAddShader from '../../shaders/scatter-add.wgsl';
import scatterAddTeamShader from '../../shaders/scatter-add-team.wgsl';
import scatterAddVec4Shader from '../../shaders/scatter-add-vec4.wgsl';
import type { Lowering, Node, Operand } from '../graph/types';
import type { ScatterAttributes } from './gather';
import { asRows, type Rows } from './rows-of';
import { sortPositions } from './sort-positions';
import { fours } from './walk';

const WORKGROUP = 64;
/** As in scatter-add-team.wgsl. */
const TEAM_COLUMNS = 8;

function groupsOfFour(source: Rows, result: Operand): boolean {
  return (
    source.columnStride === 1 &&
    source.columns % 4 === 0 &&
    fours([source.rowStride, source.offset, source.replicaStride]) &&
    fours([result.offset, result.replicaStride])
  );
}

function quarter({ rowStride, offset, replicaStride, columns, ...rest }: Rows): Rows {
  return {
    ...rest,
    rowStride: rowStride / 4,
    offset: offset / 4,
    replicaStride: replicaStride / 4,
    columns: columns / 4,
  };
}

const layoutOf = ({ offset, replicaStride, rowStride, columnStride }: Rows) =>
  [offset, replicaStride, rowStride, columnStride] as const;

export function lowerGather(node: Node<null>, to: Lowering): void {
  const [tableNode, indexNode] = node.inputs;
  const whole = asRows(tableNode, 1, to);
  const indices = asRows(indexNode, indexNode.shape.length, to);
  const result = to.result(node as Node);
  const vector = groupsOfFour(whole, result);
  const table = vector ? quarter(whole) : whole;
  const divisor = vector ? 4 : 1;
  const units = to.copies(node as Node) * indices.rows * table.columns;
  to.launch(vector ? gatherVec4Shader : gatherShader, {
    label: 'gather',
    bindings: { table: table.block, indices: indices.block, result: result.block },
    params: {
      rows: indices.rows,
      columns: table.columns,
      last: table.rows - 1,
      units,
      table: layoutOf(table),
      indices: layoutOf(indices),
      result: [result.offset / divisor, result.replicaStride / divisor],
    },
    overrides: { WORKGROUP },
    groups: Math.ceil(units / WORKGROUP),
  });
}

export function lowerScatterAdd(node: Node<ScatterAttributes>, to: Lowering): void {
  const [valueNode, indexNode] = node.inputs;
  const { rows } = node.attributes;
  const { starts, list, startsStride } = sortPositions(indexNode, rows, to);
  const whole = asRows(valueNode, indexNode.shape.length, to);
  const result = to.result(node as Node);
  const vector = groupsOfFour(whole, result);
  const values = vector ? quarter(whole) : whole;
  const divisor = vector ? 4 : 1;
  const team = vector && to.traits.barriers && to.traits.maxInvocations >= 256;
  const columns = team ? Math.ceil(values.columns / TEAM_COLUMNS) : values.columns;
  const units = to.copies(node as Node) * rows * columns;
  const spec = {
    label: 'scatterAdd',
    bindings: { values: values.block, starts, list, result: result.block },
    params: {
      rows,
      columns: values.columns,
      units,
      starts_stride: startsStride,
      values: layoutOf(values),
      result: [result.offset / divisor, result.replicaStride / divisor],
    },
    groups: Math.ceil(units / (team ? 1 : WORKGROUP)),
    flops: to.copies(node as Node) * whole.rows * whole.columns,
  };
  if (team) to.launch(scatterAddTeamShader, spec);
  else if (vector) to.launch(scatterAddVec4Shader, { ...spec, overrides: { WORKGROUP } });
  else to.launch(scatterAddShader, { ...spec, overrides: { WORKGROUP } });
}
