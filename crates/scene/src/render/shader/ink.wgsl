// Marks: flat triangles at places of the picture, letters out of their picture, hatched plates.

@group(1) @binding(0) var letters: texture_2d<f32>;

struct Corner {
    @location(0) at_px: vec2<f32>,
    @location(1) depth: f32,
    @location(2) atlas_px: vec2<f32>,
    @location(3) color: vec4<f32>,
    @location(4) mode: u32,
}

struct Varying {
    @builtin(position) clip: vec4<f32>,
    @location(0) atlas_px: vec2<f32>,
    @location(1) color: vec4<f32>,
    @location(2) @interpolate(flat) mode: u32,
}

const LETTER: u32 = 1u;
const HATCHED: u32 = 2u;

@vertex
fn vs_ink(corner: Corner) -> Varying {
    var out: Varying;
    let share = corner.at_px * globals.size.zw;
    out.clip = vec4<f32>(share.x * 2.0 - 1.0, 1.0 - share.y * 2.0, corner.depth, 1.0);
    out.atlas_px = corner.atlas_px;
    out.color = corner.color;
    out.mode = corner.mode;
    return out;
}

fn inked(in: Varying) -> vec4<f32> {
    var opacity = in.color.a;
    // Letters lie on whole pixels: one texel for each.
    let cover = textureLoad(letters, vec2<i32>(in.atlas_px), 0).r;
    opacity *= select(1.0, cover, in.mode == LETTER);
    opacity *= select(1.0, hatch(in.clip.xy, 10.0, 0.5), in.mode == HATCHED);
    return vec4<f32>(in.color.rgb * opacity, opacity);
}

@fragment
fn fs_ink(in: Varying) -> @location(0) vec4<f32> {
    return inked(in);
}

// Behind something: still there, but weaker.
@fragment
fn fs_ink_hidden(in: Varying) -> @location(0) vec4<f32> {
    return inked(in) * 0.34;
}
