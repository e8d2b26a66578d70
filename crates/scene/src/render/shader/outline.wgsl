// The double line around parts: how far a pixel is off the mask, first along its row, then over the rows.

@group(1) @binding(0) var mask: texture_2d<f32>;
@group(1) @binding(1) var row_distance: texture_2d<f32>;

// Distances are kept as shares of this many pixels.
const REACH: f32 = 16.0;

@vertex
fn vs_all(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4<f32> {
    let at = vec2<f32>(f32(corner & 1u) * 4.0 - 1.0, f32(corner >> 1u) * 4.0 - 1.0);
    return vec4<f32>(at, 0.0, 1.0);
}

fn light_width() -> f32 {
    return 2.2 * globals.eye.w;
}

fn dark_width() -> f32 {
    return 2.2 * globals.eye.w;
}

fn reach_px() -> i32 {
    return i32(min(ceil(light_width() + dark_width() + 1.5), REACH - 1.0));
}

@fragment
fn fs_across(@builtin(position) pixel: vec4<f32>) -> @location(0) vec4<f32> {
    let at = vec2<i32>(pixel.xy);
    let last = vec2<i32>(globals.size.xy) - vec2<i32>(1);
    let reach = reach_px();
    var nearest = REACH;
    for (var step = -reach; step <= reach; step++) {
        let x = clamp(at.x + step, 0, last.x);
        let cover = textureLoad(mask, vec2<i32>(x, at.y), 0).r;
        // A pixel that is half covered has its edge in its middle.
        let off = max(f32(abs(step)) + 0.5 - cover, 0.0);
        nearest = select(nearest, min(nearest, off), cover > 0.02);
    }
    return vec4<f32>(nearest / REACH);
}

@fragment
fn fs_compose(@builtin(position) pixel: vec4<f32>) -> @location(0) vec4<f32> {
    let at = vec2<i32>(pixel.xy);
    let last = vec2<i32>(globals.size.xy) - vec2<i32>(1);
    let reach = reach_px();
    var nearest = REACH;
    for (var step = -reach; step <= reach; step++) {
        let y = clamp(at.y + step, 0, last.y);
        let off = textureLoad(row_distance, vec2<i32>(at.x, y), 0).r * REACH;
        let down = f32(abs(step));
        nearest = select(nearest, min(nearest, sqrt(off * off + down * down)), off < REACH - 0.5);
    }
    let inside = textureLoad(mask, at, 0).r;
    let light = light_width();
    let whole = light + dark_width();
    let cover = clamp(whole - nearest + 0.5, 0.0, 1.0) * (1.0 - inside);
    let is_light = clamp(light - nearest + 0.5, 0.0, 1.0);
    let color = mix(globals.ink_dark.rgb, globals.ink_light.rgb, is_light);
    return vec4<f32>(color * cover, cover);
}
