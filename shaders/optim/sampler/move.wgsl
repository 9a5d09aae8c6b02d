// Third of three passes of a Metropolis sampler: back to the trajectory's start where it was rejected, then a kick,
// half where a trajectory begins, and a move.
//
//   (w, g) = (start, start gradient) where decision is 2;  (start, start gradient) = (w, g) where it is 1
//   p = p - h grad U(w), h / 2 where decision is not 0;  w = w + h p
//
// Shapes  startGradient, start, momentum [R, P]; decision [R]: (0 within a trajectory, 1 accepted, 2 rejected; h); others
//         and the grid as in lib/sampler/chain.wgsl.
// Reads   all. Writes parameters, momentum, start, startGradient.
#include "lib/sampler/chain.wgsl"

@group(0) @binding(5) var<storage, read> decision: array<vec2f>;
@group(0) @binding(6) var<storage, read_write> momentum: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> start: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> startGradient: array<vec4f>;

@compute @workgroup_size(WIDTH, HEIGHT)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let replica = id.y + id.z * groups.y * HEIGHT;
  if (replica >= params.replicas) {
    return;
  }
  let chain = load_chain(replica);
  let decided = u32(decision[replica].x);
  let h = decision[replica].y;
  let kick = select(0.5 * h, h, decided == 0u);
  for (var vector = id.x; vector < params.vectors; vector += groups.x * WIDTH) {
    let at = replica * params.vectors + vector;
    let anchor = place[replica * params.place_stride + vector];
    let kept = kept_where(anchor);
    if (none(kept)) {
      continue;
    }
    var w = parameters[at];
    var g = gradients[at];
    if (decided == 2u) {
      w = change(w, start[at], kept);
      g = startGradient[at];
    }
    if (decided == 1u) {
      start[at] = keep(w, kept);
      startGradient[at] = keep(g, kept);
    }
    let slope = chain.nbeta * g + chain.localization * (w - anchor) + chain.decay * w;
    let p = keep(momentum[at] - kick * slope, kept);
    momentum[at] = p;
    parameters[at] = change(w, w + h * p, kept);
  }
}
