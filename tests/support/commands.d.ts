import 'vitest/browser';

declare module 'vitest/browser' {
  interface BrowserCommands {
    /** Kills Chrome's GPU process: a real device loss. */
    crashGpu: () => Promise<void>;
  }
  /** Declared by provider packages; ours, of ten lines, has none. */
  const commands: BrowserCommands;
}
