/** What follows a product before it is stored. Kernels: shaders/lib/matmul/epilogue.wgsl. */
import type { Operand } from '../../graph/types';

/** The kernels' override; ReLU is a part instead. */
const ACTIVATIONS = { none: 0, relu: 0, gelu: 2, square: 3, tanh: 4 } as const;
export type Activation = keyof typeof ACTIVATIONS;

/** C = gate(act(A·B + bias) + residual); the operands broadcast to the shape of C. */
export interface Epilogue {
  readonly bias: Operand | null;
  readonly residual: Operand | null;
  readonly gate: Operand | null;
  readonly activation: Activation;
}

export const PLAIN: Epilogue = { bias: null, residual: null, gate: null, activation: 'none' };

/** The epilogue as the kernels want it. */
export interface Parts {
  readonly parts: number;
  readonly overrides: { readonly ACTIVATION: number };
}

const [BIAS, RESIDUAL, GATE, RELU] = [1, 2, 4, 8];

/** Of a product that another pass finishes. */
export const NO_PARTS: Parts = { parts: 0, overrides: { ACTIVATION: 0 } };

/** ReLU is a part, so that networks of it have one kernel for all their products; other activations are compiled in. */
export function partsOf({ bias, residual, gate, activation }: Epilogue): Parts {
  const relu = activation === 'relu';
  return {
    parts: (bias ? BIAS : 0) + (residual ? RESIDUAL : 0) + (gate ? GATE : 0) + (relu ? RELU : 0),
    overrides: { ACTIVATION: ACTIVATIONS[activation] },
  };
}
