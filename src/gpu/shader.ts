/**
 * What the build turns a `.wgsl` file into (scripts/wgsl-plugin.ts, from wgsl_reflect): the text and
 * everything a wrapper may ask of it. The type parameters are literal unions per file, so that a binding or a
 * parameter that the shader does not have is a type error at the call.
 *
 * Conventions for every kernel: one entry point `main`; group 0 only; binding 0, if there is one, is
 * `var<uniform> params: Params`; bindings 1…8 are storage buffers.
 */
export interface Shader<
  Binding extends string = string,
  Param extends string = string,
  Override extends string = string,
> {
  /** File name under shaders/ without `.wgsl`, for example `matmul` or `optim/adamw`. */
  readonly name: string;
  /** WGSL with includes resolved; pages fetch it, see `textOf`. */
  readonly code: string | (() => Promise<string>);
  /** Storage buffers in order of binding; `access` as declared in the shader. */
  readonly bindings: readonly ShaderBinding<Binding>[];
  /** Layout of the `Params` uniform, or null when the kernel takes none. */
  readonly params: ParamsLayout<Param> | null;
  readonly overrides: Readonly<Record<Override, OverrideInfo>>;
  /** Per axis a number, or the name of the override that sets it. */
  readonly workgroupSize: readonly [number | string, number | string, number | string];
}

export interface ShaderBinding<Name extends string = string> {
  readonly name: Name;
  readonly binding: number;
  readonly access: 'read' | 'read_write';
  /** WGSL element type of the runtime array, for example `f32`, `u32`, `vec4<f32>`. */
  readonly element: string;
}

export interface ParamsLayout<Name extends string = string> {
  /** Bytes, a multiple of 16. */
  readonly size: number;
  readonly fields: Readonly<Record<Name, ParamField>>;
}

export interface ParamField {
  readonly offset: number;
  readonly type: 'u32' | 'i32' | 'f32' | 'vec2u' | 'vec4u' | 'vec4f';
}

export interface OverrideInfo {
  readonly type: 'u32' | 'i32' | 'f32' | 'bool';
  /** Default value; absent when the caller must give one. Booleans are 0 or 1. */
  readonly default?: number;
}

/** The kernel's WGSL. Rejects where it has to be fetched and cannot be. */
export async function textOf({ code }: Shader): Promise<string> {
  return typeof code === 'string' ? code : code();
}
