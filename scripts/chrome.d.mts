export function findChrome(): string | null;
export function installHint(): string;
export function chromeFlags(): string[];
