/** The kernels for products, and with which overrides a choice among them runs. */
import quads from '../../../shaders/matmul/quads.wgsl';
import registersAny from '../../../shaders/matmul/registers-any-any.wgsl';
import registersColumnsRows from '../../../shaders/matmul/registers-columns-rows.wgsl';
import registersRowsColumns from '../../../shaders/matmul/registers-rows-columns.wgsl';
import registersRowsRows from '../../../shaders/matmul/registers-rows-rows.wgsl';
import tiledAny from '../../../shaders/matmul/tiled-any-any.wgsl';
import tiledColumnsRows from '../../../shaders/matmul/tiled-columns-rows.wgsl';
import tiledRowsColumns from '../../../shaders/matmul/tiled-rows-columns.wgsl';
import tiledRowsRows from '../../../shaders/matmul/tiled-rows-rows.wgsl';
import type { Choice, Layout, Product, ProductShader } from './choose';

export type ProductKernels = Readonly<
  Record<'registers' | 'tiled', Readonly<Record<Layout, ProductShader>>>
>;

/** By body and layout. */
export const KERNELS: ProductKernels = {
  registers: {
    'rows-rows': registersRowsRows,
    'columns-rows': registersColumnsRows,
    'rows-columns': registersRowsColumns,
    any: registersAny,
  },
  tiled: {
    'rows-rows': tiledRowsRows,
    'columns-rows': tiledColumnsRows,
    'rows-columns': tiledRowsColumns,
    any: tiledAny,
  },
};

export interface Kernel {
  readonly shader: ProductShader;
  readonly overrides: Readonly<Record<string, number>>;
  /** Tiles that a workgroup computes. */
  readonly tiles: number;
}

/** The kernel of a choice for operands that lie so. */
export function kernelOf(
  { body, tileM, tileN, workgroup, ahead, own }: Choice,
  { layout, alongK }: Pick<Product, 'layout' | 'alongK'>,
  kernels: ProductKernels = KERNELS,
): Kernel {
  if (own) return { shader: own.kernels[layout], overrides: own.overrides, tiles: 1 };
  if (body === 'quads') return { shader: quads, overrides: { STRIPS: tileM / 16 }, tiles: 1 };
  if (body === 'tiled') {
    const [A_ALONG_K, B_ALONG_K] = alongK.map(Number);
    const SIDE = Math.sqrt(workgroup);
    const tile = { SIDE, BLOCKS: tileM / 4 / SIDE, AHEAD: Number(ahead) };
    const overrides = { ...tile, A_ALONG_K, B_ALONG_K };
    return { shader: kernels.tiled[layout], overrides, tiles: 1 };
  }
  return {
    shader: kernels.registers[layout],
    overrides: { ROWS: tileM / 4, COLUMNS: tileN / 4, WORKGROUP: workgroup },
    tiles: workgroup,
  };
}
