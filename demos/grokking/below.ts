/** What stands below the experiment: the pictures of the microscope, and λ̂ along the run. */
import { find } from '../shared/dom';
import type { Maker } from '../shared/made';
import type { Session } from '../shared/session';
import type { TimeCursor } from '../shared/time-cursor';
import type { History } from './history';
import { createLlcAlong } from './llc-along';
import { createViews } from './views';

export interface Below {
  /** `total` is the end of the time axis. */
  update(total: number): void;
}

/** Fills the places of the page. */
export function createBelow(
  session: Session,
  history: History,
  cursor: TimeCursor,
  maker: Maker,
): Below {
  const views = createViews(history, cursor, maker);
  const llc = createLlcAlong(session, cursor, maker);
  for (const [id, elements] of Object.entries(views.places)) find(id).append(...elements);
  find('llc-place').prepend(llc.element);
  return {
    update(total) {
      views.update();
      llc.update(total);
    },
  };
}
