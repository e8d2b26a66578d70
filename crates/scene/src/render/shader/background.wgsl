// The camera's picture behind the machine, straightened by the numbers of its lens (Brown and Conrady).

struct Lens {
    // From pixels of what is drawn on to the plane one unit in front of the lens: scale and offset.
    flat_from_px: vec4<f32>,
    // From that plane to shares of the picture: scale and offset.
    share_from_flat: vec4<f32>,
    // k1, k2, p1, p2.
    bend: vec4<f32>,
    // k3, and 1 for a picture of brightness alone.
    more: vec4<f32>,
    backdrop: vec4<f32>,
}

@group(1) @binding(0) var picture: texture_2d<f32>;
@group(1) @binding(1) var picture_sampler: sampler;
@group(1) @binding(2) var<uniform> lens: Lens;

@vertex
fn vs_background(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4<f32> {
    let at = vec2<f32>(f32(corner & 1u) * 4.0 - 1.0, f32(corner >> 1u) * 4.0 - 1.0);
    return vec4<f32>(at, 1.0, 1.0);
}

@fragment
fn fs_background(@builtin(position) pixel: vec4<f32>) -> @location(0) vec4<f32> {
    let flat_at = pixel.xy * lens.flat_from_px.xy + lens.flat_from_px.zw;
    let r2 = dot(flat_at, flat_at);
    let radial = 1.0 + r2 * (lens.bend.x + r2 * (lens.bend.y + r2 * lens.more.x));
    let p = lens.bend.zw;
    let xy = flat_at.x * flat_at.y;
    let bent = flat_at * radial + vec2<f32>(
        2.0 * p.x * xy + p.y * (r2 + 2.0 * flat_at.x * flat_at.x),
        p.x * (r2 + 2.0 * flat_at.y * flat_at.y) + 2.0 * p.y * xy,
    );
    let share = bent * lens.share_from_flat.xy + lens.share_from_flat.zw;
    let texel = textureSampleLevel(picture, picture_sampler, share, 0.0);
    let color = select(texel.rgb, texel.rrr, lens.more.y > 0.5);
    let is_inside = all(share >= vec2<f32>(0.0)) && all(share <= vec2<f32>(1.0));
    return select(lens.backdrop, vec4<f32>(color, 1.0), is_inside);
}
