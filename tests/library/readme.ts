/** Code blocks of README.md, by the marker comment above them. */
import { readFileSync } from 'node:fs';

/** The code of the block that follows `<!-- name -->`. Throws when there is none. */
export function readBlock(name: string): string {
  const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const found = new RegExp(`<!-- ${name} -->\\n+\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(text);
  if (!found) throw new Error(`README.md has no block <!-- ${name} -->`);
  return found[1];
}
