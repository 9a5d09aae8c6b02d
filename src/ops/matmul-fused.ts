/** A product with what follows it, in one kernel. Only the fusion pass (src/graph/fuse.ts) makes these. */
import { ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import { broadcastShapes, formatShape, sameShape } from '../graph/shape';
import type { Node, Op } from '../graph/types';
import { gateOp } from './binary';
import type { Activation } from './matmul/epilogue';
import { launchProduct } from './matmul/launch';
import { inferProduct } from './matmul/shape';
import { geluOp, reluOp, squareOp, tanhOp } from './unary';

/** Which inputs follow A and B, in this order. */
export interface FusedAttributes {
  readonly bias: boolean;
  readonly residual: boolean;
  readonly gate: boolean;
  readonly activation: Activation;
}

/** gate(act(A·B + bias) + residual): each broadcasts to the shape of the product; gate passes where it is > 0. */
export interface FusedProduct {
  readonly a: Node;
  readonly b: Node;
  readonly bias: Node | null;
  readonly activation: Activation;
  readonly residual: Node | null;
  readonly gate: Node | null;
}

export const ACTIVATION_OPS: Readonly<Record<Exclude<Activation, 'none'>, Op>> = {
  relu: reluOp as Op,
  gelu: geluOp as Op,
  square: squareOp as Op,
  tanh: tanhOp as Op,
};

export const fusedMatmulOp: Op<FusedAttributes> = {
  name: 'fusedMatmul',
  infer: ([a, b, ...followers]) => {
    const product = inferProduct('fusedMatmul', a, b);
    for (const { shape } of followers) {
      if (!sameShape(broadcastShapes('fusedMatmul', shape, product.shape), product.shape)) {
        throw new ShapeMismatch(
          `fusedMatmul: ${formatShape(shape)} does not broadcast to ${formatShape(product.shape)}`,
        );
      }
    }
    return product;
  },
  lower: (node, to) => {
    const [a, b] = node.inputs.map((input) => to.operand(input));
    const { bias, residual, gate } = sortInputs(node.inputs, node.attributes);
    const lies = (input: Node | null) => input && to.operand(input);
    launchProduct(to, 'matmul+', a, b, to.result(node as Node), to.copies(node as Node), {
      bias: lies(bias),
      residual: lies(residual),
      gate: lies(gate),
      activation: node.attributes.activation,
    });
  },
};

/** Throws `ShapeMismatch` where a part does not broadcast to the product. */
export function fusedMatmul({ a, b, bias, activation, residual, gate }: FusedProduct): Node {
  const inputs = [a, b, bias, residual, gate].filter((input) => input !== null);
  const attributes: FusedAttributes = {
    bias: bias !== null,
    residual: residual !== null,
    gate: gate !== null,
    activation,
  };
  return trace(fusedMatmulOp, inputs, attributes) as Node;
}

/** What the inputs behind A and B are. */
export function sortInputs<T>(inputs: readonly T[], attributes: FusedAttributes) {
  const rest = inputs.slice(2);
  const next = (present: boolean): T | null => (present ? rest.shift()! : null);
  return {
    bias: next(attributes.bias),
    residual: next(attributes.residual),
    gate: next(attributes.gate),
  };
}

/** The activation an op record stands for, or null. */
export function activationOf(op: Op): Activation | null {
  const found = Object.entries(ACTIVATION_OPS).find(([, known]) => known === op);
  return found ? (found[0] as Activation) : null;
}

export function isGate(op: Op): boolean {
  return op === (gateOp as Op);
}
