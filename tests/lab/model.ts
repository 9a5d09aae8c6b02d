/** A model for tests of the lab: a small ReLU classifier as an experiment would build it, without data sets or schema. */
import type { TrainingModel } from '../../src/lab/experiments/types';
import { adamw } from '../../src/optim/adamw';
import { classifier } from '../programs/models';

export interface TestModelOptions {
  readonly replicas?: number;
  readonly steps?: number;
  readonly evaluateEvery?: number;
  readonly lr?: number | readonly number[];
}

/** Trains 5 → 16 → 3 on 24 points; replica r has seed r. It is at 99 % within 200 steps at the rate given here. */
export function testModel(options: TestModelOptions = {}): TrainingModel {
  const { replicas = 1, steps = 100, evaluateEvery = 10, lr = 1e-2 } = options;
  const { keys, data, training, evaluations } = classifier({ replicas, update: adamw({ lr }) });
  const { loss, metrics, update } = training!;
  return {
    experiment: 'test',
    config: { schema: 1, experiment: 'test', replicas, steps },
    seed: 0,
    replicas,
    steps,
    evaluateEvery,
    keys,
    data,
    loss,
    metrics: { train_loss: loss, train_accuracy: metrics['accuracy'] },
    evaluation: { train_loss: loss, train_accuracy: metrics['accuracy'] },
    views: { logits: evaluations!['all']['logits'] },
    update,
    milestones: [
      { name: 'half', metric: 'train_accuracy', atLeast: 0.5 },
      { name: 'memorised', metric: 'train_accuracy', atLeast: 0.99 },
    ],
    summarize: ({ step, events }) => ({ steps: step, events: events.length }),
  };
}
