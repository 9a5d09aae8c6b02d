/** The override sets each shader is used with, and inputs for the race check. Names as in `Shader.name`. */

export type OverrideSet = Readonly<Record<string, number>>;

/** Kernels with lib/rows/team.wgsl: TEAM invocations reduce a row in workgroup memory. */
const TEAM_KERNELS = [
  'cross-entropy-team',
  'layer-norm-gradient-team',
  'layer-norm-moments-team',
  'layer-norm-team',
  'softmax-gradient-team',
  'softmax-team',
];

/** Kernels with lib/sampler/team.wgsl: WIDTH invocations add up their sums of a chain in workgroup memory. */
const CHAIN_KERNELS = [
  'optim/sampler/friction-team',
  'optim/sampler/langevin-team',
  'optim/sampler/trajectory-end-team',
];

const PRODUCT_KERNELS = ['any-any', 'columns-rows', 'rows-columns', 'rows-rows'].map(
  (layout) => `matmul/tiled-${layout}`,
);

/** Besides its defaults, each shader is compiled with these. One with required overrides needs a row. */
export const OVERRIDES: Readonly<Record<string, readonly OverrideSet[]>> = {
  ...rowsOf(TEAM_KERNELS, [
    { TEAM: 4, WORKGROUP: 64 },
    { TEAM: 32, WORKGROUP: 64 },
    { TEAM: 256, WORKGROUP: 256 },
  ]),
  // Tiles of 128 and of 32.
  ...rowsOf(PRODUCT_KERNELS, [
    { SIDE: 16, AHEAD: 1 },
    { SIDE: 16, AHEAD: 0 },
    { BLOCKS: 1, AHEAD: 0 },
    { BLOCKS: 1, AHEAD: 1, A_ALONG_K: 0, B_ALONG_K: 1 },
  ]),
  ...rowsOf(
    PRODUCT_KERNELS.map((name) => name.replace('tiled', 'subgroups')),
    [4, 8, 16, 32, 64].flatMap((GROUP) => [
      { GROUP, WORKGROUP: Math.max(32, GROUP), COLUMNS: 2, FOURS: 0 },
      { GROUP, WORKGROUP: Math.max(32, GROUP), COLUMNS: 1, FOURS: 1 },
    ]),
  ),
  'cross-entropy': [{ CORRECT: 1 }, { LOSS: 1, CORRECT: 1, GRADIENT: 1 }],
  'cross-entropy-team': [
    { TEAM: 16, CORRECT: 1 },
    { TEAM: 16, LOSS: 1, CORRECT: 1, GRADIENT: 1 },
  ],
};

/** Inputs with which a kernel that shares workgroup memory exercises its barriers. */
export interface RaceCase {
  readonly overrides?: OverrideSet;
  /** Fields of `Params`; those not named get 8 (integers) or 0.5 (floats). */
  readonly params?: Readonly<Record<string, number | readonly number[]>>;
  /** 32-bit words in every storage buffer; default 1,024. */
  readonly words?: number;
  /** Contents of named integer buffers; others hold 0, 1, 2 in turn (floats: fractions). */
  readonly buffers?: Readonly<Record<string, readonly number[]>>;
  readonly workgroups?: readonly [number, number, number];
}

export const RACE_CASES: Readonly<Record<string, RaceCase>> = {
  // 3 rows of 21 in teams of 16: one row whole, one half empty workgroup.
  ...rowsOf(TEAM_KERNELS, {
    overrides: { TEAM: 16, WORKGROUP: 32 },
    params: { rows: 3, total: 3, columns: 21 },
    workgroups: [2, 1, 1],
  }),
  'cross-entropy-team': {
    overrides: { TEAM: 16, WORKGROUP: 32, LOSS: 1, CORRECT: 1, GRADIENT: 1 },
    params: {
      ...{ rows: 3, total: 3, columns: 21, stride: 24, gradientColumns: 24, shareStride: 1 },
      ...{ lossAt: 72, correctAt: 75 },
    },
    workgroups: [2, 1, 1],
  },
  // 5 chains of 21 vec4s, 16 invocations each: one workgroup is a quarter full, and invocations take one or two.
  ...rowsOf(CHAIN_KERNELS, {
    overrides: { WIDTH: 16, HEIGHT: 4 },
    params: { vectors: 21, replicas: 5, place_stride: 0, period: 1 },
    workgroups: [1, 2, 1],
  }),
  ...chainRaces(),
  ...trainingRaces(),
  ...rowsOf(['attention-key-tiled', 'attention-query-tiled'], { words: 32_768 }),
};

/** Three chains in teams of four, two teams a workgroup, two steps of a method each. */
function chainRaces(): Record<string, RaceCase> {
  const one = 0x3f800000;
  const shared = { CHAINS: 2, STRIDE: 8 };
  const params = {
    ...{ replicas: 3, row_every: 1, capacity: 4, leapfrog: 1, acceptance_every: 0 },
    ...{ fixed_stride: 0, directions: 0 },
  };
  const row = (overrides: OverrideSet, facts: readonly number[]): Record<string, RaceCase> => ({
    lane: { overrides: { ...shared, ...overrides, SIDE: 1 }, params, buffers: buffersOf(facts) },
    team: {
      overrides: { ...shared, TEAM: 4, WORKGROUP: 8, ...overrides },
      params,
      buffers: buffersOf(facts),
      workgroups: [2, 1, 1],
    },
  });
  const buffersOf = (facts: readonly number[]): RaceCase['buffers'] => ({
    clock: [0, 2, 2, 0, 1, 0, 1, 1, 1, 2],
    facts,
  });
  // Two layers of 2 → 2 → 1 and three samples, two of them at a time.
  const header = [2, 3, 17, 23, 26, 0, 0];
  const layers = [2, 2, 0, 0, 0, 2, 1, 4, 0, 2];
  const samples = Array<number>(12).fill(one);
  const targets: Record<string, Record<string, RaceCase>> = {
    quadratic: row({ METHOD: 2, PLANES: 3 }, [6, one, ...samples]),
    polynomial: row({ METHOD: 0 }, [3, 2, one, 2, 1, 0, one, 0, 2, 1]),
    superposition: row({ METHOD: 4, PLANES: 5 }, [2, 4]),
    network: row({ METHOD: 1, PLANES: 3, BATCH: 2, SCRATCH: 6, SIDE: 2, ACTIVATION: 2 }, [
      ...header,
      ...layers,
      ...samples,
    ]),
  };
  const cases: Record<string, RaceCase> = {};
  for (const [target, variants] of Object.entries(targets)) {
    for (const [variant, given] of Object.entries(variants)) {
      cases[`chain/${variant}-${target}`] = given;
    }
  }
  return cases;
}

/** Three networks in teams of four, two teams a workgroup, two steps of a rule each. */
function trainingRaces(): Record<string, RaceCase> {
  const one = 0x3f800000;
  const shared = { CHAINS: 2, STRIDE: 8, CLIPPED: 1 };
  const params = {
    ...{ replicas: 3, row_every: 1, capacity: 4, columns: 2, loss_column: 0, accuracy_column: 1 },
    ...{ mask_stride: 0, schedule_length: 1, correction_length: 1 },
  };
  const clock = [0, 2, 2, 0, 1, 0, 1, 1, 1, 2];
  // One layer of 2 → 2 with labels, two rows drawn from three samples; then three features in one hidden unit, four samples.
  const network = [1, 3, 12, 18, 21, 2, 0, 2, 2, 0, 4, 0, ...Array<number>(6).fill(one), 0, 1, 1];
  const targets: Record<string, { overrides: OverrideSet; facts: readonly number[] }> = {
    network: {
      overrides: { RULE: 3, PLANES: 4, BATCH: 2, SCRATCH: 6, LABELS: 1, DRAWN: 1 },
      facts: [...network, one, one, one],
    },
    superposition: { overrides: { RULE: 1, PLANES: 3 }, facts: [2, 4] },
    features: {
      overrides: { RULE: 0, PLANES: 2, BATCH: 4, SCRATCH: 32 },
      facts: [3, 1, 4, 4, 8, 9, 0, 3, one, one, one, one],
    },
  };
  const cases: Record<string, RaceCase> = {};
  for (const [target, { overrides, facts }] of Object.entries(targets)) {
    const buffers = { clock, facts };
    const both = { ...shared, ...overrides };
    const team = { ...both, TEAM: 4, WORKGROUP: 8 };
    cases[`chip/lane-${target}`] = { overrides: both, params, buffers };
    cases[`chip/team-${target}`] = {
      overrides: target === 'network' ? { ...team, SIDE: 2 } : team,
      params,
      buffers,
      workgroups: [2, 1, 1],
    };
  }
  return cases;
}

function rowsOf<T>(names: readonly string[], row: T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, row]));
}
