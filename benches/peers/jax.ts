/** The step in jax-js: one `jit` around value, gradient and AdamW. */
import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from '@jax-js/jax';
import { adamW, shape, weightNames, weightShapes } from './problem';
import type { Forward, Problem, Trainer, WeightName } from './problem';

type Weights = Record<WeightName, np.Array>;
type State = { weights: Weights; first: Weights; second: Weights; step: np.Array };

const { context, width, heads, headWidth, vocabulary } = shape;

/** Logits [rows, 114] at the last position. Consumes its arguments, as everything in jax-js does. */
function predict(w: Weights, tokens: np.Array, forward: Forward): np.Array {
  const all = forward === 'all positions';
  const [batch] = tokens.shape;
  const rows = all ? batch * context : batch;
  const x = np.take(w.embed, tokens, 0).add(w.positions);
  const split = (y: np.Array): np.Array => y.reshape([batch, -1, heads, headWidth]);
  const flat = x.ref.reshape([batch * context, width]);
  const query = all ? flat.ref : x.ref.slice([], -1);
  const mixed = nn.dotProductAttention(
    split(np.matmul(query, w.query)),
    split(np.matmul(flat.ref, w.key)),
    split(np.matmul(flat, w.value)),
    { isCausal: all },
  );
  const residual = (all ? x : x.slice([], -1)).reshape([rows, width]);
  const attended = residual.add(np.matmul(mixed.reshape([rows, width]), w.output));
  const hidden = nn.relu(np.matmul(attended.ref, w.hiddenIn).add(w.hiddenInBias));
  const out = attended.add(np.matmul(hidden, w.hiddenOut).add(w.hiddenOutBias));
  const logits = np.matmul(out, w.unembed).reshape([batch, -1, vocabulary]);
  return logits.slice([], -1);
}

function createStep(forward: Forward, rows: number) {
  const loss = (w: Weights, tokens: np.Array, targets: np.Array): np.Array =>
    nn
      .logSoftmax(predict(w, tokens, forward))
      .mul(nn.oneHot(targets, vocabulary))
      .sum()
      .mul(-1 / rows);
  const { learningRate, beta1, beta2, epsilon, weightDecay } = adamW;
  return jit((state: State, tokens: np.Array, targets: np.Array): [np.Array, State] => {
    const step = state.step.add(1);
    const correction1 = np.subtract(1, np.power(beta1, step.ref));
    const correction2 = np.subtract(1, np.power(beta2, step.ref));
    const [value, gradient] = valueAndGrad(loss)(tree.ref(state.weights), tokens, targets);
    const next: State = {
      weights: {} as Weights,
      first: {} as Weights,
      second: {} as Weights,
      step,
    };
    for (const name of weightNames) {
      const g = gradient[name];
      const first = state.first[name].mul(beta1).add(g.ref.mul(1 - beta1));
      const second = state.second[name].mul(beta2).add(np.square(g).mul(1 - beta2));
      const scale = np.sqrt(second.ref.div(correction2.ref)).add(epsilon);
      const update = first.ref.div(correction1.ref).div(scale);
      const decayed = state.weights[name].mul(1 - learningRate * weightDecay);
      next.weights[name] = decayed.sub(update.mul(learningRate));
      next.first[name] = first;
      next.second[name] = second;
    }
    correction1.dispose();
    correction2.dispose();
    return [value, next];
  });
}

/** `webgpu` is the rival; `wasm`, its CPU backend, is what to beat where there is no GPU. */
export type JaxDevice = 'webgpu' | 'wasm';

export async function createJaxTrainer(
  problem: Problem,
  forward: Forward,
  device: JaxDevice = 'webgpu',
): Promise<Trainer> {
  const found = await init(device);
  if (!found.includes(device)) throw new Error(`jax-js found no ${device} backend`);
  // Global in jax-js, so each trainer sets it again before it works.
  defaultDevice(device);
  const build = (values: (name: WeightName) => np.Array): Weights =>
    Object.fromEntries(weightNames.map((name) => [name, values(name)])) as Weights;
  const sizes = (name: WeightName): number[] => [...weightShapes[name]];
  const rows = problem.targets.length;
  const tokens = np.array(problem.tokens).reshape([rows, context]);
  const targets = np.array(problem.targets);
  const step = createStep(forward, rows);
  let state: State = {
    weights: build((name) => np.array(problem.weights[name]).reshape(sizes(name))),
    first: build((name) => np.zeros(sizes(name))),
    second: build((name) => np.zeros(sizes(name))),
    step: np.array(0),
  };
  return {
    async train(n) {
      defaultDevice(device);
      let loss: np.Array | null = null;
      for (let i = 0; i < n; i++) {
        loss?.dispose();
        [loss, state] = step(state, tokens.ref, targets.ref);
      }
      await blockUntilReady(state);
      const [value] = await loss!.data();
      return value!;
    },
    dispose() {
      tree.dispose([state, tokens, targets]);
      step.dispose();
    },
  };
}
