/** `JSON.parse` keeps the last of two equal keys in silence; a strict reader has to look for itself. */

/**
 * The first key that occurs twice in one object of a text that `JSON.parse` accepts, or null. Escapes are
 * resolved, so "a" and "\u0061" are equal.
 */
export function findDuplicateKey(json: string): string | null {
  /** Keys seen per open object; null stands for an open array. */
  const open: (Set<string> | null)[] = [];
  let at = 0;
  while (at < json.length) {
    const character = json[at];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(null);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(json, at);
      const keys = open.at(-1);
      if (keys && isKey(json, end)) {
        const key = JSON.parse(json.slice(at, end)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      at = end;
      continue;
    }
    at++;
  }
  return null;
}

/** Index after the closing quote of the string that opens at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** In valid JSON a string is a key exactly when a colon follows. */
function isKey(json: string, end: number): boolean {
  let at = end;
  while (' \t\n\r'.includes(json[at])) at++;
  return json[at] === ':';
}
