/** What there is to choose from for a product: every kernel this adapter can run, and those of them that give the same bits. */
import type { Traits } from '../plan/types';
import { chooseByRule, productCandidates, type Choice, type Extents } from '../ops/matmul/choose';
import { subgroupChoices } from './subgroups';

/** Names a choice: `tiled 64×64, K in 16`. */
export function describeChoice({ body, tileM, tileN, splits, ahead }: Choice): string {
  return `${body} ${tileM}×${tileN}${ahead ? ' ahead' : ''}${splits > 1 ? `, K in ${splits}` : ''}`;
}

/** Every way to compute a product that the adapter allows, each with the chunks of K that suit it. */
export function allCandidates(extents: Extents, traits: Traits): Choice[] {
  const rule = chooseByRule(extents, traits);
  return [
    ...productCandidates(extents, traits),
    ...subgroupChoices(traits, rule, rule.body === 'registers' || rule.body === 'quads'),
  ];
}

/**
 * The rule's choice first, then those that add up the same products in the same order: chunks of K as the rule has them, one
 * product after the other within a chunk (`registers` and `quads` add four at a time). They give the same bits, which `tune` verifies.
 */
export function equalCandidates(extents: Extents, traits: Traits): Choice[] {
  const rule = chooseByRule(extents, traits);
  const { splits, chunk } = rule;
  const inFours = ({ body, own }: Choice): boolean =>
    body === 'registers' || body === 'quads' || own?.overrides['FOURS'] === 1;
  const found = new Map([[describeChoice(rule), rule]]);
  for (const candidate of allCandidates(extents, traits)) {
    if (inFours(candidate) !== inFours(rule)) continue;
    const choice = { ...candidate, splits, chunk };
    const name = describeChoice(choice);
    if (!found.has(name)) found.set(name, choice);
  }
  return [...found.values()];
}
