// A long sum in two levels, so that its error grows with the root of the number of terms: blocks of
// 16 vec4s.
struct LongSum {
  blocks: vec4f,
  block: vec4f,
  count: u32,
}

fn empty_sum() -> LongSum {
  return LongSum(vec4f(0.0), vec4f(0.0), 0u);
}

fn add_to(sum: LongSum, values: vec4f) -> LongSum {
  let block = sum.block + values;
  let full = (sum.count & 15u) == 15u;
  return LongSum(
    select(sum.blocks, sum.blocks + block, full),
    select(block, vec4f(0.0), full),
    sum.count + 1u,
  );
}

fn total_of(sum: LongSum) -> f32 {
  let all = sum.blocks + sum.block;
  return (all.x + all.y) + (all.z + all.w);
}
