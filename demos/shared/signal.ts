/** A value that can be watched: the time cursor, the theme. */
export interface Signal<T> {
  get(): T;
  /** Tells the watchers only when the value is another one. */
  set(value: T): void;
  /** Returns a function that stops the watching. */
  watch(listener: (value: T) => void): () => void;
}

export function createSignal<T>(initial: T): Signal<T> {
  let current = initial;
  const listeners = new Set<(value: T) => void>();
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of listeners) listener(value);
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * Coalesces calls into one per animation frame, or one per second where the visitor asked for reduced motion.
 * A hidden page draws nothing until it is seen again.
 */
export function coalesce(paint: () => void): () => void {
  let asked = false;
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const run = (): void => {
    asked = false;
    paint();
  };
  return () => {
    if (asked) return;
    asked = true;
    if (calm.matches) setTimeout(run, 1000);
    else requestAnimationFrame(run);
  };
}
