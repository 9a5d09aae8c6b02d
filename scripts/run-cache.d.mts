export function keyOf(entry: string, root?: string): string;
