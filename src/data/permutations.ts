/** The symmetric group S5, its 120 elements numbered in lexicographic order: 0 is the identity. */
const SIZE = 5;
export const S5_ORDER = 120;

/** All orders of 0 … 4, lexicographic; row i is element i as the map position → row[position]. */
export const s5Elements: readonly (readonly number[])[] = /* @__PURE__ */ listPermutations(
  Array.from({ length: SIZE }, (_, i) => i),
);

function listPermutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) =>
    listPermutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]),
  );
}

/** Lexicographic rank by the factorial number system: Σ (how many later entries are smaller) · (places left)!. */
function rankPermutation(permutation: readonly number[]): number {
  let rank = 0;
  for (let i = 0; i < SIZE; i++) {
    const smaller = permutation.slice(i + 1).filter((entry) => entry < permutation[i]).length;
    rank = rank * (SIZE - i) + smaller;
  }
  return rank;
}

/** x∘y, "first y, then x", as element numbers. */
export function composeS5(x: number, y: number): number {
  const outer = s5Elements[x];
  return rankPermutation(s5Elements[y].map((position) => outer[position]));
}

export function invertS5(x: number): number {
  const inverse = new Array<number>(SIZE);
  s5Elements[x].forEach((image, position) => {
    inverse[image] = position;
  });
  return rankPermutation(inverse);
}
