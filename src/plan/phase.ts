/** Putting a phase together: an ordered list of launches over blocks, checked as it grows. */
import { LimitExceeded } from '../gpu/errors';
import type { Traits } from '../gpu/open';
import type { Shader } from '../gpu/shader';
import type { Block, Dispatch, Element, Launch, Phase, PhaseBuilder } from './types';

let blocks = 0;

/** A new block. Memory comes later, when the plan is built. */
export function createBlock(
  label: string,
  elements: number,
  kind: Block['kind'],
  element: Element = 'f32',
): Block {
  return { id: blocks++, label, elements, element, kind };
}

export interface PhaseUnderway extends PhaseBuilder {
  finish(): Phase;
}

export function beginPhase(name: string, traits: Traits, replicas: number): PhaseUnderway {
  const dispatches: Dispatch[] = [];
  return {
    traits,
    replicas,
    transient: (label, elements, element = 'f32') =>
      createBlock(label, elements, 'transient', element),
    launch<S extends Shader>(shader: S, launch: Launch<S>) {
      const { groups } = launch;
      const dispatch: Dispatch = {
        label: launch.label ?? shader.name,
        shader,
        bindings: launch.bindings,
        params: launch.params,
        overrides: (launch.overrides ?? {}) as Readonly<Record<string, number>>,
        groups:
          typeof groups === 'number' ? foldGrid(groups, traits.maxWorkgroupsPerDimension) : groups,
        flops: launch.flops ?? 0,
      };
      checkDispatch(dispatch, traits);
      dispatches.push(dispatch);
    },
    finish: () => ({ name, dispatches }),
  };
}

/** Grid within limits, every binding given, nothing bound both for reading and for writing. */
function checkDispatch({ label, shader, bindings, groups }: Dispatch, traits: Traits): void {
  const limit = traits.maxWorkgroupsPerDimension;
  for (const count of groups) {
    if (!Number.isInteger(count) || count < 1 || count > limit) {
      throw new LimitExceeded({
        asked: `${label}: a grid of ${groups.join(' × ')} workgroups`,
        limit: `1 to ${limit} an axis`,
        remedy: 'Use fewer replicas, a smaller batch or a smaller network',
      });
    }
  }
  const access = new Map<Block, string>();
  for (const binding of shader.bindings) {
    const block = bindings[binding.name];
    if (!block)
      throw new Error(`${label}: no block for binding '${binding.name}' of ${shader.name}.wgsl`);
    const before = access.get(block);
    if (before && (before !== 'read' || binding.access !== 'read')) {
      throw new Error(
        `${label}: block '${block.label}' is bound twice and written; WebGPU forbids that`,
      );
    }
    access.set(block, binding.access);
  }
}

/** A one-dimensional grid of `groups` workgroups folded into x and y; the shader unfolds it with `num_workgroups`. */
export function foldGrid(groups: number, limit = 65_535): readonly [number, number, number] {
  if (groups <= limit) return [Math.max(1, groups), 1, 1];
  const y = Math.ceil(groups / limit);
  return [Math.ceil(groups / y), y, 1];
}
