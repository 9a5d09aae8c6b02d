/** Bytes as text and back, in pages and in Node. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Named files as text and back. */
export function writeFiles(
  files: Readonly<Record<string, ArrayBuffer>> = {},
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, toBase64(new Uint8Array(bytes))]),
  );
}

export function readFiles(
  files: Readonly<Record<string, string>> = {},
): Record<string, ArrayBuffer> {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, fromBase64(text).buffer]),
  );
}
