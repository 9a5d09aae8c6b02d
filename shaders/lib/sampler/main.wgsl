// The entry of kernels that sweep over the elements of chains; see lib/sampler/chain.wgsl.

@group(0) @binding(6) var<storage, read_write> partials: array<vec4f>;

@compute @workgroup_size(WIDTH, HEIGHT)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let replica = id.y + id.z * groups.y * HEIGHT;
  let within = replica < params.replicas;
  var sums: Sums;
  if (within) {
    sums = sweep(replica, id.x, groups.x * WIDTH);
  }
  deposit(sums, replica, within, local, group.x, groups.x);
}
