/** What the page and the worker that measures tell each other. */
import type { Ceilings, Environment, Report, Result } from '../../benches/run';

export type Order =
  | {
      readonly kind: 'start';
      readonly filter: string;
      readonly quick: boolean;
      readonly host: string;
    }
  /** After the round that is under way. */
  | { readonly kind: 'stop' };

export type Event =
  | { readonly kind: 'progress'; readonly line: string }
  | {
      readonly kind: 'measured';
      readonly environment: Environment;
      readonly ceilings: Ceilings | null;
    }
  | {
      readonly kind: 'started';
      readonly name: string;
      readonly at: number;
      readonly total: number;
    }
  | { readonly kind: 'finished'; readonly result: Result }
  | { readonly kind: 'done'; readonly report: Report }
  | { readonly kind: 'failed'; readonly message: string };
