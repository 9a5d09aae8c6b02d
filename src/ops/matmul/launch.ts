/** Lowering of products with their epilogue: picks kernels, fills in parameters, adds the second pass where K is split. */
import reduceShader from '../../../shaders/matmul/reduce.wgsl';
import type { Operand } from '../../graph/types';
import type { PhaseBuilder } from '../../plan/types';
import { upToFour } from '../rows';
import { fours } from '../walk';
import { chooseByRule, chooseProduct, type Choice, type Layout, type Product } from './choose';
import { NO_PARTS, partsOf, PLAIN, type Epilogue, type Parts } from './epilogue';
import { KERNELS, kernelOf, type ProductKernels } from './kernels';
import { planProducts, type Matrices, type Products } from './shape';

const REDUCE_WORKGROUP = 64;

/** Emits the product of `a` and `b` (batches broadcasting to the shape of `c`) into the dense rows of `c`. */
export function launchProduct(
  to: PhaseBuilder,
  label: string,
  a: Operand,
  b: Operand,
  c: Operand,
  copies: number,
  epilogue: Epilogue = PLAIN,
  kernels: ProductKernels = KERNELS,
): void {
  const { bias, residual, gate } = epilogue;
  for (const products of planProducts(a, b, [c, bias, residual, gate], copies)) {
    const { m, n, outer } = products;
    const count = outer[0] * outer[1] * outer[2];
    const product = describeProduct(products);
    // What was measured holds for the usual kernels, and only they come for quads.
    const usual = kernels === KERNELS && fitsQuads(products);
    const choice = usual
      ? chooseProduct(product, to.traits)
      : chooseByRule(product, { ...to.traits, subgroup: undefined });
    const parts = partsOf(epilogue);
    if (choice.splits === 1) {
      launchTiles(to, label, products, choice, parts, kernels);
    } else {
      const whole = products.outputs[0]!;
      const plane = count * m * n;
      const block = to.transient(`${label} partial products`, plane * choice.splits);
      const inner = outer[2] * m * n;
      const partial: Matrices = {
        block,
        offset: 0,
        row: n,
        column: 1,
        outer: [outer[1] * inner, inner, m * n],
      };
      const first = { ...products, outputs: [partial, null, null, null] };
      launchTiles(to, label, first, choice, NO_PARTS, kernels);
      launchReduction(to, label, { ...products, a: partial }, whole, choice.splits, parts);
    }
  }
}

function launchTiles(
  to: PhaseBuilder,
  label: string,
  products: Products,
  choice: Choice,
  { parts, overrides }: Parts,
  kernels: ProductKernels,
): void {
  const { m, n, k, outer } = products;
  const count = outer[0] * outer[1] * outer[2];
  const across = Math.ceil(n / choice.tileN);
  const down = Math.ceil(m / choice.tileM);
  const tiles = across * down * choice.splits * count;
  const kernel = kernelOf(choice, describeProduct(products), kernels);
  const operands = choice.body === 'quads' ? besideOf(products) : products;
  to.launch(kernel.shader, {
    label: `${label} ${m}×${k}×${n}${count > 1 ? ` ×${count}` : ''}`,
    bindings: bindingsOf(operands),
    params: {
      ...outputParams(operands),
      size: [m, n, k, choice.chunk],
      grid: [across, down, choice.splits, tiles],
      outer: [...outer, count * m * n],
      a: quad(products.a),
      b: quad(products.b),
      ab_outer: [...products.a.outer.slice(1), ...products.b.outer.slice(1)],
      parts,
      columns: columnsOf(products),
    },
    overrides: { ...overrides, ...kernel.overrides },
    groups: Math.ceil(tiles / kernel.tiles),
    flops: 2 * m * n * k * count,
  });
}

/** Quads add a bias of columns, and take one operand beside the product. */
function fitsQuads({ outputs: [, bias, residual, gate] }: Products): boolean {
  return !(residual && gate) && !bias?.row;
}

/** The gate in the place of the residual, where quads look for either. */
function besideOf(products: Products): Products {
  const [c, bias, residual, gate] = products.outputs;
  return { ...products, outputs: [c, bias, residual ?? gate, null] };
}

/** Adds the partial products, which lie as `products.a`, and finishes the result. */
function launchReduction(
  to: PhaseBuilder,
  label: string,
  products: Products,
  c: Matrices,
  splits: number,
  { parts, overrides }: Parts,
): void {
  const { m, n, outer } = products;
  const rows = outer[0] * outer[1] * outer[2] * m;
  const { bias, residual, gate } = bindingsOf(products);
  to.launch(reduceShader, {
    label: `${label} sum of ${splits}`,
    bindings: { a: products.a.block, c: c.block, bias, residual, gate },
    params: {
      ...outputParams(products),
      size: [m, n, 0, 0],
      grid: [0, 0, splits, rows],
      outer: [...outer, rows * n],
      a: [0, 0, 0, 0],
      b: [0, 0, 0, 0],
      ab_outer: [0, 0, 0, 0],
      parts,
      columns: columnsOf(products),
    },
    overrides: { ...overrides, WORKGROUP: REDUCE_WORKGROUP },
    groups: Math.ceil((rows * Math.ceil(n / 4)) / REDUCE_WORKGROUP),
    flops: rows * n * splits,
  });
}

/** Blocks by binding; what the epilogue does not use is bound to A, which is only read. */
function bindingsOf({ a, b, outputs: [c, bias, residual, gate] }: Products) {
  return {
    a: a.block,
    b: b.block,
    c: c!.block,
    bias: (bias ?? a).block,
    residual: (residual ?? a).block,
    gate: (gate ?? a).block,
  };
}

/** Partial products have no room behind their rows. */
function columnsOf({ n, outputs: [c] }: Products): number {
  return c!.padded ? upToFour(n) : n;
}

function outputParams({ outputs: [c, bias, residual, gate] }: Products) {
  const strides = (matrices: Matrices | null | undefined) => matrices?.outer.slice(1) ?? [0, 0];
  return {
    c: quad(c),
    bias: quad(bias),
    residual: quad(residual),
    gate: quad(gate),
    c_bias_outer: [...strides(c), ...strides(bias)],
    residual_gate_outer: [...strides(residual), ...strides(gate)],
  };
}

function quad(matrices: Matrices | null | undefined): number[] {
  if (!matrices) return [0, 0, 0, 0];
  const { offset, row, column, outer } = matrices;
  return [offset, row, column, outer[0]];
}

function describeProduct(products: Products): Product {
  const { m, n, k, outer, a, b } = products;
  const count = outer[0] * outer[1] * outer[2];
  return { m, n, k, count, layout: layoutOf(products), alongK: [a.column === 1, b.column !== 1] };
}

/** The kernel whose vec4 loads the operands allow. */
function layoutOf({ m, n, k, a, b, outputs: [c] }: Products): Layout {
  const stores = fours([c!.padded ? upToFour(n) : n, c!.offset, c!.row, ...c!.outer]);
  const [aRows, aColumns] = [vectors(a, a.column, a.row, k), vectors(a, a.row, a.column, m)];
  const [bRows, bColumns] = [vectors(b, b.column, b.row, n), vectors(b, b.row, b.column, k)];
  if (!stores) return 'any';
  if (aRows && bRows) return 'rows-rows';
  if (aColumns && bRows) return 'columns-rows';
  if (aRows && bColumns) return 'rows-columns';
  return 'any';
}

/** Contiguous along an axis of this extent, or padded to the next multiple of 4, and every other step a multiple of four. */
function vectors(
  { offset, outer, padded }: Matrices,
  along: number,
  across: number,
  extent: number,
): boolean {
  return along === 1 && fours([padded ? upToFour(extent) : extent, offset, across, ...outer]);
}
