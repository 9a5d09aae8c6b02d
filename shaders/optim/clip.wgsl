// The factor that clips each replica's gradient to a norm: the second of two passes.
//
//   scaled[r] = hyper[r], but column `clip` = min(1, clip / (sqrt(sum of sums[r]) + 1e-6)), or 1 where clip is 0
//
// Source: torch.nn.utils.clip_grad_norm_. Copying the row keeps the update kernel within eight buffers.
//
// Shapes  sums [R, partials]; hyper, scaled [R, columns].
// Grid    one invocation a replica, x then y.
// Reads   sums, hyper. Writes scaled.

override WORKGROUP: u32 = 64;

struct Params {
  replicas: u32,
  partials: u32,
  columns: u32,
  clipColumn: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> sums: array<f32>;
@group(0) @binding(2) var<storage, read> hyper: array<f32>;
@group(0) @binding(3) var<storage, read_write> scaled: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let replica = id.x + id.y * groups.x * WORKGROUP;
  if (replica >= params.replicas) {
    return;
  }
  var squares = 0.0;
  for (var partial = 0u; partial < params.partials; partial++) {
    squares += sums[replica * params.partials + partial];
  }
  let row = replica * params.columns;
  for (var column = 0u; column < params.columns; column++) {
    scaled[row + column] = hyper[row + column];
  }
  let limit = hyper[row + params.clipColumn];
  let factor = select(1.0, min(1.0, limit / (sqrt(squares) + 1e-6)), limit > 0.0);
  scaled[row + params.clipColumn] = factor;
}
