/** The step in TensorFlow.js: `variableGrads` and its Adam on the WebGPU backend, with the decay decoupled by hand. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-webgpu';
import { adamW, shape, weightNames, weightShapes } from './problem';
import type { Forward, Problem, Trainer, WeightName } from './problem';

type Weights = Record<WeightName, tf.Variable>;

const { context, width, heads, headWidth, vocabulary } = shape;
const NEGATIVE = -1e10;

/** Logits [rows, 114] at the last position. */
function predict(w: Weights, tokens: tf.Tensor2D, mask: tf.Tensor, forward: Forward): tf.Tensor2D {
  const all = forward === 'all positions';
  const [batch] = tokens.shape;
  const rows = all ? batch * context : batch;
  const last = (y: tf.Tensor, n: number): tf.Tensor2D =>
    tf.reshape(tf.slice(y, [0, context - 1, 0], [batch, 1, n]), [batch, n]);
  const x = tf.add(tf.gather(w.embed, tokens), w.positions);
  const flat = tf.reshape(x, [batch * context, width]);
  const residual = all ? flat : last(x, width);
  const split = (y: tf.Tensor): tf.Tensor =>
    tf.transpose(tf.reshape(y, [batch, -1, heads, headWidth]), [0, 2, 1, 3]);
  const query = split(tf.matMul(residual, w.query as tf.Tensor));
  const key = split(tf.matMul(flat, w.key as tf.Tensor));
  const value = split(tf.matMul(flat, w.value as tf.Tensor));
  const scores = tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(headWidth));
  const pattern = tf.softmax(all ? tf.add(scores, mask) : scores);
  const mixed = tf.transpose(tf.matMul(pattern, value), [0, 2, 1, 3]);
  const heard = tf.matMul(tf.reshape(mixed, [rows, width]), w.output as tf.Tensor);
  const attended = tf.add(residual, heard);
  const hidden = tf.relu(tf.add(tf.matMul(attended, w.hiddenIn as tf.Tensor), w.hiddenInBias));
  const written = tf.add(tf.matMul(hidden, w.hiddenOut as tf.Tensor), w.hiddenOutBias);
  const logits = tf.matMul(tf.add(attended, written), w.unembed as tf.Tensor);
  return all
    ? last(tf.reshape(logits, [batch, context, vocabulary]), vocabulary)
    : (logits as tf.Tensor2D);
}

export async function createTfjsTrainer(problem: Problem, forward: Forward): Promise<Trainer> {
  if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js found no WebGPU backend');
  await tf.ready();
  const entry = (name: WeightName): [WeightName, tf.Variable] => [
    name,
    tf.tidy(() => tf.variable(tf.tensor(problem.weights[name], [...weightShapes[name]]))),
  ];
  const weights = Object.fromEntries(weightNames.map(entry)) as Weights;
  const variables = Object.values(weights);
  const tokens = tf.tensor2d(problem.tokens, [problem.targets.length, context], 'int32');
  const labels = tf.tidy(() =>
    tf.cast(tf.oneHot(tf.tensor1d(problem.targets, 'int32'), vocabulary), 'float32'),
  );
  const mask = tf.tensor2d(
    Array.from({ length: context }, (_, i) =>
      Array.from({ length: context }, (_, j) => (j > i ? NEGATIVE : 0)),
    ),
  );
  const { learningRate, beta1, beta2, epsilon, weightDecay } = adamW;
  const adam = tf.train.adam(learningRate, beta1, beta2, epsilon);
  const loss = (): tf.Scalar =>
    tf.losses.softmaxCrossEntropy(labels, predict(weights, tokens, mask, forward)) as tf.Scalar;

  const step = (): tf.Scalar =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, variables);
      for (const w of variables) w.assign(tf.mul(w, 1 - learningRate * weightDecay));
      adam.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
      return value;
    });

  return {
    async train(n) {
      let last: tf.Scalar | null = null;
      for (let i = 0; i < n; i++) {
        last?.dispose();
        last = step();
      }
      // The queue is in order: once what the last update wrote can be read, all of it is done.
      await tf.tidy(() => tf.sum(weights.hiddenOutBias)).data();
      const [value] = await last!.data();
      last!.dispose();
      return value!;
    },
    dispose() {
      adam.dispose();
      tf.dispose([...variables, tokens, labels, mask]);
    },
  };
}
