/** The same product in jax-js and TensorFlow.js, on WebGPU; loaded on request only. */
import { compareOutputs } from '../task';
import type { Task } from '../task';
import type { Contender } from '../types';

interface Extents {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

const KEPT = 32;

/** Products of two dense matrices, one replica. */
export function matmulPeers(task: Task, size: Extents): Contender[] {
  return [
    { name: 'jax-js, jit', prepare: () => prepareJax(task, size) },
    { name: 'tfjs', prepare: () => prepareTfjs(task, size) },
  ];
}

async function prepareJax(task: Task, { m, k, n }: Extents) {
  const { blockUntilReady, defaultDevice, init, jit, numpy: np } = await import('@jax-js/jax');
  if (!(await init('webgpu')).includes('webgpu')) throw new Error('jax-js found no WebGPU backend');
  const use = (): void => void defaultDevice('webgpu');
  use();
  const a = np.array(task.values['a'] as Float32Array).reshape([m, k]);
  const b = np.array(task.values['b'] as Float32Array).reshape([k, n]);
  const product = jit((x: typeof a, y: typeof b) => np.matmul(x, y));
  const { flops, bytes } = task;
  return {
    flops,
    bytes,
    async check() {
      use();
      compareOutputs(task, { output: (await product(a.ref, b.ref).data()) as Float32Array });
    },
    async run(count: number) {
      use();
      // A result that is thrown away before it was needed is never computed, so some are kept and waited for together.
      for (let left = count; left > 0; left -= KEPT) {
        const results = Array.from({ length: Math.min(KEPT, left) }, () => product(a.ref, b.ref));
        await blockUntilReady(results);
        for (const result of results) result.dispose();
      }
    },
    dispose() {
      a.dispose();
      b.dispose();
      product.dispose();
    },
  };
}

async function prepareTfjs(task: Task, { m, k, n }: Extents) {
  const tf = await import('@tensorflow/tfjs-core');
  await import('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js found no WebGPU backend');
  await tf.ready();
  const a = tf.tensor2d(task.values['a'] as Float32Array, [m, k]);
  const b = tf.tensor2d(task.values['b'] as Float32Array, [k, n]);
  const { flops, bytes } = task;
  return {
    flops,
    bytes,
    async check() {
      const c = tf.matMul(a, b);
      compareOutputs(task, { output: (await c.data()) as Float32Array });
      c.dispose();
    },
    async run(count: number) {
      let last: ReturnType<typeof tf.matMul> | null = null;
      for (let i = 0; i < count; i++) {
        last?.dispose();
        last = tf.matMul(a, b);
      }
      // The queue is in order: once one number of the last product can be read, all of them are done.
      const corner = tf.tidy(() => tf.slice(last!, [0, 0], [1, 1]));
      await corner.data();
      tf.dispose([corner, last!]);
    },
    dispose: () => tf.dispose([a, b]),
  };
}
