/** `lab list`: presets with a sentence each. */
import { presets } from '../../src/lab/experiments';
import { readArguments } from './usage';

export function list(args: string[]): Promise<number> {
  readArguments(args, {});
  const width = Math.max(...presets.map(({ name }) => name.length));
  for (const { name, summary } of presets) console.error(`${name.padEnd(width)}  ${summary}`);
  console.log(JSON.stringify({ presets: presets.map(({ name, summary }) => ({ name, summary })) }));
  return Promise.resolve(0);
}
