/** The fused updates of optimisers over flat buffers of a million parameters and more: memory is what bounds them. */
import type { Update } from '../src/graph/update';
import { adamw } from '../src/optim/adamw';
import { sgd } from '../src/optim/sgd';
import type { Bench, Weight } from './types';
import {
  createUpdateTask,
  plainUpdateContender,
  referenceContender,
  updateContender,
} from './update';

const ADAMW = { lr: 1e-3, beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 1 } as const;
const SGD = { lr: 1e-2, momentum: 0.9, weightDecay: 1e-2 } as const;

type Plain = Parameters<typeof plainUpdateContender>[1];

interface Kind {
  readonly update: () => Update;
  readonly plain: Plain;
}

const kinds: Readonly<Record<string, Kind>> = {
  adamw: { update: () => adamw(ADAMW), plain: adamwLoop },
  'sgd-momentum': { update: () => sgd(SGD), plain: momentumLoop },
  sgd: { update: () => sgd({ lr: SGD.lr }), plain: descentLoop },
};

/** The larger one does not fit the caches of a card. */
const sizes: readonly (readonly [size: number, weight: Weight])[] = [
  [2 ** 20, 'usual'],
  [2 ** 25, 'heavy'],
];

export const benches: readonly Bench[] = sizes.flatMap(([size, weight]) =>
  Object.entries(kinds).map(([name, { update, plain }]): Bench => {
    const light = weight === 'usual' && name === 'adamw';
    return {
      name: `optimizer/${name}${weight === 'heavy' ? '/32M' : ''}`,
      title: `one update of ${size.toLocaleString('en')} parameters by ${name}`,
      unit: 'updates',
      weight: light ? 'light' : weight,
      contenders: async ({ gpu }) => {
        const task = createUpdateTask(update(), size);
        return [
          updateContender(gpu, task),
          plainUpdateContender(task, plain),
          referenceContender(task),
        ];
      },
    };
  }),
);

function adamwLoop(parameters: Float32Array, gradients: Float32Array): (step: number) => void {
  const { lr, beta1, beta2, epsilon, weightDecay } = ADAMW;
  const first = new Float32Array(parameters.length);
  const second = new Float32Array(parameters.length);
  return (step) => {
    const correction1 = lr / (1 - beta1 ** (step + 1));
    const correction2 = 1 / Math.sqrt(1 - beta2 ** (step + 1));
    const kept = 1 - lr * weightDecay;
    for (let i = 0; i < parameters.length; i++) {
      const g = gradients[i];
      const m = beta1 * first[i] + (1 - beta1) * g;
      const v = beta2 * second[i] + (1 - beta2) * g * g;
      first[i] = m;
      second[i] = v;
      const step = (m * correction1) / (Math.sqrt(v) * correction2 + epsilon);
      parameters[i] = parameters[i] * kept - step;
    }
  };
}

/** As torch.optim.SGD: the decay goes into the gradient, and the first momentum is the gradient itself. */
function momentumLoop(parameters: Float32Array, gradients: Float32Array): () => void {
  const { lr, momentum, weightDecay } = SGD;
  const velocity = new Float32Array(parameters.length);
  return () => {
    for (let i = 0; i < parameters.length; i++) {
      const v = momentum * velocity[i] + gradients[i] + weightDecay * parameters[i];
      velocity[i] = v;
      parameters[i] -= lr * v;
    }
  };
}

function descentLoop(parameters: Float32Array, gradients: Float32Array): () => void {
  return () => {
    for (let i = 0; i < parameters.length; i++) parameters[i] -= SGD.lr * gradients[i];
  };
}
