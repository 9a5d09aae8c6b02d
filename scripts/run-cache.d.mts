export function keyOf(entry: string, root?: string): string;
export function findBundle(key: string): string | null;
export function newBundle(): string;
export function keepBundle(key: string, bundle: string, sources: readonly string[]): void;
export function holdBundle(bundle: string): void;
