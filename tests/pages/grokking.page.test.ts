/** The grokking page on its built files under a strict policy; stories that need staging use the worker double. */
import { AxePuppeteer } from '@axe-core/puppeteer';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readSafetensors } from '../../src/lab/safetensors-read';
import { launchChrome } from '../support/puppeteer-provider.ts';
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
  pages = await openPages();
});
afterEach(() => closeVisits());
afterAll(async () => {
  await pages.close();
});

const address = (query = '', base = pages.double): string => `${base}grokking/index.html${query}`;
/** A seed of the double's that is done at once. */
const HURRY = 20;
const open = async (query = '', options = {}): Promise<Visit> => {
  const opened = await visit(pages.browser, address(query), options);
  await waitForStatus(opened.page, /ready/);
  return opened;
};
const step = async (page: Page): Promise<number> =>
  Number(/step ([\d,]+)/.exec(await textOf(page, '#status'))?.[1]?.replace(',', '') ?? 0);

describe('transport', () => {
  test('runs, pauses, resumes, steps and resets', async () => {
    const { page } = await open();
    await expect.poll(() => textOf(page, '#run')).toBe('Run');
    await page.click('#run');
    await waitForStatus(page, /running, step [1-9]\d+/);
    await expect.poll(() => textOf(page, '#run')).toBe('Pause');
    await page.click('#run');
    await waitForStatus(page, /paused at step/);
    const paused = await step(page);
    await page.click('#step');
    await waitForStatus(page, new RegExp(`paused at step ${paused + 1} `));
    await page.click('#step-25');
    await waitForStatus(page, new RegExp(`paused at step ${paused + 26} `));
    await expect.poll(() => textOf(page, '#run')).toBe('Resume');
    await page.click('#reset');
    await waitForStatus(page, /^ready, [\d,]+ steps/);
    await expect.poll(() => textOf(page, '#run')).toBe('Run');
  });

  test('finishes, says what it found and fills the ribbon', async () => {
    const { page, complaints } = await open(`?seed=${HURRY}`);
    await page.click('#run');
    await waitForStatus(page, /^done, [\d,]+ steps/);
    await expect
      .poll(() => textOf(page, '#loss-title'))
      .toMatch(/fitted at step \d+, the others only at step [\d,]+/);
    const ribbon = await page.$eval('svg.ribbon', (svg) => svg.getAttribute('aria-label'));
    expect(ribbon).toMatch(/memorisation from step 0 .*circuit formation.*clean-up/);
    await page.click('#numbers-loss summary');
    await page.waitForSelector('#numbers-loss tbody tr');
    await expect.poll(() => count(page, '#numbers-loss tbody tr')).toBeGreaterThan(20);
    await page.waitForSelector('[data-notice=source] button');
    await expect.poll(() => textOf(page, '[data-notice=source]')).toMatch(/kept in this browser/);
    expect(complaints).toEqual([]);
  });

  test('a new seed is another run, and a typed seed is kept', async () => {
    const { page } = await open();
    await typeInto(page, '#seed', '7');
    await page.waitForFunction(() => location.search.includes('seed=7'));
    await page.click('#new-seed');
    await page.waitForFunction(() => !/[?&]seed=7(&|$)/.test(location.search));
  });

  test('pauses while hidden, says so, and goes on when seen again', async () => {
    const { page } = await open();
    await page.click('#run');
    await waitForStatus(page, /running, step/);
    const hide = (hidden: boolean): Promise<void> =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await hide(true);
    await waitForStatus(page, /paused at step .*because the tab was hidden/);
    await hide(false);
    await waitForStatus(page, /running, step/);
  });
});

describe('keys', () => {
  test('run the whole page without a mouse', async () => {
    const { page } = await open();
    await page.keyboard.press('Space');
    await waitForStatus(page, /running, step/);
    await page.keyboard.press('Space');
    await waitForStatus(page, /paused at step/);
    const paused = await step(page);
    await page.keyboard.press('.');
    await waitForStatus(page, new RegExp(`paused at step ${paused + 1} `));
    await page.keyboard.press('l');
    expect(await page.$eval('#log-steps', (box) => (box as HTMLInputElement).checked)).toBe(true);
    await page.keyboard.type('?');
    expect(await page.$eval('#help', (help) => (help as HTMLDetailsElement).open)).toBe(true);
    await page.keyboard.press('r');
    await waitForStatus(page, /^ready/);
  });

  test('leave fields alone, and can be switched off', async () => {
    const { page } = await open();
    await page.focus('#seed');
    await page.keyboard.press('Space');
    await page.keyboard.press('.');
    await expect.poll(() => textOf(page, '#status')).toMatch(/^ready/);
    await page.$eval('#keys', (box) => (box as HTMLInputElement).click());
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press('Space');
    await expect.poll(() => textOf(page, '#status')).toMatch(/^ready/);
  });

  test('reach every control by Tab, and the arrows read the chart', async () => {
    const { page } = await open(`?seed=${HURRY}`);
    const reached = new Set<string>();
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate(() => document.activeElement?.id ?? ''));
    }
    for (const id of ['run', 'step', 'reset', 'seed', 'new-seed', 'field-optimizer-weightDecay']) {
      expect(reached).toContain(id);
    }
    await page.focus('#run');
    await page.keyboard.press('Enter');
    await waitForStatus(page, /done/);
    await page.focus('#loss .plot');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    const now = await page.$eval('#loss .plot', (plot) => plot.getAttribute('aria-valuenow'));
    expect(now).toBe('25');
  });
});

describe('address', () => {
  test('carries the configuration there and back', async () => {
    const { page } = await open('?preset=transformer&optimizer.lr=0.02&seed=3');
    await expect.poll(() => textOf(page, '#deck')).toMatch(/^Transformer, width 64, 4 heads/);
    const value = (id: string): Promise<string> =>
      page.$eval(`#field-${id}`, (box) => (box as HTMLInputElement).value);
    expect(await value('optimizer-lr')).toBe('0.02');
    await typeInto(page, '#field-optimizer-weightDecay', '0.5');
    await page.waitForFunction(() => location.search.includes('optimizer.weightDecay=0.5'));
    await page.reload();
    await waitForStatus(page, /ready/);
    expect(await value('optimizer-lr')).toBe('0.02');
    expect(await value('optimizer-weightDecay')).toBe('0.5');
    expect(await page.$eval('#seed', (box) => (box as HTMLInputElement).value)).toBe('3');
    expect(page.url()).not.toContain('network');
  });

  test('is not trusted: ranges hold, strangers are named, prototypes are out of reach', async () => {
    const query = '?data.fraction=7&steps=abc&__proto__.polluted=1&preset=nonsense';
    const { page } = await open(query);
    const notice = await textOf(page, '[data-notice=link]');
    expect(notice).toMatch(/data\.fraction = 7 is out of range, 0\.\d+ is used/);
    expect(notice).toContain('steps must be a number');
    expect(notice).toContain('“__proto__.polluted” is not a setting');
    expect(notice).toContain('there is no preset “nonsense”');
    expect(await page.evaluate(() => 'polluted' in {})).toBe(false);
  });

  test('a change during a run is marked and waits for a restart', async () => {
    const { page } = await open();
    await page.click('#run');
    await waitForStatus(page, /running, step/);
    await page.click('#run');
    await waitForStatus(page, /paused/);
    await page.click('button.set[data-set="optimizer.weightDecay=0.3"]');
    await page.waitForSelector('.field.changed #field-optimizer-weightDecay');
    await expect.poll(() => textOf(page, '.pending')).toContain('Weight decay');
    await expect.poll(() => textOf(page, '#run')).toBe('Restart');
    await page.click('#run');
    await waitForStatus(page, /running, step \d{1,3} /);
    await expect.poll(() => count(page, '.field.changed')).toBe(0);
  });
});

describe('files', () => {
  test('CSV, PNG, checkpoint, record and curves are what they say', async () => {
    const { page } = await open();
    await page.click('#step-25');
    await waitForStatus(page, /paused at step 25 /);
    const csv = await saveFile(page, '#export-csv');
    expect(csv.name).toBe('cusp-grokking-quick-seed0.csv');
    expect(csv.bytes.toString()).toMatch(/^step,/);
    const png = await saveFile(page, '#export-png');
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(png.bytes.length).toBeGreaterThan(5000);
    const checkpoint = await saveFile(page, '#export-checkpoint');
    expect(checkpoint.name).toMatch(/-step25\.safetensors$/);
    const record = JSON.parse((await saveFile(page, '#export-record')).bytes.toString()) as object;
    expect(record).toMatchObject({ schema: 1, experiment: 'modular-addition', steps: 25 });
    const curves = JSON.parse((await saveFile(page, '#export-curves')).bytes.toString()) as object;
    expect(curves).toMatchObject({ steps: [0, 25], config: { seed: 0 } });
  });

  test('a run left unfinished can be continued after a reload', async () => {
    const { page } = await open();
    await page.click('#step-25');
    await waitForStatus(page, /paused at step 25 /);
    // Kept as soon as it pauses; the reload waits for the storage, not for a guess.
    await page.waitForFunction(
      () =>
        new Promise<boolean>((resolve) => {
          const asked = indexedDB.open('cusp', 1);
          asked.onsuccess = () => {
            const database = asked.result;
            const found = database.transaction('runs').objectStore('runs').count();
            found.onsuccess = () => {
              database.close();
              resolve(found.result === 1);
            };
          };
        }),
      { polling: 200 },
    );
    await page.reload();
    await page.waitForSelector('[data-notice=kept] button');
    await page.click('[data-notice=kept] button');
    await waitForStatus(page, /ready at step 25 /);
    await expect.poll(() => textOf(page, '#loss .readout')).toContain('step 25');
  });
});

describe('the microscope', () => {
  const finish = async (query = `?seed=${HURRY}`): Promise<Page> => {
    const { page } = await open(query);
    await page.click('#run');
    await waitForStatus(page, /^done/);
    return page;
  };
  const label = (page: Page, selector: string): Promise<string> =>
    page.$eval(selector, (element) => {
      element.scrollIntoView();
      return element.getAttribute('aria-label') ?? '';
    });
  const settled = async (page: Page, selector: string, pattern: RegExp): Promise<void> => {
    for (let tries = 0; tries < 100; tries++) {
      if (pattern.test(await label(page, selector))) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await expect.poll(() => label(page, selector)).toMatch(pattern);
  };

  test('draws what was measured, and lists it', async () => {
    const page = await finish();
    await settled(page, '#spectrum', /key frequencies are 2 \(.*10 \(.*18 \(.*21 \(.*24 \(/);
    await settled(page, '#readout-spectrum', /key frequencies are 2 /);
    await settled(page, '#planes', /53 tokens in the planes of frequencies: frequency 2, .*24, /);
    await settled(page, '#coefficients', /key frequencies are 2 /);
    await settled(page, '#excluded', /over 41 steps; at the last, key frequencies: 2 /);
    await settled(page, '#logit-spectrum', /53 by 53 cells/);
    await settled(page, '#neuron-spectrum', /53 by 53 cells/);
    await settled(page, '#neurons canvas', /\d+ at frequency 2, .*48 neurons in all/);
    await settled(page, '#neuron-maps', /k = 2, \d+ %, max .*k = 24, /);
    await settled(page, '#neuron-inputs', /48 by 53 cells/);
    await settled(page, '#turned', /53 by 53 cells/);
    await expect.poll(() => count(page, '.keys-table tbody tr')).toBe(5);
    const table = await textOf(page, '.measures');
    for (const name of ['restricted_loss', 'excluded_loss', 'logit_fve', 'embed.weight']) {
      expect(table).toContain(name);
    }
    await expect
      .poll(() => textOf(page, '#view-measures .chart-title'))
      .toBe('All measures at step 2,000');
  });

  test('goes back to any step: a click pins it, the bar moves it, all views follow', async () => {
    const page = await finish();
    await page.focus('#loss .plot');
    await page.keyboard.press('Home');
    for (let presses = 0; presses < 20; presses++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    const when = '#view-embedding-spectrum .when';
    await page.waitForFunction(
      (s) => document.querySelector(s)?.textContent === 'step 500',
      {},
      when,
    );
    await expect
      .poll(() => textOf(page, '#view-measures .chart-title'))
      .toBe('All measures at step 500');
    await expect.poll(() => textOf(page, '#loss .readout')).toContain('step 500');
    await page.$eval('#table', (place) => place.scrollIntoView());
    await page.waitForSelector('.scrubber:not(.away)');
    await expect.poll(() => textOf(page, '.scrub-said')).toMatch(/^500 · .*this run$/);
    await page.focus('#scrub');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(
      (s) => document.querySelector(s)?.textContent === 'step 450',
      {},
      when,
    );
    await page.click('#scrub-latest');
    await page.waitForFunction(
      (s) => document.querySelector(s)?.textContent === 'step 2,000',
      {},
      when,
    );
  });

  test('lets every figure be taken away, with what made it', async () => {
    const page = await finish('?seed=23&optimizer.lr=0.02');
    const save = async (id: string): Promise<{ name: string; bytes: Buffer }> => {
      await page.$eval(id, (button) => button.scrollIntoView({ block: 'center' }));
      return saveFile(page, id);
    };
    const csv = await save('#csv-neurons');
    expect(csv.name).toBe('cusp-grokking-quick-seed23-neurons-step2000.csv');
    const [made, heading, ...rows] = csv.bytes.toString().trim().split('\n');
    expect(made).toMatch(/^# Grokking, preset quick, optimizer\.lr=0\.02, seed 23, step 2,000, /);
    expect(heading).toBe('neuron,frequency,fve');
    expect(rows.length).toBe(48);
    const png = await save('#png-circles');
    expect(png.name).toBe('cusp-grokking-quick-seed23-circles-step2000.png');
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    const losses = await save('#csv-loss');
    expect(losses.bytes.toString()).toContain(
      '\nstep,train_loss,test_loss,restricted_loss,excluded_loss\n',
    );
    const figures = await page.$$eval('.view, .chart', (all) =>
      all
        .filter((one) => (one as HTMLElement).offsetParent !== null)
        .filter((one) => one.querySelector('.tools [id^=csv-]') === null)
        .map((one) => one.id),
    );
    expect(figures).toEqual([]);
  });

  test('measures λ̂ along the run when asked', async () => {
    const page = await finish();
    await page.$eval('#ask-llc', (button) => button.scrollIntoView({ block: 'center' }));
    await page.click('#ask-llc');
    await page.waitForFunction(
      () => document.querySelector('#llc-title')?.textContent?.startsWith('λ̂ peaks') === true,
    );
    await expect
      .poll(() => textOf(page, '#llc-title'))
      .toBe('λ̂ peaks at 120 near step 500 and ends at 80');
    await page.waitForFunction(
      () => document.querySelector('#ask-llc')?.textContent === 'Measure λ̂ along this run',
    );
  });

  test('says why there is nothing to measure, and trains all the same', async () => {
    const { page } = await open(`?data.operation=multiply&seed=${HURRY}`);
    await page.click('#run');
    await waitForStatus(page, /^done/);
    await expect.poll(() => textOf(page, '#unmeasured')).toContain('they are about addition alone');
    expect(await page.$eval('#waves', (place) => place.getClientRects().length)).toBe(0);
    const ribbon = await page.$eval('svg.ribbon', (svg) => svg.getAttribute('aria-label'));
    expect(ribbon).toMatch(/circuit formation from step 75 to 1,\d+; clean-up/);
  });

  test('shows a stored run at any step before there is another', async () => {
    const { page } = await open();
    const title = '#view-measures .chart-title';
    await page.waitForFunction(
      (s) => document.querySelector(s)?.textContent?.endsWith('of the stored run') === true,
      {},
      title,
    );
    await page.$eval('#table', (place) => place.scrollIntoView());
    await page.waitForSelector('.scrubber:not(.away)');
    await page.focus('#scrub');
    await page.keyboard.press('Home');
    for (let presses = 0; presses < 20; presses++) await page.keyboard.press('ArrowRight');
    await page.waitForFunction(
      (s) =>
        document.querySelector(s)?.textContent === 'All measures at step 500 of the stored run',
      {},
      title,
    );
    await expect.poll(() => textOf(page, '#view-neurons .when')).toBe('stored, step 500');
  });
});

describe('trouble', () => {
  test('no WebGPU: a plain banner, and the experiment on the CPU', async () => {
    const { page } = await open('?seed=15');
    const notice = await textOf(page, '[data-notice=adapter]');
    expect(notice).toMatch(/WebGPU/);
    expect(notice).toContain('runs on the CPU in float64');
    await expect.poll(() => textOf(page, '#status')).toMatch(/^CPU mode: ready/);
    await page.click('#run');
    await waitForStatus(page, /^CPU mode: running, step/);
  });

  test('a lost device is told and the run goes on', async () => {
    const { page } = await open('?seed=14');
    await page.click('#run');
    await page.waitForSelector('[data-notice=restored]');
    await expect
      .poll(() => textOf(page, '[data-notice=restored]'))
      .toContain('restored from step 75');
    await waitForStatus(page, /running, step [2-9]\d\d /);
  });

  test('divergence stops at its step and offers a smaller learning rate', async () => {
    const { page } = await open('?seed=13');
    await page.click('#run');
    await waitForStatus(page, /diverged at step 100/);
    const button = '[data-notice=trouble] button';
    await expect.poll(() => textOf(page, button)).toBe('Restart with learning rate 0.001');
    await page.click(button);
    await page.waitForFunction(() => location.search.includes('optimizer.lr=0.001'));
  });

  test('a run that cannot be opened says why', async () => {
    const { page } = await visit(pages.browser, address('?seed=16'));
    await page.waitForSelector('[data-notice=trouble]');
    await expect
      .poll(() => textOf(page, '[data-notice=trouble]'))
      .toContain('data.modulus must be at least 3');
    await expect.poll(() => textOf(page, '#status')).toBe('stopped by an error');
  });
});

describe('everyone', () => {
  test.each([false, true])('axe finds nothing serious (dark: %s)', async (dark) => {
    for (const path of ['index.html', 'grokking/index.html', 'check/index.html']) {
      const { page } = await visit(pages.browser, `${pages.double}${path}`, { dark });
      if (path.startsWith('grokking')) {
        await page.click('#run');
        await waitForStatus(page, /running, step [1-9]\d\d/);
        await page.$eval('#more', (more) => ((more as HTMLDetailsElement).open = true));
      }
      const { violations } = await new AxePuppeteer(page).analyze();
      const serious = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${path} ${id}: ${nodes.map((node) => node.html).join(' ')}`);
      expect(serious).toEqual([]);
    }
  });

  test('nothing sticks out at 390 pixels', async () => {
    for (const path of ['index.html', 'grokking/index.html', 'check/index.html']) {
      const { page } = await visit(pages.browser, `${pages.double}${path}`, {
        width: 390,
        height: 844,
      });
      const [inside, all] = await page.evaluate(() => {
        const { clientWidth, scrollWidth } = document.documentElement;
        return [clientWidth, scrollWidth];
      });
      expect([path, all]).toEqual([path, inside]);
    }
  });

  test('the figure and its transport fit a laptop screen', async () => {
    const { page } = await open();
    const bottom = await page.$eval('#status', (line) => line.getBoundingClientRect().bottom);
    expect(bottom).toBeLessThan(800);
  });

  test('an embedded figure shows the figure alone', async () => {
    const { page } = await open('?embed=1');
    expect(await page.$eval('h1', (h1) => getComputedStyle(h1).display)).toBe('none');
    expect(
      await page.$eval('#run', (button) => button.getBoundingClientRect().width),
    ).toBeGreaterThan(40);
  });
});

describe('with the real worker', () => {
  test('trains on the adapter, draws and saves', async () => {
    const { page, complaints } = await visit(pages.browser, address('', pages.real));
    await waitForStatus(page, /ready/, 110_000);
    await expect.poll(() => textOf(page, '#deck')).toMatch(/25,856 parameters/);
    await page.click('#step-25');
    await waitForStatus(page, /paused at step 25 /, 110_000);
    await expect.poll(() => textOf(page, '#loss .readout')).toMatch(/step 25.*train .*test /);
    // Measures are made every 50 steps, pictures whenever a run stands.
    await expect.poll(() => textOf(page, '#view-embedding-spectrum .when')).toBe('step 0');
    await expect.poll(() => textOf(page, '#view-circles .when')).toBe('step 25');
    const checkpoint = await saveFile(page, '#export-checkpoint');
    const { tensors, metadata } = readSafetensors(new Uint8Array(checkpoint.bytes));
    expect(metadata.get('step')).toBe('25');
    expect(tensors.size).toBeGreaterThan(3);
    const csv = await saveFile(page, '#export-csv');
    expect(csv.bytes.toString().trim().split('\n').length).toBe(3);
    const record = JSON.parse((await saveFile(page, '#export-record')).bytes.toString()) as object;
    expect(record).toMatchObject({ schema: 1, steps: 25, adapter: { runtime: 'chrome' } });
    expect(complaints).toEqual([]);
  });

  test('without navigator.gpu it trains on the CPU and says so', async () => {
    // Browsers hide WebGPU from pages that are neither https nor localhost.
    const host = 'insecure.test';
    const browser = await launchChrome({ args: [`--host-resolver-rules=MAP ${host} 127.0.0.1`] });
    try {
      const base = pages.real.replace('127.0.0.1', host);
      const { page } = await visit(browser, address('', base));
      expect(await page.evaluate(() => 'gpu' in navigator)).toBe(false);
      await waitForStatus(page, /^CPU mode: ready/, 110_000);
      const notice = await textOf(page, '[data-notice=adapter]');
      expect(notice).toContain('not loaded over https');
      expect(notice).toContain('runs on the CPU in float64');
      await page.click('#step');
      await waitForStatus(page, /^CPU mode: paused at step 1 /, 110_000);
    } finally {
      await browser.close();
    }
  });
});
