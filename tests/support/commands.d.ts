import 'vitest/browser';

declare module 'vitest/browser' {
  interface BrowserCommands {
    /** Kills Chrome's GPU process: a real device loss. */
    crashGpu: () => Promise<void>;
  }
}
