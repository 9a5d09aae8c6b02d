// What a pass over the elements of a chain adds up, and what the kernel that ends a step reads: three vec4s.

const SUMS = 3u;

struct Sums {
  first: vec4f, // squared distance from the anchor, squared norm, both projections
  second: vec4f,
  third: vec4f,
}

fn add_sums(a: Sums, b: Sums) -> Sums {
  return Sums(a.first + b.first, a.second + b.second, a.third + b.third);
}
