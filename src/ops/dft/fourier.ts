/** Fast real orthonormal Fourier transform of the last axis, whose length is a power of two from 256 on. */
import passShader from '../../../shaders/dft/pass.wgsl';
import repackShader from '../../../shaders/dft/repack.wgsl';
import workgroupShader from '../../../shaders/dft/workgroup.wgsl';
import { ShapeMismatch } from '../../gpu/errors';
import { trace } from '../../graph/node';
import { formatShape, sizeOf } from '../../graph/shape';
import type { Lowering, Node, Op, Operand } from '../../graph/types';
import { table } from '../table';
import { rootsOfUnity } from './basis';

/** Below this length the product with the basis is faster than a pass per factor of four. */
const SHORTEST = 256;
/** Rows of this length fit workgroup memory: two halves of complex numbers, 16 KiB. */
const LONGEST_ON_CHIP = 2048;
const WORKGROUP = 64;
const WORKGROUP_PER_ROW = 128;

export function isFast(n: number): boolean {
  return n >= SHORTEST && Number.isInteger(Math.log2(n));
}

export interface FourierAttributes {
  readonly inverse: boolean;
}

export const fourierOp: Op<FourierAttributes> = {
  name: 'fourier',
  infer: ([x]) => {
    if (x.dtype !== 'f32' || x.shape.length === 0 || !isFast(x.shape.at(-1)!)) {
      throw new ShapeMismatch(
        `fourier: ${x.dtype} ${formatShape(x.shape)}; the last axis must be f32 and a power of two from ${SHORTEST} on`,
      );
    }
    return { shape: x.shape, dtype: 'f32' };
  },
  // The basis is orthonormal: its transpose is its inverse.
  adjoint: (node, gradient) => [fourier(gradient, !node.attributes.inverse), null],
  lower: (node, to) => {
    const copies = to.copies(node as Node);
    const x = to.dense(node.inputs[0]);
    const roots = to.dense(node.inputs[1]);
    const result = to.result(node as Node);
    const n = node.shape.at(-1)!;
    const rows = sizeOf(node.shape) / n;
    const gap = (lies: Operand) => lies.replicaStride - rows * n;
    const even = copies === 1 || (gap(x) === 0 && gap(result) === 0);
    // Where replicas do not follow each other without a gap, each is transformed on its own.
    for (let r = 0; r < (even ? 1 : copies); r++) {
      const at = (lies: Operand): Place => ({
        block: lies.block,
        offset: lies.offset + r * lies.replicaStride,
      });
      const job = { n, rows: even ? rows * copies : rows, inverse: node.attributes.inverse, roots };
      transformRows(to, job, at(x), at(result));
    }
  },
};

/** Coefficients in the real orthonormal basis along the last axis, or the tensor from its coefficients. */
export function fourier(x: Node, inverse: boolean): Node {
  const n = x.shape.at(-1)!;
  const roots = table(x.graph, `roots of unity ${n}`, [n, 2], () => rootsOfUnity(n));
  return trace(fourierOp, [x, roots], { inverse }) as Node;
}

interface Job {
  readonly n: number;
  readonly rows: number;
  readonly inverse: boolean;
  readonly roots: Operand;
}

type Place = Pick<Operand, 'block' | 'offset'>;

/** Dense rows to dense rows. */
function transformRows(to: Lowering, job: Job, x: Place, result: Place): void {
  const { n, rows } = job;
  if (to.traits.barriers && n <= LONGEST_ON_CHIP) {
    to.launch(workgroupShader, {
      ...repacking(job, x, result),
      label: `fourier ${n}`,
      overrides: { INVERSE: Number(job.inverse), WORKGROUP: WORKGROUP_PER_ROW },
      groups: rows,
    });
    return;
  }
  const room = (): Place => ({ block: to.transient(`fourier ${n}`, rows * n), offset: 0 });
  const repack = (from: Place, into: Place): void => {
    to.launch(repackShader, {
      ...repacking(job, from, into),
      label: `fourier ${n} repack`,
      overrides: { INVERSE: Number(job.inverse), WORKGROUP },
      groups: Math.ceil((rows * n) / 2 / WORKGROUP),
    });
  };
  if (job.inverse) {
    const spectrum = room();
    repack(x, spectrum);
    passes(to, job, spectrum, result);
  } else {
    const spectrum = room();
    passes(to, job, x, spectrum);
    repack(spectrum, result);
  }
}

/** The complex transform of n/2 numbers a row, radix 4 with one pass of radix 2 where needed. */
function passes(to: Lowering, { n, rows, inverse, roots }: Job, from: Place, into: Place): void {
  const h = n / 2;
  let source = from;
  for (let span = 1; span < h;) {
    const radix = h / span >= 4 ? 4 : 2;
    const last = span * radix === h;
    const target = last
      ? into
      : { block: to.transient(`fourier ${n} span ${span * radix}`, rows * n), offset: 0 };
    to.launch(passShader, {
      label: `fourier ${n} span ${span}`,
      bindings: { source: source.block, roots: roots.block, result: target.block },
      params: {
        size: [h, rows, span, 0],
        offset: [source.offset, target.offset, roots.offset, 0],
        stride: [n, n, 0, 0],
        direction: inverse ? -1 : 1,
      },
      overrides: { RADIX: radix, WORKGROUP },
      groups: Math.ceil((rows * h) / radix / WORKGROUP),
      flops: rows * h * (radix === 4 ? 8.5 : 5),
    });
    source = target;
    span *= radix;
  }
}

/** Bindings, parameters and scale of what turns half-length spectra into coefficients or back. */
function repacking({ n, rows, inverse, roots }: Job, from: Place, into: Place) {
  // Forward y_0 = X_0/√n and y = √(2/n)·X. Back X_0 = √n·y_0, X = √(n/2)·y, over the length n/2 of the inverse.
  const ends = (inverse ? 2 : 1) / Math.sqrt(n);
  const inner = Math.sqrt(2 / n);
  return {
    bindings: { source: from.block, roots: roots.block, result: into.block },
    params: {
      size: [n / 2, rows, 0, 0],
      offset: [from.offset, into.offset, roots.offset, 0],
      stride: [n, n, 0, 0],
      scale: [ends, inner, 0, 0],
    },
  };
}
