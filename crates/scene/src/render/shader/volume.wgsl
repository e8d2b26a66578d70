// Zones: a veil with stripes of warning and dark, denser towards the rims.

struct Corner {
    @location(0) position: vec3<f32>,
    @location(1) normal: vec2<f32>,
    @location(2) color: vec4<f32>,
}

struct Varying {
    @builtin(position) clip: vec4<f32>,
    @location(0) machine: vec3<f32>,
    @location(1) normal: vec3<f32>,
    @location(2) color: vec4<f32>,
}

@vertex
fn vs_volume(corner: Corner) -> Varying {
    var out: Varying;
    out.clip = globals.clip_from_machine * vec4<f32>(corner.position, 1.0);
    out.machine = corner.position;
    out.normal = unfolded(corner.normal);
    out.color = corner.color;
    return out;
}

@fragment
fn fs_volume(in: Varying, @builtin(front_facing) is_front: bool) -> @location(0) vec4<f32> {
    let facing = abs(dot(normalize(in.normal), normalize(globals.eye.xyz - in.machine)));
    let rim = 1.0 - smoothstep(0.0, 0.5, facing);
    let stripe = hatch(in.clip.xy, 22.0, 0.5);
    let color = mix(in.color.rgb, globals.ink_dark.rgb, stripe);
    let veil = select(0.10, mix(0.34, 0.30, stripe), is_front) + rim * 0.18;
    return vec4<f32>(color * veil, veil);
}
