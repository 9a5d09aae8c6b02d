/**
 * A number that could not always be had. Diagnostics of short, constant or broken traces say why there is none
 * instead of returning NaN, so that a page or a record never shows one.
 */
export type Quantity =
  | { readonly value: number; readonly reason: null }
  | { readonly value: null; readonly reason: string };

export function known(value: number): Quantity {
  return Number.isFinite(value) ? { value, reason: null } : unknown('the result is not finite');
}

export function unknown(reason: string): Quantity {
  return { value: null, reason };
}
