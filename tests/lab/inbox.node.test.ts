/** Messages of a session and those who wait for them: a run that fails ends the command, whoever hears of it first. */
import { expect, it } from 'vitest';
import { createInbox, untilStopped } from '../../scripts/lab/inbox';
import type { FromWorker } from '../../src/lab/protocol';

const status = (name: 'running' | 'done' | 'paused' | 'failed'): FromWorker => ({
  type: 'status',
  status: name,
  detail: name,
  step: 7,
});
const error: FromWorker = { type: 'error', kind: 'LimitExceeded', message: 'no answer' };

it('hands each message to one who waits for its kind, kept until then', async () => {
  const inbox = createInbox();
  inbox.put(status('running'));
  const first = inbox.next('record', 'error');
  inbox.put(status('done'));
  expect(await inbox.next('status')).toMatchObject({ status: 'running' });
  expect(await inbox.next('status')).toMatchObject({ status: 'done' });
  inbox.put(error);
  expect(await first).toBe(error);
  expect(inbox.take('error')).toBeNull();
});

it('ends with the run, or with what stopped it', async () => {
  const after = (...messages: FromWorker[]) => {
    const inbox = createInbox();
    messages.forEach((message) => inbox.put(message));
    return untilStopped(inbox);
  };
  expect(await after(status('running'), status('done'))).toBeNull();
  expect(await after(status('paused'))).toEqual({
    kind: 'Interrupted',
    message: 'stopped at step 7',
  });
  expect(await after(status('failed'), error)).toBe(error);
});

it('ends although the error went to one who waited for a record', async () => {
  const inbox = createInbox();
  const stopped = untilStopped(inbox);
  const saving = inbox.next('record', 'error');
  // A session says both in one breath, so that the first is not yet looked at when the second comes.
  inbox.put(status('failed'));
  inbox.put(error);
  expect(await saving).toBe(error);
  expect(await stopped).toEqual({ kind: 'Error', message: 'failed' });
});
