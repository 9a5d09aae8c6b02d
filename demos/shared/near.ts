/** What stands further down a page is fetched when the reader comes near it, and what only a click needs at the click. */
import { make } from './dom';

/** Part of the window's height above and below it that counts as near. */
const REACH = '25%';
/** Frames until what stands above has its height. */
const SETTLING = 5;

/** Fetches once, when any of the places comes near; where that fails the first of them says so. */
export function fetchNear(places: readonly HTMLElement[], fetch: () => Promise<unknown>): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      fetch().catch(() => {
        if (places[0] !== undefined) tellMissing(places[0]);
      });
    },
    { rootMargin: `${REACH} 0px` },
  );
  afterFrames(SETTLING, () => {
    for (const place of places) observer.observe(place);
  });
}

function afterFrames(count: number, act: () => void): void {
  if (count === 0) act();
  else requestAnimationFrame(() => afterFrames(count - 1, act));
}

export function tellMissing(place: HTMLElement): void {
  const text = 'This part could not be fetched. Reload the page to try again.';
  place.append(make('p', { role: 'status' }, text));
}

/** The same promise for all calls, so that what is made with it is made once; another try where it was rejected. */
export function once<T>(fetch: () => Promise<T>): () => Promise<T> {
  let fetched: Promise<T> | null = null;
  return () => {
    fetched ??= fetch().catch((error: unknown) => {
      fetched = null;
      throw error;
    });
    return fetched;
  };
}
