/** Progress measures traced on a network's table of all pairs: groups of them from one file each, what they share made once. */
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import { formatShape, sameShape } from '../graph/shape';
import type { Graph, Node } from '../graph/types';
import { pad } from '../ops/concat';
import { traceAttention } from './attention';
import { traceCircularity } from './circularity';
import { traceDistance } from './distance';
import { traceDrawn } from './drawn';
import { amplitudesOf, traceEntropyMeasures, traceNeuronSpectrum } from './entropy';
import { traceExcluded } from './excluded';
import { traceKeyMeasures, traceKeys } from './keys';
import { traceAblation, traceClusters, traceNeurons } from './neurons';
import { traceNorms } from './norms';
import { traceReadout } from './readout';
import { traceRestricted } from './restricted';
import { traceSpectra, traceSpectrumMeasures } from './spectra';
import { traceSumTables } from './sums';
import { traceSymmetricity } from './symmetricity';
import { joinTopics } from './topic';
import { MEASURES, type MeasureOptions, type Measures, type Subject } from './types';
import { tracePairComponents, traceWaves } from './waves';

/**
 * All measures of `MEASURES` that the subject has: those of W_in·E need `input`, those of attention `all.attention`, symmetricity
 * `embedded`. Works alike with replicas: what is replicated in the subject gives a value each. Throws BadConfig for a modulus that is
 * even or below 5 and for frequencies that it does not have, ShapeMismatch for tensors that do not belong together.
 */
export function traceMeasures(graph: Graph, subject: Subject, options: MeasureOptions): Measures {
  checkSubject(subject, options);
  const { p, all, train, test, readout, input, embedded } = subject;
  const classes = all.logits.shape[1];
  const waves = traceWaves(graph, p);
  // Kernels read logits by fours.
  const width = 4 * Math.ceil(classes / 4);
  const wide = pad(readout, [width, readout.shape[1]], [0, 0]);
  const logits = tracePairComponents(waves, all.logits, width);
  const neurons = tracePairComponents(waves, all.neurons);
  const keys = traceKeys(graph, waves, logits, options.keys);
  const tables = traceSumTables(graph, waves, { logits, neurons, readout: wide, keys });
  const clusters = traceClusters(neurons);
  const spectra = traceSpectra(subject);
  const through = { mean: logits.mean, classes, readout: wide };
  const { columns, ...topics } = joinTopics([
    traceRestricted(graph, waves, { classes, logits, keys, tables, train, test }),
    traceExcluded(all.logits, tables, train),
    traceKeyMeasures(waves, logits, keys),
    traceSpectrumMeasures(spectra),
    traceNeurons(waves, neurons, clusters),
    traceEntropyMeasures(input && traceNeuronSpectrum(input), amplitudesOf(spectra.readout)),
    ...(all.attention ? [traceAttention(waves, all.attention)] : []),
    ...(embedded ? [traceSymmetricity(graph, subject, embedded, options.seed)] : []),
    traceDistance(p, all.logits),
    traceCircularity(subject.embedding),
    traceAblation(waves, neurons, clusters, through),
    ...(options.readout === false
      ? []
      : [traceReadout(waves, all.neurons, neurons, spectra.readout)]),
    traceNorms(subject.parameters),
  ]);
  return {
    ...topics,
    columns: [
      ...MEASURES.filter((name) => columns.includes(name)),
      ...columns.filter((name) => name.startsWith('weight_norm/')),
    ],
    drawn: traceDrawn(graph, subject, clusters),
  };
}

function checkSubject(subject: Subject, { keys }: MeasureOptions): void {
  const { p, embedding, readout, input, all } = subject;
  if (!Number.isInteger(p) || p < 5 || p % 2 === 0) {
    throw new BadConfig('p', {
      asked: `got ${p}`,
      limit: 'progress measures need an odd modulus of at least 5',
      remedy: 'Choose one',
    });
  }
  const wrong = keys?.find((key) => !Number.isInteger(key) || key < 1 || 2 * key >= p);
  if (wrong !== undefined) {
    throw new BadConfig('keys', {
      asked: `got ${wrong}`,
      limit: `frequencies of p = ${p} are 1 to ${(p - 1) / 2}`,
      remedy: 'Choose among them',
    });
  }
  const hidden = readout.shape[1];
  const classes = all.logits.shape[1];
  requireShape('logits', all.logits, [p * p, Math.max(classes, p)]);
  requireShape('neurons', all.neurons, [p * p, hidden]);
  requireShape('readout', readout, [classes, hidden]);
  requireShape('embedding', embedding, [p, embedding.shape[1]]);
  if (input) requireShape('input', input, [hidden, p]);
  if (all.attention) requireShape('attention', all.attention, [all.attention.shape[0], p, p]);
}

function requireShape(name: string, { shape }: Node, wanted: readonly number[]): void {
  if (sameShape(shape, wanted)) return;
  throw new ShapeMismatch(`${name}: ${formatShape(shape)}; give ${formatShape(wanted)}`);
}
