import { describe, expect, it } from 'vitest';
import { BadCheckpoint } from '../../src/gpu/errors';
import type { ParameterLayout } from '../../src/graph/layout';
import type { Snapshot } from '../../src/graph/program';
import { readCheckpoint, writeCheckpoint } from '../../src/lab/checkpoint';
import { writeSafetensors } from '../../src/lab/safetensors';
import { readSafetensors } from '../../src/lab/safetensors-read';

const layout: ParameterLayout = {
  places: [
    { name: 'embed.weight', shape: [3, 2], init: { kind: 'zeros' }, offset: 0, size: 6 },
    { name: 'scale', shape: [], init: { kind: 'zeros' }, offset: 8, size: 1 },
  ],
  stride: 12,
  count: 7,
};
const meta = { engine: '0.1.0', config: { experiment: 'test', steps: 5 }, seed: 7 };
const state = ['exp_avg', 'exp_avg_sq'];

/** [R, P] with zeros where the layout pads, as the device keeps it. */
function filled(replicas: number, from: number): Float32Array {
  const all = new Float32Array(replicas * layout.stride);
  for (let r = 0; r < replicas; r++) {
    for (const { offset, size } of layout.places) {
      for (let k = 0; k < size; k++)
        all[r * layout.stride + offset + k] = from + 100 * r + offset + k;
    }
  }
  return all;
}

function snapshot(replicas: number): Snapshot {
  return {
    step: 1234,
    parameters: filled(replicas, 0.5),
    state: { exp_avg: filled(replicas, -3), exp_avg_sq: filled(replicas, 1e-9) },
  };
}

const write = (replicas: number): Uint8Array =>
  writeCheckpoint(snapshot(replicas), layout, replicas, meta);

describe('a checkpoint', () => {
  it('reads back what was written, for one replica and for several', () => {
    for (const replicas of [1, 3]) {
      const back = readCheckpoint(write(replicas), layout, replicas, state);
      expect(back).toEqual({ ...snapshot(replicas), config: meta.config });
    }
  });

  it('carries the scalars of an update, one a replica', () => {
    const scalars = { xi: Float32Array.of(0.5, NaN, 2) };
    const bytes = writeCheckpoint({ ...snapshot(3), scalars }, layout, 3, meta);
    expect(readSafetensors(bytes).tensors.get('optimizer.xi')!.shape).toEqual([3]);
    const read = { scalars: ['xi'], diverged: true };
    expect(readCheckpoint(bytes, layout, 3, state, read).scalars).toEqual(scalars);
    expect(() => readCheckpoint(bytes, layout, 3, state, { scalars: ['xi'] })).toThrow(
      "tensor 'optimizer.xi'",
    );
    expect(() => readCheckpoint(bytes, layout, 3, state)).toThrow("'optimizer.xi' among them");
    expect(() => readCheckpoint(write(3), layout, 3, state, read)).toThrow(BadCheckpoint);
  });

  it('has the names and shapes PyTorch expects, the replica axis first', () => {
    const one = readSafetensors(write(1));
    expect([...one.tensors.keys()].sort()).toEqual(
      ['', 'optimizer.exp_avg.', 'optimizer.exp_avg_sq.']
        .flatMap((prefix) => [`${prefix}embed.weight`, `${prefix}scale`])
        .sort(),
    );
    expect(one.tensors.get('embed.weight')).toMatchObject({ dtype: 'F32', shape: [3, 2] });
    expect(one.tensors.get('scale')!.shape).toEqual([]);
    expect(readSafetensors(write(3)).tensors.get('embed.weight')!.shape).toEqual([3, 3, 2]);
    expect(one.metadata.get('format')).toBe('pt');
    expect(one.metadata.get('step')).toBe('1234');
    expect(JSON.parse(one.metadata.get('rng')!)).toEqual({
      algorithm: 'philox4x32-10',
      seed: 7,
      step: 1234,
    });
  });

  const refuses = (bytes: Uint8Array, words: RegExp, replicas = 1): void => {
    const read = (): unknown => readCheckpoint(bytes, layout, replicas, state);
    expect(read).toThrow(BadCheckpoint);
    expect(read).toThrow(words);
  };

  /** A checkpoint of one replica with its tensors and metadata changed. */
  function changed(
    change: (parts: {
      tensors: Map<string, { dtype: 'F32'; shape: readonly number[]; data: Float32Array }>;
      metadata: Map<string, string>;
    }) => void,
  ): Uint8Array {
    const { tensors, metadata } = readSafetensors(write(1));
    change({ tensors: tensors as never, metadata });
    return writeSafetensors(tensors, Object.fromEntries(metadata));
  }

  it('is refused when cut short, at any length', () => {
    const bytes = write(1);
    for (let length = 0; length < bytes.length; length += 7)
      refuses(bytes.subarray(0, length), /./);
    refuses(bytes.subarray(0, bytes.length - 1), /./);
  });

  it('is refused when it is of another network or another number of replicas', () => {
    refuses(write(3), /'embed.weight': F32 \[3, 3, 2\]: this run needs F32 \[3, 2\]/);
    refuses(write(1), /this run needs F32 \[3, 3, 2\]/, 3);
    refuses(
      changed(({ tensors }) =>
        tensors.set('head.weight', { dtype: 'F32', shape: [1], data: new Float32Array(1) }),
      ),
      /7 tensors, 'head.weight' among them: this network and optimiser have 6/,
    );
    refuses(
      changed(({ tensors }) => tensors.delete('optimizer.exp_avg.scale')),
      /5 tensors/,
    );
    refuses(
      changed(({ tensors }) => {
        tensors.delete('scale');
        tensors.set('scales', { dtype: 'F32', shape: [], data: new Float32Array(1) });
      }),
      /'scale': missing/,
    );
  });

  it('is refused when a value is not finite', () => {
    refuses(
      changed(({ tensors }) => tensors.get('optimizer.exp_avg.embed.weight')!.data.fill(NaN, 2, 3)),
      /'optimizer.exp_avg.embed.weight': holds a value that is not finite/,
    );
  });

  it('is refused when its metadata is not ours', () => {
    refuses(
      changed(({ metadata }) => metadata.delete('schema')),
      /schema missing/,
    );
    refuses(
      changed(({ metadata }) => metadata.set('schema', '2')),
      /schema 2/,
    );
    for (const step of ['-1', '1.5', 'many', '4294967296']) {
      refuses(
        changed(({ metadata }) => metadata.set('step', step)),
        new RegExp(`step ${step}`),
      );
    }
    refuses(
      changed(({ metadata }) => metadata.set('config', '{')),
      /config: is not JSON/,
    );
  });
});
