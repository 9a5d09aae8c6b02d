/**
 * Short names for what shaders declare: one map for all files, so that a function which two kernels share is the same text in both.
 * Names that never meet may become the same: those of functions where no function has both, those of modules where no kernel has
 * both, members where no struct has both. Few letters, each of them often, is what a compressor likes best.
 *
 * Kept are names that WGSL or the host gives meaning: predeclared ones, `main`, overrides. Bindings and fields of Params the host
 * knows by number and offset, from the reflection of the text before.
 */
import { readdirSync } from 'node:fs';
import { sep } from 'node:path';
import { PARAMS } from '../src/gpu/unpack-shader.ts';
import { SHADER_ROOT, listShaders, readOwnText, readShader } from './wgsl-source.ts';
import { isReserved, readWords, ROLES, tokenize, type Role, type Words } from './wgsl-tokens.ts';

export type Names = Readonly<Record<Role, ReadonlyMap<string, string>>>;

interface File {
  readonly tokens: readonly string[];
  readonly words: Words;
}

/** A name with its role, as one string. */
const keyOf = (role: Role, name: string): string => `${role} ${name}`;

/** Names for the files under `root`: the shortest for the most used. */
export function chooseNames(root = SHADER_ROOT): Names {
  const files = readFiles(root);
  const all = [...files.values()];
  const overrides = new Set(all.flatMap(({ words }) => [...words.overrides]));
  const members = new Set(all.flatMap(({ words }) => [...words.declared.member]));
  const counts = countNames(all, overrides);
  const meetings = findMeetings(files, root).map((keys) => keys.filter((key) => counts.has(key)));
  const met = new Map<string, string[][]>([...counts.keys()].map((key) => [key, []]));
  for (const keys of meetings) for (const key of keys) met.get(key)!.push(keys);
  const order = [...counts.keys()].sort(
    (a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1),
  );
  const chosen = new Map<string, string>([[keyOf('module', 'params'), PARAMS]]);
  for (const key of order.filter((key) => !chosen.has(key))) {
    const taken = new Set(met.get(key)!.flatMap((keys) => keys.map((other) => chosen.get(other))));
    for (const name of shortNames()) {
      if (taken.has(name) || isReserved(name) || overrides.has(name)) continue;
      // A member that could be a swizzle keeps its name.
      if (key.startsWith('member ') && members.has(name)) continue;
      chosen.set(key, name);
      break;
    }
  }
  const mapOf = (role: Role): [Role, ReadonlyMap<string, string>] => {
    const own = order.filter((key) => key.startsWith(`${role} `));
    return [role, new Map(own.map((key) => [key.slice(role.length + 1), chosen.get(key)!]))];
  };
  return Object.fromEntries(ROLES.map(mapOf)) as Names;
}

function readFiles(root: string): Map<string, File> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => name.split(sep).join('/'))
    .filter((name) => name.endsWith('.wgsl'))
    .sort();
  return new Map(
    names.map((name) => {
      const tokens = tokenize(readOwnText(name, root));
      return [name, { tokens, words: readWords(tokens) }];
    }),
  );
}

/** How often each name is used that may have another. */
function countNames(files: readonly File[], kept: ReadonlySet<string>): Map<string, number> {
  const counts = new Map<string, number>();
  const declared = new Set(
    files.flatMap(({ words }) =>
      ROLES.flatMap((role) => [...words.declared[role]].map((name) => keyOf(role, name))),
    ),
  );
  for (const { tokens, words } of files) {
    words.roles.forEach((role, i) => {
      if (role === null || (role === 'module' && kept.has(tokens[i]))) return;
      const key = keyOf(role, tokens[i]);
      if (declared.has(key)) counts.set(key, (counts.get(key) ?? 0) + 1);
    });
  }
  return counts;
}

/** Lists of names no two of which may become the same. */
function findMeetings(files: ReadonlyMap<string, File>, root: string): string[][] {
  const namesIn = ({ tokens, words }: File, role: Role, start = 0, end = tokens.length): string[] =>
    tokens
      .slice(start, end)
      .flatMap((token, i) => (words.roles[start + i] === role ? [keyOf(role, token)] : []));
  const meetings = listShaders(root).map((kernel) => {
    const parts = readShader(kernel, root).parts.map((part) => files.get(part)!);
    return parts.flatMap((part) => namesIn(part, 'module'));
  });
  for (const file of files.values()) {
    for (const { start, end } of file.words.functions) {
      const roles: Role[] = ['module', 'local'];
      meetings.push(roles.flatMap((role) => namesIn(file, role, start, end)));
    }
    for (const { start, end } of file.words.structs)
      meetings.push(namesIn(file, 'member', start, end));
  }
  return meetings.map((keys) => [...new Set(keys)]);
}

const FIRST = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LATER = `${FIRST}0123456789`;

/** a … Z, then two letters, then three. */
function* shortNames(): Generator<string> {
  let names = [...FIRST];
  for (;;) {
    yield* names;
    names = names.flatMap((name) => [...LATER].map((letter) => name + letter));
  }
}
