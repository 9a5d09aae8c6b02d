import { describe, expect, it } from 'vitest';
import type { Shader } from '../../src/gpu/shader';
import { packParams } from '../../src/plan/params';
import type { Dispatch } from '../../src/plan/types';

const shader: Shader = {
  name: 'probe',
  code: '',
  bindings: [],
  overrides: {},
  workgroupSize: [1, 1, 1],
  params: {
    size: 48,
    fields: {
      count: { offset: 0, type: 'u32' },
      shift: { offset: 4, type: 'i32' },
      scale: { offset: 8, type: 'f32' },
      strides: { offset: 16, type: 'vec4u' },
      pair: { offset: 32, type: 'vec2u' },
    },
  },
};

const dispatch = (params: Dispatch['params']): Dispatch => ({
  label: 'probe',
  shader,
  bindings: {},
  params,
  overrides: {},
  groups: [1, 1, 1],
  flops: 0,
});

const good = { count: 7, shift: -2, scale: 0.5, strides: [1, 2, 3, 4], pair: [8, 9] };

describe('packParams', () => {
  it('writes each field where the shader reads it', () => {
    const view = new DataView(new ArrayBuffer(304));
    packParams(view, 256, dispatch(good));
    expect(view.getUint32(256, true)).toBe(7);
    expect(view.getInt32(260, true)).toBe(-2);
    expect(view.getFloat32(264, true)).toBe(0.5);
    expect([0, 1, 2, 3].map((k) => view.getUint32(272 + 4 * k, true))).toEqual([1, 2, 3, 4]);
    expect([0, 1].map((k) => view.getUint32(288 + 4 * k, true))).toEqual([8, 9]);
  });

  it.each([
    ['missing', { ...good, count: undefined as unknown as number }, /'count' wants 1/],
    ['not finite', { ...good, scale: NaN }, /'scale' wants 1/],
    ['of the wrong length', { ...good, strides: [1, 2, 3] }, /'strides' wants 4/],
    ['unknown', { ...good, colour: 1 }, /no param 'colour'/],
  ])('refuses a param that is %s', (_, params, message) => {
    expect(() => packParams(new DataView(new ArrayBuffer(48)), 0, dispatch(params))).toThrow(
      message,
    );
  });
});
