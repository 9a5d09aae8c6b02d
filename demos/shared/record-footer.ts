/** The footer of record: what made the numbers on this page, and every way to take them along. */
import { sayAdapter } from './badge';
import { make } from './dom';
import type { Chart } from './chart';
import {
  asJson,
  chartPicture,
  chooseFiles,
  copyText,
  createExports,
  download,
  embedSnippet,
} from './exports';
import { STAGES } from '../../src/lab/files';
import type { RunRecord } from '../../src/lab/record';
import type { Safetensors } from '../../src/lab/safetensors-read';
import { valueAt, withValue, type Config, type Field } from './fields';
import type { Session } from './session';
import type { Snapshot } from './session-state';
import { parseStored, type StoredRun } from './stored';
import { writeStored } from './stored-write';
import type { StoredSeries } from './stored-series';
import { sayCount } from './words';
import type { RunControl } from './run';

type Metadata = Safetensors['metadata'];

export interface RecordOptions {
  /** Begins the names of files: `grokking`. */
  readonly page: string;
  /** Begins the line of record: “Grokking”. */
  readonly name: string;
  readonly session: Session;
  readonly control: RunControl;
  readonly fields: readonly Field[];
  /** The chart that PNG and SVG show. */
  readonly chart: Chart;
  readonly onStored: (stored: StoredRun) => void;
  /** Views along the run that go into the file of curves, in place of the latest of each. */
  readonly series?: () => Promise<Readonly<Record<string, StoredSeries>>>;
  /** The file of curves as this page writes it, in place of what the session holds. */
  readonly curves?: (record: RunRecord) => Promise<object>;
  /** The run is in stages: what its checkpoint goes on from is a file of its own. */
  readonly staged?: boolean;
  /** A configuration as a checkpoint names it; without this, each known setting of it is taken over. */
  readonly readConfig?: (said: unknown) => Config | Promise<Config>;
}

export interface RecordFooter {
  readonly element: HTMLElement;
  /** Files that were dropped on the page. */
  drop(files: readonly File[]): void;
  update(): void;
}

export function createFooter(options: RecordOptions): RecordFooter {
  const { session, control, fields, chart, onStored } = options;
  const line = make('p', { class: 'made' });
  const dropped = make('p', { role: 'status' });
  const seed = (): number =>
    Number(valueAt(control.begun() ?? control.state().config, 'seed') ?? 0);
  const stem = (): string => `cusp-${options.page}-${control.state().preset}-seed${seed()}`;
  const needRun = (): void => {
    if (session.state.step === 0) throw new Error('there is no run yet');
  };

  const files = createExports([
    {
      id: 'export-csv',
      label: 'CSV',
      title: 'All metrics, a row per evaluation',
      async act() {
        needRun();
        const { csv } = await session.record();
        return download(`${stem()}.csv`, new Blob([csv], { type: 'text/csv' }));
      },
    },
    {
      id: 'export-png',
      label: 'PNG',
      title: 'The chart with its title and configuration',
      act: async () => download(`${stem()}.png`, await chartPicture(chart, sayMade())),
    },
    {
      id: 'export-svg',
      label: 'SVG',
      title: 'The chart as lines and text',
      async act() {
        const svg = await chart.vector(sayMade());
        return download(`${stem()}.svg`, new Blob([svg], { type: 'image/svg+xml' }));
      },
    },
    {
      id: 'export-checkpoint',
      label: 'safetensors',
      title: 'Weights and optimiser state, readable by PyTorch tools',
      async act() {
        const { step, bytes } = await session.checkpoint();
        return download(`${stem()}-step${step}.safetensors`, new Blob([bytes]));
      },
    },
    ...(options.staged === true
      ? [
          {
            id: 'export-stages',
            label: 'stages',
            title: 'Masks and weights of all stages; with the safetensors beside it a run goes on',
            async act() {
              needRun();
              const { step, files: own } = await session.checkpoint();
              return download(
                `${stem()}-step${step}-${STAGES}`,
                new Blob([own[STAGES] as ArrayBuffer]),
              );
            },
          },
        ]
      : []),
    {
      id: 'export-record',
      label: 'run.json',
      title: 'The run record: configuration, device, events, last metrics',
      async act() {
        needRun();
        const { record } = await session.record();
        return download(`${stem()}.run.json`, asJson(record));
      },
    },
    {
      id: 'export-curves',
      label: 'curves.json',
      title: 'Curves, events and the latest views; this page can show such a file in grey',
      async act() {
        needRun();
        return download(`${stem()}.curves.json`, asJson(await curves()));
      },
    },
    {
      id: 'copy-link',
      label: 'Copy link',
      title: 'The address with everything that differs from the preset',
      act: () => copyText(location.href, 'link'),
    },
    {
      id: 'copy-embed',
      label: 'Copy embed snippet',
      title: 'A frame with this figure for another page',
      act: () => copyText(embedSnippet(new URL(location.href)), 'snippet'),
    },
    {
      id: 'load',
      label: 'Load a file',
      title:
        options.staged === true
          ? 'A curves.json as the grey run, or safetensors and stages of one step to continue from'
          : 'A curves.json as the grey run, or a safetensors checkpoint to continue from',
      act: async () => load(await chooseFiles('.json,.safetensors', options.staged === true)),
    },
  ]);

  async function curves(): Promise<object> {
    const { config, adapter, columns, events, views } = session.state;
    if (config === null || adapter === null) throw new Error('there is no run yet');
    const latest = new Map<string, Snapshot>();
    const series = (await options.series?.()) ?? {};
    for (const [name, list] of views) {
      const last = list.at(-1);
      if (last !== undefined && !Object.hasOwn(series, name) && last.data.byteLength < 1e6)
        latest.set(name, last);
    }
    const { record } = await session.record();
    if (options.curves !== undefined) return options.curves(record);
    return writeStored(
      { config, adapter, columns, events, results: record.results },
      latest,
      series,
    );
  }

  async function load(given: readonly File[]): Promise<string> {
    const [file] = given;
    if (file === undefined) return '';
    if (file.name.endsWith('.json')) {
      onStored(parseStored(await file.text()));
      return `${file.name} is shown in grey`;
    }
    if (given.some(({ size }) => size > 500e6)) throw new Error('the file is larger than 500 MB');
    const all = await Promise.all(given.map((one) => one.arrayBuffer()));
    const { readSafetensors } = await import('../../src/lab/safetensors-read');
    const metadataOf = (one: ArrayBuffer): Metadata =>
      readSafetensors(new Uint8Array(one)).metadata;
    const stages =
      options.staged === true ? all.find((one) => metadataOf(one).has('stages')) : undefined;
    const bytes = all.find((one) => one !== stages);
    if (bytes === undefined || (options.staged === true && stages === undefined)) {
      throw new Error('choose the checkpoint and the stages that were saved at its step, together');
    }
    control.openSaved(await configIn(metadataOf(bytes)), {
      bytes,
      ...(stages && { files: { [STAGES]: stages } }),
    });
    return `${given.map(({ name }) => name).join(', ')}: being opened`;
  }

  /** The configuration that a checkpoint names, known settings only; the worker checks it again. */
  function configIn(metadata: Metadata): Config | Promise<Config> {
    const said = JSON.parse(metadata.get('config') ?? 'null') as unknown;
    if (options.readConfig !== undefined) return options.readConfig(said);
    return fields.reduce((config, { path }) => {
      const value = valueAt(said, path);
      return value === undefined ? config : withValue(config, path, value);
    }, control.state().config);
  }

  function sayMade(): string {
    const { adapter, step } = session.state;
    const device = adapter === null ? 'no device yet' : sayAdapter(adapter);
    return `${options.name}, preset ${control.state().preset}, seed ${seed()}, ${sayCount(step)} steps, ${device}, Cusp`;
  }

  return {
    element: make(
      'div',
      {},
      line,
      files,
      dropped,
      make(
        'p',
        { class: 'fine' },
        'Everything runs and stays on this machine; nothing is sent anywhere. Files can be dropped on the page.',
      ),
    ),
    drop(given) {
      load(given).then(
        (words) => (dropped.textContent = words),
        (error: unknown) => (dropped.textContent = `not loaded: ${String(error)}`),
      );
    },
    update() {
      const text = `${sayMade()}.`;
      if (line.textContent !== text) line.textContent = text;
    },
  };
}
