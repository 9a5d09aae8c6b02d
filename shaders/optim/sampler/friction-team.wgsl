// lib/sampler/friction.wgsl for GPUs: the invocations of a workgroup add up their sums in workgroup memory.
#include "lib/sampler/team.wgsl"
#include "lib/sampler/friction.wgsl"
