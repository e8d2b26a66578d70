// What every shader shares: the numbers of a frame, and what is kept of each part.

struct Globals {
    clip_from_machine: mat4x4<f32>,
    // The eye in the machine's frame; w is the pixels of what is drawn on for one of the layout.
    eye: vec4<f32>,
    // Directions right, down and forward of the camera, in the machine's frame; w of `right` is pixels per metre at one
    // metre.
    right: vec4<f32>,
    down: vec4<f32>,
    forward: vec4<f32>,
    // Pixels across and downwards, and their inverses.
    size: vec4<f32>,
    // Planes: what has a positive distance is cut away. A plane that is not used is all zero.
    sections: array<vec4<f32>, 3>,
    accent: vec4<f32>,
    edge: vec4<f32>,
    ghost: vec4<f32>,
    cut: vec4<f32>,
    ink_dark: vec4<f32>,
    ink_light: vec4<f32>,
}

struct Pass {
    // Fills that belong to the pass, one bit each; accents that a part must have, and that it must not have.
    fills: u32,
    with_accents: u32,
    without_accents: u32,
    // What the pass makes of it; each shader says what.
    kind: u32,
}

@group(0) @binding(0) var<uniform> globals: Globals;
// Four texels for each part: three rows of its transform, and its look.
@group(0) @binding(1) var parts: texture_2d<f32>;
@group(0) @binding(2) var<uniform> pass_: Pass;

const EDGES: u32 = 1u;
const XRAY: u32 = 2u;
const HIGHLIGHT: u32 = 4u;
const OUTLINE: u32 = 8u;
const HATCH: u32 = 16u;
const UNCUT: u32 = 32u;

const PARTS_IN_A_ROW: u32 = 256u;
// What is seen through others is drawn before all others: that share of the depth is kept for it.
const DEPTH_BEFORE: f32 = 0.05;

struct PartRow {
    x: vec4<f32>,
    y: vec4<f32>,
    z: vec4<f32>,
    fill: u32,
    accents: u32,
}

fn part_row(part: u32) -> PartRow {
    let column = i32((part % PARTS_IN_A_ROW) * 4u);
    let row = i32(part / PARTS_IN_A_ROW);
    let look = textureLoad(parts, vec2<i32>(column + 3, row), 0);
    return PartRow(
        textureLoad(parts, vec2<i32>(column, row), 0),
        textureLoad(parts, vec2<i32>(column + 1, row), 0),
        textureLoad(parts, vec2<i32>(column + 2, row), 0),
        u32(look.x + 0.5),
        u32(look.y + 0.5),
    );
}

fn is_in_pass(row: PartRow) -> bool {
    let filled = ((pass_.fills >> row.fill) & 1u) == 1u;
    return filled && (row.accents & pass_.with_accents) == pass_.with_accents
        && (row.accents & pass_.without_accents) == 0u;
}

fn placed(row: PartRow, position: vec3<f32>) -> vec3<f32> {
    let point = vec4<f32>(position, 1.0);
    return vec3<f32>(dot(row.x, point), dot(row.y, point), dot(row.z, point));
}

// Of a vector that stands on a surface, for parts that keep their proportions or are scaled along their axes.
fn turned_normal(row: PartRow, normal: vec3<f32>) -> vec3<f32> {
    let x = vec3<f32>(row.x.x, row.y.x, row.z.x);
    let y = vec3<f32>(row.x.y, row.y.y, row.z.y);
    let z = vec3<f32>(row.x.z, row.y.z, row.z.z);
    // The matrix of cofactors: right for every scale, and for mirrors too.
    return normalize(cross(y, z) * normal.x + cross(z, x) * normal.y + cross(x, y) * normal.z);
}

// A vector out of the two numbers of its octahedron (Cigolle and others, 2014).
fn unfolded(folded: vec2<f32>) -> vec3<f32> {
    var vector = vec3<f32>(folded, 1.0 - abs(folded.x) - abs(folded.y));
    let below = max(-vector.z, 0.0);
    vector.x += select(below, -below, vector.x >= 0.0);
    vector.y += select(below, -below, vector.y >= 0.0);
    return normalize(vector);
}

// Outside of everything.
fn nowhere() -> vec4<f32> {
    return vec4<f32>(2.0, 2.0, 2.0, 1.0);
}

// 1 on the stripes of a hatch at 45 degrees, 0 between them; `period` in pixels of the layout.
fn hatch(pixel: vec2<f32>, period: f32, share: f32) -> f32 {
    let along = (pixel.x + pixel.y) / (period * globals.eye.w * 1.41421356);
    let from_middle = abs(fract(along) - 0.5) * period * globals.eye.w;
    return clamp(share * 0.5 * period * globals.eye.w - from_middle + 0.5, 0.0, 1.0);
}

fn over(base: vec4<f32>, top: vec3<f32>, opacity: f32) -> vec4<f32> {
    return vec4<f32>(mix(base.rgb, top, opacity), base.a);
}

fn is_cut_away(machine: vec3<f32>) -> bool {
    let point = vec4<f32>(machine, 1.0);
    return dot(globals.sections[0], point) > 0.0 || dot(globals.sections[1], point) > 0.0
        || dot(globals.sections[2], point) > 0.0;
}
