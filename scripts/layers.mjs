/**
 * The layers as a lint rule: an import may point down or sideways in this table, never up. `random` depends
 * on nothing and everyone may use it. The one table from which eslint.config.js takes its import rules.
 */
export const RANKS = [
  ['gpu'],
  ['plan'],
  ['graph', 'ops'],
  ['slt', 'interp', 'prune', 'data', 'nn', 'optim', 'chip', 'tune'],
  ['lab'],
];

const FREE = 'random';
const OUTSIDE = ['demos', 'benches', 'tests', 'scripts'];

const GPU_ENTRY = [
  {
    selector: "MemberExpression[object.name='navigator'][property.name='gpu']",
    message: 'Only src/gpu may touch navigator.gpu.',
  },
  {
    selector: 'MemberExpression[property.name=/^(requestAdapter|requestDevice)$/]',
    message: 'Only src/gpu may ask for an adapter or a device.',
  },
];

const NO_DOM = ['document', 'window', 'localStorage', 'HTMLElement'].map((name) => ({
  name,
  message: 'src/ knows no DOM: it runs in workers and in Node.',
}));

/** Flat-config entries: import rules for each folder of src/, and who may reach the GPU and the DOM. */
export function layerRules() {
  const all = [...RANKS.flat(), FREE];
  const folders = RANKS.flatMap((rank, i) =>
    rank.map((folder) => importRule(folder, RANKS.slice(i + 1).flat())),
  );
  return [
    ...folders,
    importRule(
      FREE,
      all.filter((folder) => folder !== FREE),
    ),
    importRule('*.ts', []), // src/index.ts and its like: anything in src/, nothing outside
    {
      files: ['src/**/*.ts'],
      rules: { 'no-restricted-globals': ['error', ...NO_DOM] },
    },
    {
      files: ['src/**/*.ts', 'demos/**/*.ts'],
      ignores: ['src/gpu/**'],
      rules: { 'no-restricted-syntax': ['error', ...GPU_ENTRY] },
    },
  ];
}

/** For files of src/`folder`: no import of `upper` layers, of anything outside src/, of any package. */
function importRule(folder, upper) {
  // Error classes and the shader type know nothing of the layers and may be imported by all.
  const into = (names) => `^(\\.{1,2}/)+(?!gpu/(errors|shader)$)(${names.join('|')})(/|$)`;
  return {
    files: [folder.endsWith('.ts') ? `src/${folder}` : `src/${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...(upper.length === 0
              ? []
              : [{ regex: into(upper), message: `src/${folder} must not import an upper layer.` }]),
            { regex: into(OUTSIDE), message: 'src/ imports nothing outside src/ and shaders/.' },
            { regex: '^[^./]', message: 'The library has no runtime dependency.' },
          ],
        },
      ],
    },
  };
}
