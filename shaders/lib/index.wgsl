// Index arithmetic of kernels that walk strided tensors. A walk has up to five axes, outermost first: `outer` and then
// extents.x … extents.w; the host merges axes where it can (src/ops/walk.ts), so RANK is mostly 1 or 2 and the
// divisions below fold away.

override RANK: u32 = 1u;

struct Position {
  outer: u32,
  inner: vec4u,
}

// Coordinates of the i-th unit of a walk. The outermost axis in use needs no extent.
fn position_of(i: u32, extents: vec4u) -> Position {
  var rest = i;
  var p = Position(0u, vec4u());
  if (RANK == 1u) {
    p.inner.w = rest;
    return p;
  }
  p.inner.w = rest % extents.w;
  rest /= extents.w;
  if (RANK == 2u) {
    p.inner.z = rest;
    return p;
  }
  p.inner.z = rest % extents.z;
  rest /= extents.z;
  if (RANK == 3u) {
    p.inner.y = rest;
    return p;
  }
  p.inner.y = rest % extents.y;
  rest /= extents.y;
  if (RANK == 4u) {
    p.inner.x = rest;
    return p;
  }
  p.inner.x = rest % extents.x;
  p.outer = rest / extents.x;
  return p;
}

// Element at a position; origin is (offset, stride of the outer axis).
fn element_at(p: Position, strides: vec4u, origin: vec2u) -> u32 {
  if (RANK == 1u) {
    return origin.x + p.inner.w * strides.w;
  }
  if (RANK == 2u) {
    return origin.x + p.inner.w * strides.w + p.inner.z * strides.z;
  }
  return origin.x + origin.y * p.outer + dot(p.inner, strides);
}

// Number of an invocation in a one-dimensional grid that the host folded into x and y.
fn linear_id(group: vec3u, groups: vec3u, size: u32, local: u32) -> u32 {
  return (group.y * groups.x + group.x) * size + local;
}
