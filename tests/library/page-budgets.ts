/**
 * What a visit of a page may cost in kB after gzip, until its first run is drawn and until that is done; stored runs, which are data, are
 * counted beside.
 */
export const PAGE_BUDGETS: Readonly<Record<string, number>> = {
  'index.html': 15,
  'grokking/index.html': 110,
  'tickets/index.html': 110,
  'lottery/index.html': 110,
  'learning-coefficient/index.html': 110,
  // Every kernel there is, and the float64 reference of each: 79 until its first row.
  'check/index.html': 124,
  'bench/index.html': 40.5,
};
