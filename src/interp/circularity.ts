/** Circularity (Zhong et al., arXiv 2306.17844): do the main components of the embedding go round in circles? */
import type { Node } from '../graph/types';
import { subtract } from '../ops/elementwise';
import { matmul } from '../ops/matmul';
import { mean } from '../ops/reduce';
import { transpose } from '../ops/view';
import { principalVectors } from './eigen';
import { average, share, type Topic } from './topic';

/** As in the paper. */
export const COMPONENTS = 4;

/** `embedding` [p, width]. Its components over the tokens are the eigenvectors of the Gram matrix of its centred rows. */
export function traceCircularity(embedding: Node): Topic {
  const [p] = embedding.shape;
  const centred = subtract(embedding, mean(embedding, { axes: [0] }));
  return {
    nodes: { 'circularity.gram': matmul(centred, transpose(centred)) },
    columns: ['circularity'],
    views: {},
    finish(values) {
      const gram = Float64Array.from(values['circularity.gram']);
      const vectors = principalVectors(gram, p, COMPONENTS);
      const circularity = average(vectors.map(bestShare));
      return { scalars: { circularity }, views: {} };
    },
  };
}

/** Largest share of one frequency k = 1 … K in the power of x. */
function bestShare(x: Float64Array): number {
  const p = x.length;
  let best = 0;
  for (let k = 1; 2 * k < p; k++) {
    let [cos, sin] = [0, 0];
    for (let n = 0; n < p; n++) {
      const angle = (2 * Math.PI * ((k * n) % p)) / p;
      cos += x[n] * Math.cos(angle);
      sin += x[n] * Math.sin(angle);
    }
    best = Math.max(best, (2 / p) * (cos ** 2 + sin ** 2));
  }
  return share(
    best,
    x.reduce((total, one) => total + one ** 2, 0),
  );
}
