/** What a method keeps of each replica, [R, own], own = planes·P and a few scalars: as arrays [R, P] and columns [R], and back. */

export interface Kept {
  /** Names of the planes, in the order of the kernels. */
  readonly planes: readonly string[];
  /** Names of the scalars, with their place behind the planes. */
  readonly scalars: Readonly<Record<string, number>>;
  /** Places of scalars a replica has, named or not. */
  readonly places: number;
}

export interface Unpacked {
  readonly state: Readonly<Record<string, Float32Array>>;
  readonly scalars?: Readonly<Record<string, Float32Array>>;
}

export function unpackState(
  all: Float32Array,
  { planes, scalars, places }: Kept,
  replicas: number,
  size: number,
): Required<Unpacked> {
  const own = planes.length * size + places;
  const plane = (k: number): Float32Array => {
    const values = new Float32Array(replicas * size);
    for (let r = 0; r < replicas; r++)
      values.set(all.subarray(r * own + k * size, r * own + (k + 1) * size), r * size);
    return values;
  };
  const column = (k: number): Float32Array =>
    Float32Array.from({ length: replicas }, (_, r) => all[r * own + planes.length * size + k]);
  return {
    state: Object.fromEntries(planes.map((name, k) => [name, plane(k)])),
    scalars: Object.fromEntries(Object.entries(scalars).map(([name, k]) => [name, column(k)])),
  };
}

export function packState(
  { state, scalars: columns }: Unpacked,
  { planes, scalars, places }: Kept,
  replicas: number,
  size: number,
): Float32Array {
  const own = planes.length * size + places;
  const all = new Float32Array(replicas * own);
  for (let r = 0; r < replicas; r++) {
    planes.forEach((name, k) =>
      all.set(state[name].subarray(r * size, (r + 1) * size), r * own + k * size),
    );
    for (const [name, k] of Object.entries(scalars))
      all[r * own + planes.length * size + k] = columns![name][r];
  }
  return all;
}
