/** Launches of the kernels that walk strided operands together (shaders/lib/index.wgsl): params and grids from a walk. */
import type { Shader } from '../gpu/shader';
import type { Operand, Shape } from '../graph/types';
import type { BindingsOf, OverridesOf, ParamsOf, PhaseBuilder } from '../plan/types';
import { planWalks, type Walk } from './walk';

const WORKGROUP = 64;

type Name<S extends Shader> = keyof BindingsOf<S> & string;

/** What a kernel is told of a walk over operands of these names. */
type WalkParams<N extends string> = Readonly<
  Record<'extents' | `${N}_strides` | `${N}_origin`, readonly number[]>
>;

export interface WalkJob<S extends Shader> {
  readonly label: string;
  readonly shape: Shape;
  readonly copies: number;
  /** By their bindings, the one written to first: all of the shape, strides 0 where broadcast. */
  readonly operands: Readonly<Record<Name<S>, Operand>>;
  /** What the kernel takes besides `units` and what is said of operands. */
  readonly params?: Omit<ParamsOf<S>, 'units' | keyof WalkParams<Name<S>>>;
  readonly overrides?: OverridesOf<S>;
}

/**
 * Launches `kernel`, or `vec4` for the walks by groups of four, where a kernel for those is given: its override X_SPLAT says that the
 * operand x is one element for all four.
 */
export function launchWalks<S extends Shader>(
  to: PhaseBuilder,
  job: WalkJob<S>,
  kernel: S,
  vec4?: Shader<Name<S>, keyof ParamsOf<S> & string>,
): void {
  const { label, shape, copies, params } = job;
  const operands: Readonly<Record<string, Operand>> = job.operands;
  const names = Object.keys(operands);
  const vector = vec4 !== undefined;
  for (const walk of planWalks(shape, copies, Object.values(operands), { vector })) {
    const launch = {
      label,
      bindings: Object.fromEntries(names.map((name) => [name, operands[name].block])),
      params: { ...walkParams(walk, names), units: walk.units, ...params },
      groups: Math.ceil(walk.units / WORKGROUP),
    };
    const overrides: Record<string, number> = { RANK: walk.rank, WORKGROUP, ...job.overrides };
    if (walk.vector) {
      names.forEach((name, k) => {
        if (k > 0) overrides[`${name.toUpperCase()}_SPLAT`] = Number(walk.operands[k].splat);
      });
    }
    to.launch<Shader>(walk.vector ? vec4! : kernel, { ...launch, overrides });
  }
}

/** `names` are those of the walk's operands, in their order. */
export function walkParams<N extends string>(walk: Walk, names: readonly N[]): WalkParams<N> {
  const { extents, operands } = walk;
  const own = names.flatMap((name, k) => [
    [`${name}_strides`, operands[k].strides],
    [`${name}_origin`, operands[k].origin],
  ]);
  return Object.fromEntries([['extents', extents], ...own]) as WalkParams<N>;
}
