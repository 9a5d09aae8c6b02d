/** Everything a program's spec must keep to, looked at before a byte is allocated. */
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import { isData, isParameter } from '../ops/source';
import { layOutParameters } from './layout';
import type { ProgramSpec } from './program';
import { formatShape, sizeOf } from './shape';
import type { Graph, Node } from './types';

/** The spec's graph. Throws `BadConfig` or `ShapeMismatch` naming the field. */
export function checkSpec(spec: ProgramSpec): Graph {
  const { keys, training, evaluations } = spec;
  if (keys.length < 1) throw new BadConfig('keys', 'no replica; give at least one key');
  const named: [string, Node][] = [];
  if (training) {
    named.push(['loss', training.loss]);
    if (training.observed) named.push(['observed', training.observed]);
    for (const [name, node] of Object.entries(training.metrics))
      named.push([`metrics.${name}`, node]);
    for (const [path, { shape }] of named) {
      if (shape.length > 0) {
        throw new ShapeMismatch(
          `${path}: shape ${formatShape(shape)}; it must be a scalar, use mean() or sum()`,
        );
      }
    }
    checkHyper(training.update.hyper, keys.length);
  }
  for (const [phase, nodes] of Object.entries(evaluations ?? {})) {
    if (phase === 'step')
      throw new BadConfig('evaluations.step', "'step' is taken; choose another name");
    for (const [name, node] of Object.entries(nodes))
      named.push([`evaluations.${phase}.${name}`, node]);
  }
  if (named.length === 0)
    throw new BadConfig('program', 'neither training nor evaluations; give one of them');
  const { graph } = named[0][1];
  for (const [path, node] of named) {
    if (node.graph !== graph)
      throw new BadConfig(path, 'a node of another graph; trace all in one');
  }
  if (training && !graph.nodes.some(isParameter)) {
    throw new BadConfig('training', 'no parameter to train; trace one with parameter()');
  }
  for (const node of graph.nodes) if (isData(node)) checkData(node, spec);
  checkFlat(spec, layOutParameters(graph).stride);
  return graph;
}

/** What runs over the flat buffers fits them. */
function checkFlat({ keys, start, training }: ProgramSpec, size: number): void {
  const replicas = keys.length;
  if (start && start.length !== replicas * size) {
    throw new ShapeMismatch(
      `start: ${start.length} values; ${replicas} replicas of ${size} parameters, padding included, are ${replicas * size}`,
    );
  }
  training?.update.check?.({ size, replicas, masked: training.mask !== undefined });
  for (const name of training?.update.metrics ?? []) {
    if (Object.hasOwn(training!.metrics, name)) {
      throw new BadConfig(`metrics.${name}`, 'the update records a metric of this name; rename it');
    }
  }
}

function checkHyper(
  hyper: Readonly<Record<string, number | readonly number[]>>,
  replicas: number,
): void {
  for (const [name, value] of Object.entries(hyper)) {
    const values = typeof value === 'number' ? [value] : value;
    if (typeof value !== 'number' && values.length !== replicas) {
      throw new BadConfig(
        name,
        `${values.length} values for ${replicas} replicas; give one, or one a replica`,
      );
    }
    if (values.some((v) => !Number.isFinite(v)))
      throw new BadConfig(name, 'not a finite number; give one that is');
  }
}

function checkData(
  { attributes, shape, dtype, replicated }: Node<{ readonly name: string }>,
  { data, keys }: ProgramSpec,
): void {
  const { name } = attributes;
  const values = Object.hasOwn(data, name) ? data[name] : undefined;
  if (!values)
    throw new BadConfig(`data.${name}`, 'no values; the graph reads a data leaf of this name');
  const expected = sizeOf(shape) * (replicated ? keys.length : 1);
  if (values.length !== expected) {
    throw new ShapeMismatch(
      `data.${name}: ${values.length} values; shape ${formatShape(shape)}` +
        `${replicated ? ` for ${keys.length} replicas` : ''} holds ${expected}`,
    );
  }
  const element = values instanceof Uint32Array ? 'u32' : 'f32';
  if (element !== dtype)
    throw new ShapeMismatch(`data.${name}: ${element} values for a leaf of ${dtype}`);
  if (values instanceof Float32Array && values.some((v) => !Number.isFinite(v))) {
    throw new BadConfig(`data.${name}`, 'holds a value that is not finite; clean the data');
  }
}
