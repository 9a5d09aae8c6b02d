/** The grid of kernels that pass once over a flat [R, P] buffer: x over vec4s of a replica, y and z over replicas. */
import type { PhaseBuilder } from '../plan/types';

export interface FlatGrid {
  readonly groups: readonly [number, number, number];
  readonly overrides: { readonly WIDTH: number; readonly HEIGHT: number };
}

const INVOCATIONS = 64;
/** On a software adapter an invocation takes several vec4s, to pay once for reading its replica's scalars. */
const SOFTWARE_VECTORS = 8;

/** `vectors` is P / 4. Invocations stride over x, so no P is too large; few parameters share a workgroup among replicas. */
export function flatGrid(vectors: number, to: PhaseBuilder): FlatGrid {
  const most = to.traits.maxWorkgroupsPerDimension;
  const wanted = to.traits.barriers ? vectors : Math.ceil(vectors / SOFTWARE_VECTORS);
  let width = 1;
  while (width < INVOCATIONS && width < wanted) width *= 2;
  const height = INVOCATIONS / width;
  const rows = Math.ceil(to.replicas / height);
  const y = Math.min(rows, most);
  return {
    groups: [Math.min(Math.ceil(wanted / width), most), y, Math.ceil(rows / y)],
    overrides: { WIDTH: width, HEIGHT: height },
  };
}
