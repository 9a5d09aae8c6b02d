/** The page of the learning coefficient on its built files under a strict policy; most stories use the worker double. */
import { AxePuppeteer } from '@axe-core/puppeteer';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readSafetensors } from '../../src/lab/safetensors-read';
import {
  closeVisits,
  count,
  openPages,
  saveFile,
  textOf,
  typeInto,
  visit,
  waitForStatus,
  type Pages,
  type Visit,
} from './support';

let pages: Pages;
beforeAll(async () => {
  pages = await openPages('double-llc.ts');
});
afterEach(() => closeVisits());
afterAll(async () => {
  await pages.close();
});

/** Few chains and draws: the double samples for real. */
const small = 'v=1&sampler.chains=8&sampler.burnin=20&sampler.draws=60';
const address = (query: string, base = pages.double): string =>
  `${base}learning-coefficient/index.html?${query}`;
const open = async (query = small, options = {}): Promise<Visit> => {
  const opened = await visit(pages.browser, address(query), options);
  await waitForStatus(opened.page, /ready/);
  return opened;
};
const finish = async (page: Page): Promise<void> => {
  await page.click('#run');
  await waitForStatus(page, /^done/);
};
const waitForText = (page: Page, selector: string, pattern: RegExp): Promise<unknown> =>
  page.waitForFunction(
    (where: string, source: string) =>
      new RegExp(source).test(document.querySelector(where)?.textContent ?? ''),
    { polling: 50 },
    selector,
    pattern.source,
  );

describe('transport', () => {
  test('starts, pauses, steps, resumes and resets', async () => {
    const { page } = await open('v=1&sampler.chains=8&sampler.burnin=200&sampler.draws=100000');
    await page.click('#run');
    await waitForStatus(page, /running, step [\d,]{2,}/);
    await page.click('#run');
    const paused = await waitForStatus(page, /paused at step/);
    const step = Number(/step ([\d,]+)/.exec(paused)?.[1]?.replace(',', ''));
    await page.click('#step');
    await waitForStatus(page, new RegExp(`paused at step ${(step + 1).toLocaleString('en-US')} `));
    await expect.poll(() => textOf(page, '#run')).toBe('Resume');
    await page.click('#reset');
    await waitForStatus(page, /^ready, 501,000 steps/);
  });

  test('finishes: λ̂ with its nβ, badges, a verdict and the ribbon', async () => {
    const { page, complaints } = await open();
    await finish(page);
    await waitForText(page, '#finding', /^λ̂ = \d/);
    await expect
      .poll(() => textOf(page, '#finding'))
      .toMatch(/^λ̂ = [\d.]+ ± [\d.]+ \(nβ = 1000\).*; exactly 0\.390 here, λ = 1\/2 as nβ → ∞$/);
    await expect.poll(() => count(page, '.badge')).toBe(7);
    await expect.poll(() => textOf(page, '.badges')).toMatch(/R̂1\.004mixed≤ 1\.05/);
    await expect.poll(() => textOf(page, '.badges')).toContain('0 of 8');
    await expect.poll(() => count(page, '#verdict li')).toBe(1);
    const ribbon = await page.$eval('svg.ribbon', (svg) => svg.getAttribute('aria-label'));
    expect(ribbon).toMatch(/burn-in from step 0 to 20; sampling from step 20/);
    await page.click('#numbers-estimate summary');
    await page.waitForSelector('#numbers-estimate tbody tr');
    expect(complaints).toEqual([]);
  });

  test('chains that were lost are counted and called so', async () => {
    const { page } = await open(`${small}&seed=13`);
    await finish(page);
    await waitForText(page, '.badges', /1 of 8left out/);
    await expect.poll(() => count(page, '.badge.poor')).toBe(1);
  });
});

describe('before any click', () => {
  test('shows the stored run with its badges, a stored sweep and λ̂ through training', async () => {
    const { page } = await open('v=1');
    await waitForText(page, '#finding', /^In the stored run λ̂ = 0\.3\d+ ± /);
    await expect.poll(() => textOf(page, '#badges-of')).toBe('Of the stored run.');
    await waitForText(page, '#sweep-title', /settings come within 10 % of/);
    await expect.poll(() => count(page, '.cell:disabled')).toBeGreaterThan(20);
    await waitForText(page, '#training-run-title', /^λ̂ climbs from/);
  });

  test('another target has another picture and no stored run', async () => {
    const { page } = await open('v=1');
    await page.select('#target', 'superposition-kgons');
    await page.waitForFunction(() => location.search.includes('preset=superposition-kgons'));
    await waitForText(page, '#deck', /Toy model of superposition, 6 features/);
    expect(await page.$eval('#field-target-state', (box) => (box as HTMLInputElement).value)).toBe(
      '5+',
    );
    await expect.poll(() => textOf(page, '#finding')).not.toContain('stored');
    await page.waitForSelector('.rung.chosen');
    expect(await page.$eval('.rung.chosen', (rung) => rung.getAttribute('aria-label'))).toMatch(
      /^State 5\+: loss 0\.06180, λ = 8\.5/,
    );
  });
});

describe('address', () => {
  test('carries target, sampler and sweep there and back', async () => {
    const { page } = await open('v=1&preset=quadratic&sampler.lr=0.001&sweep.lr=1e-4,1e-3&seed=3');
    const value = (id: string): Promise<string> =>
      page.$eval(`#field-${id}`, (box) => (box as HTMLInputElement).value);
    expect(await value('sampler-lr')).toBe('0.001');
    await typeInto(page, '#field-sampler-nbeta', '500');
    await page.waitForFunction(() => location.search.includes('sampler.nbeta=500'));
    await page.reload();
    await waitForStatus(page, /ready/);
    expect(await value('sampler-nbeta')).toBe('500');
    expect(await value('sweep-lr')).toBe('0.0001,0.001');
    expect(await page.$eval('#seed', (box) => (box as HTMLInputElement).value)).toBe('3');
    expect(await page.$eval('#target', (box) => (box as HTMLSelectElement).value)).toBe(
      'quadratic',
    );
  });

  test('is not trusted', async () => {
    const { page } = await open('v=1&sampler.lr=-1&__proto__.x=1&target.hidden=3&preset=no');
    const notice = await textOf(page, '[data-notice=link]');
    expect(notice).toContain('sampler.lr = -1 is out of range');
    expect(notice).toContain('“__proto__.x” is not a setting');
    expect(notice).toContain('“target.hidden” is not a setting');
    expect(notice).toContain('there is no preset “no”');
  });

  test('a change during a run is marked and waits for a restart', async () => {
    const { page } = await open();
    await page.click('#step-25');
    await waitForStatus(page, /paused at step 25 /);
    await typeInto(page, '#field-sampler-localization', '7');
    await page.waitForSelector('.field.changed #field-sampler-localization');
    await expect.poll(() => textOf(page, '#run')).toBe('Restart');
  });
});

describe('sweep', () => {
  test('a cell shows its own chains and badges', async () => {
    const grid = 'sweep.lr=1e-4,1e-3&sweep.localization=1,100';
    const { page } = await open(`${small}&${grid}`);
    await finish(page);
    await page.waitForSelector('.cell:not(:disabled)');
    await expect.poll(() => count(page, '.cell')).toBe(4);
    const shown = (): Promise<string> =>
      page.$eval(
        '#group',
        (select) => (select as HTMLSelectElement).selectedOptions[0]?.text ?? '',
      );
    expect(await shown()).toBe('ε = 1e-4, γ = 1, nβ = 1000');
    await page.click('#cell-1');
    await waitForText(page, '.badges', /not mixed/);
    await page.waitForFunction(
      () => document.querySelector<HTMLSelectElement>('#group')?.value === '1',
    );
    expect(await shown()).toContain('γ = 100');
    expect(await page.$eval('#cell-1', (cell) => cell.getAttribute('aria-pressed'))).toBe('true');
    await expect.poll(() => textOf(page, '#verdict')).toContain('R̂ = 1.21');
  });

  test('a sentence sets a grid and runs it', async () => {
    const { page } = await open();
    await page.click('button.set[data-set*="preset=quadratic"][data-run]');
    await waitForStatus(page, /running/);
    expect(page.url()).toMatch(/preset=quadratic.*sweep\.lr=/);
    await expect.poll(() => textOf(page, '#sweep-title')).not.toBe('');
  });
});

describe('several points', () => {
  test('are drawn in their order and chosen by key', async () => {
    const { page } = await open(
      'v=1&preset=rescaling&sampler.chains=4&sampler.burnin=10&sampler.draws=30',
    );
    await page.click('#step-25');
    await waitForStatus(page, /paused at step 25 /);
    await page.waitForSelector('#journey:not([hidden]) .point');
    await expect.poll(() => count(page, '#journey .point')).toBeGreaterThan(2);
    await page.focus('#journey .plot');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => {
      const select = document.querySelector<HTMLSelectElement>('#group');
      return select?.selectedOptions[0]?.text.startsWith('× ') === true && select.value === '1';
    });
  });
});

describe('your grokking run', () => {
  test('is trained first where none is kept', async () => {
    const { page } = await open('v=1&preset=browser');
    await expect
      .poll(() => textOf(page, '[data-notice=source]'))
      .toContain('No grokking run is kept');
    expect(page.url()).toContain('preset=normal-crossing');
  });

  test('can be chosen once it is kept, and its losses stand above its λ̂', async () => {
    const { page } = await open();
    const disabled = (): Promise<boolean> =>
      page.$eval('#target option[value=browser]', (one) => (one as HTMLOptionElement).disabled);
    expect(await disabled()).toBe(true);
    // As demos/grokking/keep.ts leaves it.
    await page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const asked = indexedDB.open('cusp', 1);
          asked.onerror = () => reject(new Error('no storage'));
          asked.onsuccess = () => {
            const losses = [4, 2, 1, 0.5, 0.1, 0.01].map((loss) => [loss]);
            const columns = {
              steps: [0, 400, 800, 1200, 1600, 2000],
              values: new Map([
                ['train_loss', losses],
                ['test_loss', losses],
              ]),
            };
            const record = { config: {} };
            const checkpoints = new ArrayBuffer(8);
            const kept = { description: 'MLP', record, columns, checkpoints };
            const done = asked.result.transaction('runs', 'readwrite');
            done.objectStore('runs').put(kept, 'grokking.source');
            done.oncomplete = () => {
              asked.result.close();
              resolve();
            };
          };
        }),
    );
    await page.goto(address('v=1&preset=browser&sampler.burnin=5&sampler.draws=20'));
    await waitForStatus(page, /ready/);
    expect(await disabled()).toBe(false);
    await finish(page);
    await page.waitForSelector('#journey:not([hidden]) .line-test');
    await waitForText(page, '#finding', /^λ̂ peaks/);
    await expect
      .poll(() => textOf(page, '#finding'))
      .toMatch(/^λ̂ peaks at step \d+ and falls by \d+ %/);
  });
});

describe('files', () => {
  test('CSV, PNG, SVG, record and curves are what they say', async () => {
    const { page } = await open();
    await finish(page);
    const csv = await saveFile(page, '#export-csv');
    expect(csv.name).toBe('cusp-learning-coefficient-normal-crossing-seed0.csv');
    const png = await saveFile(page, '#export-png');
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    const svg = (await saveFile(page, '#export-svg')).bytes.toString();
    expect(svg).toContain('λ = 1/2');
    const record = JSON.parse((await saveFile(page, '#export-record')).bytes.toString()) as object;
    expect(record).toMatchObject({ experiment: 'llc', results: { theory: { lambda: 0.5 } } });
    const curves = JSON.parse((await saveFile(page, '#export-curves')).bytes.toString()) as object;
    expect(Object.keys((curves as { views: object }).views)).toContain('estimate');
  });
});

describe('trouble', () => {
  test('no WebGPU, a lost device and a refused configuration are told', async () => {
    const cpu = await open(`${small}&seed=15`);
    await expect
      .poll(() => textOf(cpu.page, '[data-notice=adapter]'))
      .toContain('on the CPU in float64');
    const lost = await open(`${small}&seed=14`);
    await lost.page.click('#run');
    await lost.page.waitForSelector('[data-notice=restored]');
    const refused = await visit(pages.browser, address(`${small}&seed=16`));
    await refused.page.waitForSelector('[data-notice=trouble]');
    await expect.poll(() => textOf(refused.page, '[data-notice=trouble]')).toContain('sampler.lr');
  });
});

describe('everyone', () => {
  test.each([false, true])('axe finds nothing serious (dark: %s)', async (dark) => {
    const { page } = await open(`${small}&sweep.lr=1e-4,1e-3,1e-2`, { dark });
    await finish(page);
    await page.waitForSelector('.cell:not(:disabled)');
    await page.$eval('#more', (more) => ((more as HTMLDetailsElement).open = true));
    const { violations } = await new AxePuppeteer(page).analyze();
    const serious = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
    expect(serious).toEqual([]);
  });

  test('nothing sticks out at 390 pixels', async () => {
    const { page } = await open(`${small}&sweep.lr=1e-4,1e-3`, { width: 390, height: 844 });
    await finish(page);
    await page.waitForSelector('.cell:not(:disabled)');
    const [inside, all] = await page.evaluate(() => {
      const { clientWidth, scrollWidth } = document.documentElement;
      return [clientWidth, scrollWidth];
    });
    expect(all).toBe(inside);
  });

  test('figure, transport and badges fit a laptop screen; embedded, they stand alone', async () => {
    const { page } = await open('v=1&embed=1');
    expect(await page.$eval('h1', (h1) => getComputedStyle(h1).display)).toBe('none');
    const whole = await open('v=1');
    const bottom = await whole.page.$eval('.badges', (row) => row.getBoundingClientRect().bottom);
    expect(bottom).toBeLessThan(800);
  });
});

describe('with the real worker', () => {
  test('a cell of a finished sweep shows its traces', async () => {
    const query = 'v=1&sampler.chains=8&sampler.burnin=20&sampler.draws=60&sweep.lr=1e-4,5e-4';
    const { page, complaints } = await visit(pages.browser, address(query, pages.real));
    await waitForStatus(page, /ready/, 110_000);
    await page.click('#run');
    await waitForStatus(page, /^done/, 110_000);
    await page.waitForSelector('#cell-1:not(:disabled)');
    await page.click('#cell-1');
    await waitForText(page, '#traces .readout', /draw \d+/);
    await waitForText(page, '#estimate .readout', /λ̂ \d/);
    expect(complaints).toEqual([]);
  });

  test('samples on the adapter, agrees with the exact value, draws and saves', async () => {
    const query = 'v=1&sampler.chains=32&sampler.burnin=50&sampler.draws=150';
    const { page, complaints } = await visit(pages.browser, address(query, pages.real));
    await waitForStatus(page, /ready/, 110_000);
    await page.click('#run');
    await waitForStatus(page, /^done/, 110_000);
    await waitForText(page, '#finding', /^λ̂ = 0\.\d+ ± 0\.\d+ \(nβ = 1000\).*exactly 0\.390/);
    const [, mean, error] = /= (0\.\d+) ± (0\.\d+)/.exec(await textOf(page, '#finding')) ?? [];
    expect(Math.abs(Number(mean) - 0.3903)).toBeLessThan(4 * Number(error));
    await expect.poll(() => textOf(page, '#deck')).toContain('on-chip path');
    const { tensors } = readSafetensors(
      new Uint8Array((await saveFile(page, '#export-checkpoint')).bytes),
    );
    expect(tensors.size).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });
});
