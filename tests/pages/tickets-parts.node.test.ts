/** What the page of tickets makes of its settings, and what its files keep. */
import { describe, expect, it } from 'vitest';
import { entrantsOf } from '../../demos/tickets/entrants';
import { readConfig } from '../../demos/tickets/read-config';
import { presets, settle, snap } from '../../demos/tickets/setup';
import { spectrumFrom } from '../../demos/tickets/spectrum';
import { unpackMask } from '../../demos/tickets/stored-file';
import { packMask } from '../../demos/tickets/stored-write';
import { withValue, type Config } from '../../demos/shared/fields';
import { parse } from '../../src/lab/schema';
import { ticketsPresets } from '../../src/lab/experiments/tickets-presets';
import { ticketsSchema } from '../../src/lab/experiments/tickets-schema';

describe('settings of the page', () => {
  it.each(['demo', 'quick'])('say what the preset %s of the lab says', (name) => {
    const own = parse(ticketsSchema, settle(presets.get(name) as Config));
    const lab = ticketsPresets.find((one) => one.name === `tickets.${name}`);
    expect(own).toEqual(parse(ticketsSchema, lab?.config));
  });

  it.each(['demo', 'sweep', 'quick', 'paper'])('come back from a checkpoint of %s', (name) => {
    const own = presets.get(name) as Config;
    const { variants } = parse(ticketsSchema, settle(own));
    expect(variants.length).toBeGreaterThan(6);
    expect(readConfig({ ...parse(ticketsSchema, settle(own)), stage: 1 })).toEqual(own);
  });

  it('do not come back where a network has no word', () => {
    const config = parse(ticketsSchema, settle(presets.get('demo') as Config));
    const strange = { ...config.variants[0], name: 'late', start: 'reinitialise', pruned: 0.3 };
    expect(() => readConfig({ ...config, variants: [...config.variants, strange] })).toThrow(
      'late',
    );
    expect(() => readConfig({ ...config, variants: [] })).toThrow('no ticket');
  });

  it('keep to the steps whose weights the base keeps', () => {
    const config = presets.get('demo') as Config;
    const other = snap(withValue(config, 'race.sourceStep', 1130));
    expect(other['race']).toMatchObject({ sourceStep: 1250 });
    const longer = snap(withValue(config, 'base.steps', 4000), config);
    expect(longer['race']).toMatchObject({ sourceStep: 4000 });
  });

  it('name each network once', () => {
    const labels = entrantsOf(settle(presets.get('quick') as Config)).map(({ label }) => label);
    expect(labels.slice(0, 6)).toEqual([
      'base',
      'ticket',
      'from 2,000',
      'from 5,000',
      'from 7,000',
      '90 % pruned',
    ]);
    expect(new Set(labels).size).toBe(labels.length);
  });
});

describe('its files', () => {
  it('keep masks bit for bit', () => {
    const mask = Uint8Array.from({ length: 101 }, (_, k) => ((k * 7919) % 13 < 5 ? 1 : 0));
    expect(unpackMask(packMask(mask), mask.length)).toEqual(mask);
  });
});

describe('a spectrum', () => {
  it('of a pure wave lies at its frequency alone', () => {
    const tokens = 11;
    const places = [
      { name: 'embed.weight', shape: [tokens, 1], offset: 0, size: tokens },
      { name: 'mlp.in.weight', shape: [1, 1], offset: 12, size: 1 },
    ];
    const weights = new Float64Array(16);
    for (let n = 0; n < tokens; n++) weights[n] = Math.cos((2 * Math.PI * 3 * n) / tokens + 0.4);
    weights[12] = 2;
    const found = spectrumFrom(weights, places, 7);
    expect(found).toMatchObject({ step: 7, neurons: 1, frequencies: 5 });
    [0, 0, 2 * Math.sqrt(tokens / 2), 0, 0].forEach((value, k) =>
      expect(found?.data[k]).toBeCloseTo(value, 5),
    );
  });
});
