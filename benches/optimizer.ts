/** The fused updates of optimisers over flat buffers of a million parameters and more: memory is what bounds them. */
import type { Update } from '../src/graph/update';
import { adamw } from '../src/optim/adamw';
import { sgd } from '../src/optim/sgd';
import { ADAMW } from './mlp-problem';
import { planAdamW } from './plain-step';
import type { Bench, Weight } from './types';
import {
  createUpdateTask,
  plainUpdateContender,
  referenceContender,
  updateContender,
} from './update';

const SGD = { lr: 1e-2, momentum: 0.9, weightDecay: 1e-2 } as const;

type Plain = Parameters<typeof plainUpdateContender>[1];

interface Kind {
  readonly update: () => Update;
  readonly plain: Plain;
}

const kinds: Readonly<Record<string, Kind>> = {
  adamw: {
    update: () => adamw(ADAMW),
    plain: (parameters, gradients) => planAdamW(parameters, gradients, ADAMW),
  },
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
