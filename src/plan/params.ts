/** Packing a launch's numbers into its shader's `Params` uniform. */
import type { ParamsLayout } from '../gpu/shader';
import type { Dispatch } from './types';

/** Uniform bindings begin at multiples of this. */
export const UNIFORM_ALIGNMENT = 256;

/** Writes the params of a dispatch at `offset`; throws on a name the shader lacks or a value it was not given. */
export function packParams(view: DataView, offset: number, dispatch: Dispatch): void {
  const layout = dispatch.shader.params;
  if (!layout) return;
  for (const name of Object.keys(dispatch.params)) {
    if (!Object.hasOwn(layout.fields, name)) {
      throw new Error(`${dispatch.label}: ${dispatch.shader.name}.wgsl has no param '${name}'`);
    }
  }
  for (const [name, field] of Object.entries(layout.fields)) {
    const value = dispatch.params[name];
    const lanes = lanesOf(field.type);
    const values = typeof value === 'number' ? [value] : (value ?? []);
    if (values.length !== lanes || values.some((v) => !Number.isFinite(v))) {
      throw new Error(
        `${dispatch.label}: param '${name}' wants ${lanes} finite number(s), got ${String(value)}`,
      );
    }
    values.forEach((v, lane) => writeLane(view, offset + field.offset + 4 * lane, field.type, v));
  }
}

type FieldType = ParamsLayout['fields'][string]['type'];

function lanesOf(type: FieldType): number {
  return type === 'vec4u' || type === 'vec4f' ? 4 : type === 'vec2u' ? 2 : 1;
}

function writeLane(view: DataView, at: number, type: FieldType, value: number): void {
  if (type === 'f32' || type === 'vec4f') view.setFloat32(at, value, true);
  else if (type === 'i32') view.setInt32(at, value, true);
  else view.setUint32(at, value, true);
}
