/** How the build of the pages joins groups of modules to files. */
import { describe, expect, it } from 'vitest';
import { joinGroups, type Group } from '../../scripts/pages-join';

const FIRST = 1;
const SECOND = 4;

function group(name: string, readers: number, bytes: number, imports: Group[] = []): Group {
  return { kind: 'scripts', readers, modules: [name], bytes, imports: new Set(imports) };
}

const filesOf = (groups: readonly Group[]): string[] =>
  groups.map(({ modules }) => [...modules].sort().join('+')).sort();

describe('joinGroups', () => {
  it('joins what is small, and leaves what a page would fetch in vain', () => {
    const small = [group('both', FIRST | SECOND, 5000), group('one', FIRST, 50)];
    expect(filesOf(joinGroups(small))).toEqual(['both+one']);
    const large = [group('both', FIRST | SECOND, 5000), group('one', FIRST, 5000)];
    expect(filesOf(joinGroups(large))).toEqual(['both', 'one']);
  });

  it('counts what a joined file imports', () => {
    const dear = group('dear', FIRST, 9000);
    const groups = [dear, group('one', FIRST, 50, [dear]), group('both', FIRST | SECOND, 50)];
    for (const { modules, readers } of joinGroups(groups)) {
      expect(modules.includes('dear') && (readers & SECOND) !== 0).toBe(false);
    }
  });

  it('makes no ring', () => {
    const last = group('last', FIRST, 50);
    const middle = { ...group('middle', FIRST, 50, [last]), kind: 'kernels' };
    const first = group('first', FIRST, 50, [middle]);
    expect(filesOf(joinGroups([first, middle, last]))).toEqual(['first', 'last', 'middle']);
    const direct = group('first', FIRST, 50, [last]);
    expect(filesOf(joinGroups([direct, last]))).toEqual(['first+last']);
  });

  it('joins no two kinds', () => {
    const texts = { ...group('text', FIRST, 50), kind: 'kernels' };
    expect(filesOf(joinGroups([texts, group('script', FIRST, 50)]))).toEqual(['script', 'text']);
  });
});
