/** The worker's side of the protocol, messages in and messages out, on the CPU. */
import { describe, expect, it } from 'vitest';
import type { FromWorker, ToWorker } from '../../src/lab/protocol';
import { createSession } from '../../src/lab/session';

/** Small enough for float64: p = 5, 25 pairs, ten hidden units. */
const config = {
  schema: 1,
  experiment: 'modular-addition',
  steps: 40,
  data: { modulus: 5, pairs: 'ordered' },
  network: { width: 8, hidden: 10 },
  evaluateEvery: 10,
};

type Of<T extends FromWorker['type']> = Extract<FromWorker, { type: T }>;

function connect() {
  const sent: FromWorker[] = [];
  const waiting: {
    matches: (message: FromWorker) => boolean;
    resolve: (message: FromWorker) => void;
  }[] = [];
  const post = createSession({
    runtime: 'cpu',
    send(message) {
      sent.push(structuredClone(message)); // what a worker may post
      for (let k = waiting.length - 1; k >= 0; k--) {
        if (waiting[k].matches(message)) waiting.splice(k, 1)[0].resolve(message);
      }
    },
  });
  /** The next message of this type, or status of this word. */
  function next<T extends FromWorker['type']>(type: T, status?: string): Promise<Of<T>> {
    return new Promise((resolve) => {
      waiting.push({
        matches: (message) =>
          message.type === type && (!status || (message as Of<'status'>).status === status),
        resolve: resolve as (message: FromWorker) => void,
      });
    });
  }
  const open = (
    extra: Partial<Extract<ToWorker, { type: 'open' }>> = {},
  ): Promise<Of<'opened'>> => {
    const opened = next('opened');
    post({ type: 'open', config, cpu: true, ...extra });
    return opened;
  };
  return { post, next, open, sent };
}

describe('a session', () => {
  it('opens with its defaults filled in, runs to the end and hands over what it has', async () => {
    const { post, next, open, sent } = connect();
    const opened = await open();
    expect(opened.config).toMatchObject({ ...config, seed: 0, optimizer: { kind: 'adamw' } });
    expect(opened.parameters).toBe(5 * 8 + 8 * 10 + 10 * 8 + 8 * 5);
    expect(opened.adapter).toMatchObject({ runtime: 'cpu', vendor: 'none' });
    const done = next('status', 'done');
    post({ type: 'run' });
    expect((await done).step).toBe(40);
    const rows = sent.flatMap((message) => (message.type === 'metrics' ? message.steps : []));
    expect(rows).toEqual([0, 10, 20, 30, 40]);
    const statuses = sent.flatMap((message) => (message.type === 'status' ? [message.status] : []));
    expect(statuses).toEqual(['compiling', 'ready', 'running', 'done']);

    const record = next('record');
    post({ type: 'record' });
    expect((await record).record).toMatchObject({ steps: 40, experiment: 'modular-addition' });
    expect((await record).csv.split('\n').length).toBe(7);
    const checkpoint = next('checkpoint');
    post({ type: 'checkpoint' });
    expect((await checkpoint).bytes.byteLength).toBeGreaterThan(1000);
  });

  it('sends what is watched at once when the run stands', async () => {
    const { post, next, open, sent } = connect();
    await open();
    const done = next('status', 'done');
    post({ type: 'run' });
    await done;
    expect(sent.some(({ type }) => type === 'view')).toBe(false);
    const view = next('view');
    post({ type: 'watch', views: ['embedding'] });
    expect(await view).toMatchObject({ name: 'embedding', step: 40 });
  });

  it('steps, pauses and goes on', async () => {
    const { post, next, open } = connect();
    await open();
    let paused = next('status', 'paused');
    post({ type: 'step', count: 7 });
    expect((await paused).step).toBe(7);
    paused = next('status', 'paused');
    post({ type: 'run' });
    post({ type: 'pause' });
    const { step } = await paused;
    expect(step).toBeLessThan(40);
    const done = next('status', 'done');
    post({ type: 'run' });
    expect((await done).step).toBe(40);
  });

  it('goes on from a checkpoint with its table and events', async () => {
    const first = connect();
    await first.open();
    const paused = first.next('status', 'paused');
    first.post({ type: 'step', count: 20 });
    await paused;
    const [checkpoint, record] = [first.next('checkpoint'), first.next('record')];
    first.post({ type: 'checkpoint' });
    first.post({ type: 'record' });
    const { bytes } = await checkpoint;
    const { csv, record: so } = await record;

    const second = connect();
    const ready = second.next('status', 'ready');
    await second.open({ checkpoint: bytes, csv, record: so });
    expect((await ready).detail).toBe('restored from step 20');
    const done = second.next('status', 'done');
    second.post({ type: 'run' });
    await done;
    const after = second.next('record');
    second.post({ type: 'record' });
    const steps = (await after).csv
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => Number(row.split(',')[0]));
    expect(steps).toEqual([0, 10, 20, 30, 40]);
  });

  it('answers bad configurations, and what comes too early, with an error of its kind', async () => {
    const { post, next, open } = connect();
    let error = next('error');
    post({ type: 'open', config: { ...config, stepz: 3 }, cpu: true });
    expect(await error).toMatchObject({ kind: 'BadConfig' });
    expect((await error).message).toMatch(/stepz: unknown key. Did you mean steps/);
    error = next('error');
    post({ type: 'run' });
    expect((await error).message).toMatch(/no run is open/);
    error = next('error');
    post({ type: 'open', config, cpu: true, checkpoint: new Uint8Array([1, 2, 3]).buffer });
    expect(await error).toMatchObject({ kind: 'BadCheckpoint' });
    await open();
    const done = next('status', 'done');
    post({ type: 'run' });
    await done;
  });

  it('closes to idle and can be opened again', async () => {
    const { post, next, open } = connect();
    await open();
    post({ type: 'run' });
    const idle = next('status', 'idle');
    post({ type: 'close' });
    await idle;
    const opened = await open({ config: { ...config, seed: 3 } });
    expect(opened.config).toMatchObject({ seed: 3 });
  });

  it('sends what is measured now and then at the rows it was measured at', async () => {
    const { post, next, open, sent } = connect();
    await open({ config: { ...config, measures: { every: 20 } } });
    const done = next('status', 'done');
    post({ type: 'run' });
    await done;
    const rows = sent.flatMap((message) =>
      message.type === 'metrics'
        ? message.steps.map((step, row) => [step, message.values['restricted_loss']?.[row] ?? []])
        : [],
    );
    const measured = rows.filter(([, values]) => (values as number[]).length > 0);
    expect(rows.map(([step]) => step)).toEqual([0, 10, 20, 30, 40]);
    expect(measured.map(([step]) => step)).toEqual([0, 20, 40]);
  });
});
