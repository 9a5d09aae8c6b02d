/** The stored runs of this page, by preset: fetched when a preset is first looked at. */
import { loadStored } from '../shared/stored';
import { readStory } from './stored-file';
import type { Story } from './story';

/** Written out one by one, so that the bundler finds them. */
const addresses: Readonly<Record<string, URL>> = {
  demo: new URL('./reference-demo.json', import.meta.url),
  sweep: new URL('./reference-sweep.json', import.meta.url),
  quick: new URL('./reference-quick.json', import.meta.url),
};

export interface References {
  /** Null until it is there, and for presets without one. */
  get(preset: string): Story | null;
  ask(preset: string): void;
  /** Until then nothing is fetched: the page comes first. */
  begin(): void;
}

export function createReferences(onChange: () => void): References {
  const found = new Map<string, Story | null>();
  let begun = false;

  async function load(preset: string): Promise<void> {
    const address = addresses[preset];
    if (address === undefined || found.has(preset)) return;
    found.set(preset, null);
    const stored = await loadStored(address);
    if (stored !== null) found.set(preset, readStory(stored));
    onChange();
  }

  return {
    get: (preset) => found.get(preset) ?? null,
    ask(preset) {
      if (begun) void load(preset);
    },
    begin() {
      begun = true;
      onChange();
    },
  };
}
