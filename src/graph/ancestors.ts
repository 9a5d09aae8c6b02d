/** The part of a graph that some of its nodes need. */
import type { Node } from './types';

/** `outputs` and all they depend on, inputs first. */
export function ancestors(outputs: readonly Node[]): Node[] {
  const found = new Set<Node>(outputs);
  const stack = [...outputs];
  for (let node = stack.pop(); node; node = stack.pop()) {
    for (const input of node.inputs) {
      if (found.has(input)) continue;
      found.add(input);
      stack.push(input);
    }
  }
  return [...found].sort((a, b) => a.id - b.id);
}
