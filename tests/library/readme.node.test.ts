import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ENGINE_VERSION, presets } from '../../src/index';
import { readBlock } from './readme';

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('README', () => {
  it('shows the network that mlp.example.ts trains, in 15 lines', () => {
    const example = read('tests/library/mlp.example.ts')
      .split('\n')
      .filter((line, k) => k > 0 && !line.startsWith('// prettier-ignore'))
      .join('\n')
      .replaceAll("'../../src/index'", "'cusp'");
    const block = readBlock('mlp');
    expect(block.trim()).toBe(example.trim());
    expect(block.split('\n').filter((line) => line.trim() !== '').length).toBe(15);
  });

  it('shows the estimate that llc.example.ts makes', () => {
    const example = read('tests/library/llc.example.ts')
      .split('\n')
      .slice(1)
      .join('\n')
      .replaceAll("'../../src/index'", "'cusp'");
    expect(readBlock('llc').trim()).toBe(example.trim());
  });

  it('names only presets that exist', () => {
    const named =
      read('README.md').match(/\b[a-z]+(-[a-z]+)*\.(quick|transformer|paper|[a-z]+)\b(?=[ `])/g) ??
      [];
    const known = presets.map(({ name }) => name);
    const kinds = new Set(known.map((name) => name.split('.')[0]));
    for (const name of named) if (kinds.has(name.split('.')[0])) expect(known).toContain(name);
  });
});

describe('the engine', () => {
  it('calls itself by the version of package.json', () => {
    expect(ENGINE_VERSION).toBe((JSON.parse(read('package.json')) as { version: string }).version);
    expect(read('CHANGELOG.md')).toContain(`## ${ENGINE_VERSION}`);
  });
});
