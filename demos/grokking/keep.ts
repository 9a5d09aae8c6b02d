/** Keeps the weights of a finished run in this browser, so that the page of the learning coefficient can sample them. */
import type { Banner } from '../shared/banner';
import { keepSource } from '../shared/kept';
import type { Session } from '../shared/session';
import { sayCount } from '../shared/words';

/** More than this in one record is more than a browser should be asked to hold. */
const mostBytes = 300e6;
const name = 'checkpoints.safetensors';

/** `description` says in a line what was trained. */
export function keepFinished(session: Session, banner: Banner, description: () => string): void {
  session.listen((topic) => {
    if (topic !== 'status') return;
    const { status } = session.state;
    if (status === 'compiling') banner.show('source', null);
    if (status === 'done') void keep();
  });

  async function keep(): Promise<void> {
    try {
      const { columns } = session.state;
      const { files } = await session.checkpoint();
      const checkpoints = files[name];
      if (checkpoints === undefined || checkpoints.byteLength > mostBytes) return;
      const { record } = await session.record();
      await keepSource('grokking', { description: description(), record, columns, checkpoints });
      banner.show('source', {
        kind: 'info',
        text: `The weights of this run, up to step ${sayCount(record.steps)}, are kept in this browser.`,
        action: {
          label: 'Look at their chains on the page of the learning coefficient',
          act: () => location.assign('../learning-coefficient/index.html?v=1&preset=browser'),
        },
      });
    } catch {
      // Another run was opened meanwhile; it will be kept when it is done.
    }
  }
}
