// Partial sums of squares of each replica's gradient: the first of two passes to its norm.
//
//   sums[r, j] = sum of gradient[r, i]^2 over the vec4s j, j + partials, j + 2 * partials, ...
//
// Shapes  gradients [R, P]; mask [P] or [R, P]; sums [R, partials].
// Grid    x strides over the partial sums of a replica, y then z count replicas; HEIGHT replicas a workgroup.
// Reads   gradients, mask (when MASKED). Writes sums. The order of additions is fixed: same input, same bits.
// Caveat  float32 sums of about sqrt(P) terms each: relative error below sqrt(P) * 2^-24.

override WIDTH: u32 = 64;
override HEIGHT: u32 = 1;
override MASKED: bool = false;

struct Params {
  vectors: u32,
  replicas: u32,
  maskStride: u32,
  partials: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(2) var<storage, read> mask: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(WIDTH, HEIGHT)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let replica = id.y + id.z * groups.y * HEIGHT;
  if (replica >= params.replicas) {
    return;
  }
  for (var partial = id.x; partial < params.partials; partial += groups.x * WIDTH) {
    var squares = vec4f();
    for (var vector = partial; vector < params.vectors; vector += params.partials) {
      var g = gradients[replica * params.vectors + vector];
      if (MASKED) {
        g = select(vec4f(), g, mask[replica * params.maskStride + vector] != vec4f());
      }
      squares += g * g;
    }
    sums[replica * params.partials + partial] = (squares.x + squares.y) + (squares.z + squares.w);
  }
}
