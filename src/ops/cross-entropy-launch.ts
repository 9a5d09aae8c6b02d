/** The launch of the cross-entropy kernel: losses, corrects and gradients of rows, as many of them as are wanted. */
import rowKernel from '../../shaders/cross-entropy.wgsl';
import teamKernel from '../../shaders/cross-entropy-team.wgsl';
import type { Lowering, Node, Operand } from '../graph/types';
import { columnsOf, rowGrid, rowLayout, rowsOf, upToFour } from './rows';

/** Where results begin in a replica's part of the output, in elements; null for what is not wanted. */
export interface CrossEntropyParts {
  readonly loss: number | null;
  readonly correct: number | null;
  readonly gradient: GradientPart | null;
}

/** Rows of the gradient lie from the beginning of the output on. */
export interface GradientPart {
  /** Gradients of the rows' losses: [...], or a scalar for all. */
  readonly share: Operand;
  readonly shareStride: number;
  /** Elements of a row of the gradient: the classes, or zeros behind them up to a multiple of 4. */
  readonly columns: number;
}

/** `label` names the launch. Rows of logits may be padded. */
export function launchCrossEntropy(
  label: string,
  [logitsNode, labelsNode]: readonly Node[],
  output: Operand,
  copies: number,
  { loss, correct, gradient }: CrossEntropyParts,
  to: Lowering,
): void {
  const [rows, columns] = [rowsOf(logitsNode), columnsOf(logitsNode)];
  const logits = to.rows(logitsNode);
  const labels = to.dense(labelsNode);
  const total = rows * copies;
  const { team, groups, overrides } = rowGrid(total, columns, to);
  to.launch(team ? teamKernel : rowKernel, {
    label,
    bindings: {
      logits: logits.block,
      labels: labels.block,
      share: (gradient?.share ?? logits).block,
      output: output.block,
    },
    params: {
      rows,
      total,
      columns,
      stride: logits.padded ? upToFour(columns) : columns,
      gradientColumns: gradient?.columns ?? 0,
      shareStride: gradient?.shareStride ?? 0,
      logitsLayout: rowLayout(logits),
      labelsLayout: rowLayout(labels),
      shareLayout: gradient ? rowLayout(gradient.share) : [0, 0],
      outputLayout: rowLayout(output),
      lossAt: loss ?? 0,
      correctAt: correct ?? 0,
    },
    overrides: {
      ...overrides,
      LOSS: Number(loss !== null),
      CORRECT: Number(correct !== null),
      GRADIENT: Number(gradient !== null),
    },
    groups,
  });
}
