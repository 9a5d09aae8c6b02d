// The snippet of README.md, word for word but for where it imports from (readme.node.test.ts holds both together).
import { adamw, add, compile, createGraph, crossEntropy, data } from '../../src/index';
import { matmul, mean, openGpu, parameter, relu, train } from '../../src/index';

const graph = createGraph();
const x = data(graph, 'x', [4, 2]);
const y = data(graph, 'y', [4], { dtype: 'u32' });
const w1 = parameter(graph, 'hidden.weight', [2, 16], { kind: 'normal', std: 1 });
const b1 = parameter(graph, 'hidden.bias', [16], { kind: 'normal', std: 1 });
const w2 = parameter(graph, 'out.weight', [16, 2], { kind: 'normal', std: 0.25 });
const loss = mean(crossEntropy(matmul(relu(add(matmul(x, w1), b1)), w2), y));

// prettier-ignore
const program = await compile(await openGpu(), {
  keys: [[0, 0], [1, 0], [2, 0], [3, 0]], // four networks side by side, of seeds 0 to 3
  data: { x: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), y: Uint32Array.of(0, 1, 1, 0) },
  training: { loss, metrics: { loss }, update: adamw({ lr: 0.02 }) },
});
console.log((await train(program, 500)).loss); // four losses below 0.01
