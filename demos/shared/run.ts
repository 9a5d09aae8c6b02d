/**
 * The page's state and what the buttons do: one configuration, one session, and the rules for when a change reopens
 * the run, when it waits for a restart, when a hidden tab pauses, and what is kept for the next visit.
 */
import { changedPaths, valueAt, withValue, type Config, type Field } from './fields';
import { findKept, forgetRun, keepRun, type KeptRun } from './kept';
import type { Saved, Session } from './session';
import { writeState, type PageState } from './url';

export interface RunControl {
  readonly state: () => PageState;
  /** The configuration of the run under way, or null while nothing has run and changes take effect at once. */
  readonly begun: () => Config | null;
  readonly pending: () => number;
  readonly note: () => string;
  /** Opens the first run, without a word to the page: it may still be building what it shows. */
  begin(): void;
  setConfig(config: Config): void;
  setPreset(name: string): void;
  setState(state: PageState): void;
  /** Opens this configuration, whatever is under way, and runs it. */
  start(state: PageState): void;
  toggle(): void;
  step(count: number): void;
  reset(): void;
  newSeed(): void;
  setPauseWhenHidden(pause: boolean): void;
  resume(kept: KeptRun): void;
  openSaved(config: Config, saved: Saved): void;
  /** The kept run of an earlier visit, if one was left unfinished. */
  findKept(): Promise<KeptRun | null>;
}

export interface RunOptions {
  readonly page: string;
  readonly session: Session;
  readonly fields: readonly Field[];
  readonly presets: ReadonlyMap<string, Config>;
  readonly initial: PageState;
  readonly viewsFor: (config: Config) => string[];
  /** True where a preset is another thing to look at, so that choosing one opens it at once. */
  readonly presetsReopen?: boolean;
  /** Files that a configuration needs besides itself: the run whose checkpoints are sampled. */
  readonly filesFor?: (config: Config) => Saved['files'];
  /** Called before a reset opens the run anew. */
  readonly onReset?: () => void;
  /** Called whenever something changed that the page shows. */
  readonly onChange: () => void;
  /** Called when a run goes on that was paused because the tab was hidden. */
  readonly onReturn: (seconds: number) => void;
}

const keepEverySeconds = 30;
/** Work worth asking twice before it is thrown away. */
const dearSeconds = 60;

export function createRunControl(options: RunOptions): RunControl {
  const { session, fields, presets } = options;
  let page = options.initial;
  let opened: Config | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pauseWhenHidden = true;
  let hiddenPause = false;
  let hiddenSince = 0;
  let note = '';
  let worked = 0;
  let runningSince = 0;
  let armed = false;
  let keptAt = 0;
  let keeping = false;

  const isBegun = (): boolean => session.state.step > 0 || session.state.status === 'running';
  const begun = (): Config | null => (isBegun() ? opened : null);

  function open(config: Config, saved?: Saved): void {
    clearTimeout(timer);
    opened = config;
    worked = 0;
    note = '';
    armed = false;
    session.watch(options.viewsFor(config));
    const files = { ...options.filesFor?.(config), ...saved?.files };
    session.open(config, { ...saved, files });
  }

  function writeAddress(): void {
    const query = writeState(page, fields, presets);
    const { pathname, hash } = location;
    const embedded = new URLSearchParams(location.search).has('embed') ? '&embed=1' : '';
    history.replaceState(null, '', `${pathname}${query}${embedded}${hash}`);
    options.onChange();
  }

  /** A change before the first step reopens the run, once the visitor's hand has come to rest. */
  function setPage(next: PageState): void {
    page = next;
    writeAddress();
    if (isBegun()) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!isBegun() && opened !== page.config) open(page.config);
    }, 300);
  }

  function setState(next: PageState): void {
    if (options.presetsReopen === true && next.preset !== page.preset) {
      page = next;
      open(page.config);
      writeAddress();
    } else setPage(next);
  }

  const pending = (): number => {
    const at = begun();
    return at === null ? 0 : changedPaths(fields, page.config, at).length;
  };

  function toggle(): void {
    const { status } = session.state;
    note = '';
    hiddenPause = false;
    if (status === 'running') {
      session.pause();
      return;
    }
    const ended = status === 'done' || status === 'diverged' || status === 'failed';
    const stale = opened === null || changedPaths(fields, page.config, opened).length > 0;
    if (ended || stale) open(page.config);
    session.run();
  }

  function step(count: number): void {
    if (session.state.status === 'running') return;
    if (!isBegun() && opened !== page.config) open(page.config);
    session.step(count);
  }

  function reset(): void {
    if (worked > dearSeconds && !armed) {
      armed = true;
      note = 'press reset again to discard this run';
      setTimeout(() => {
        armed = false;
        note = '';
        options.onChange();
      }, 5000);
      options.onChange();
      return;
    }
    void forgetRun(options.page);
    options.onReset?.();
    open(page.config);
    options.onChange();
  }

  async function keep(): Promise<void> {
    const { state } = session;
    if (keeping || opened === null || state.step === 0) return;
    keeping = true;
    keptAt = performance.now();
    try {
      const { columns, events } = state;
      const { step: at, bytes, files } = await session.checkpoint();
      const { record, csv } = await session.record();
      await keepRun(options.page, {
        config: opened,
        preset: page.preset,
        step: at,
        bytes,
        files,
        csv,
        record: { events: record.events, seconds: record.seconds, warnings: record.warnings },
        columns,
        events,
      });
    } catch {
      // A run that fails meanwhile says so itself; there is just nothing to keep.
    } finally {
      keeping = false;
    }
  }

  session.listen((topic) => {
    const { status } = session.state;
    const now = performance.now();
    if (status === 'running') {
      if (runningSince > 0) worked += (now - runningSince) / 1000;
      runningSince = now;
      if (now - keptAt > keepEverySeconds * 1000) void keep();
    } else {
      runningSince = 0;
    }
    if (topic === 'status' && status === 'paused') void keep();
    if (topic === 'status' && status === 'done') void forgetRun(options.page);
  });

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      if (!pauseWhenHidden || session.state.status !== 'running') return;
      hiddenPause = true;
      hiddenSince = performance.now();
      note = 'because the tab was hidden';
      session.pause();
    } else if (hiddenPause) {
      hiddenPause = false;
      options.onReturn((performance.now() - hiddenSince) / 1000);
      session.run();
    }
  });

  return {
    state: () => page,
    begun,
    pending,
    note: () => note,
    begin: () => {
      if (opened === null) open(page.config);
    },
    setConfig: (config) => setPage({ ...page, config }),
    setPreset(name) {
      const config = presets.get(name);
      if (config === undefined) return;
      setState({ preset: name, config: withValue(config, 'seed', valueAt(page.config, 'seed')) });
    },
    setState,
    start(state) {
      page = state;
      open(page.config);
      session.run();
      writeAddress();
    },
    toggle,
    step,
    reset,
    newSeed() {
      const [word = 0] = crypto.getRandomValues(new Uint32Array(1));
      const wasRunning = session.state.status === 'running';
      setPage({ ...page, config: withValue(page.config, 'seed', word % 10_000) });
      open(page.config);
      if (wasRunning) session.run();
      options.onChange();
    },
    setPauseWhenHidden(pause) {
      pauseWhenHidden = pause;
    },
    resume(kept) {
      page = {
        preset: presets.has(kept.preset) ? kept.preset : page.preset,
        config: kept.config as Config,
      };
      open(page.config, kept);
      writeAddress();
    },
    openSaved(config, saved) {
      page = { ...page, config };
      open(config, saved);
      writeAddress();
    },
    findKept: () => findKept(options.page),
  };
}
