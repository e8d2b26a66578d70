// Surfaces of parts: shaded, as ghosts, seen through others, cut open, or only in depth.

@group(1) @binding(0) var pictures: texture_2d_array<f32>;
@group(1) @binding(1) var picture_sampler: sampler;

struct Corner {
    @location(0) position: vec3<f32>,
    @location(1) normal: vec2<f32>,
    @location(2) uv: vec2<f32>,
    @location(3) color: vec4<f32>,
    // Metallic, roughness, the layer of the texture plus one, and the opacity below which nothing is.
    @location(4) finish: vec4<f32>,
    @location(5) part: u32,
}

struct Varying {
    @invariant @builtin(position) clip: vec4<f32>,
    @location(0) machine: vec3<f32>,
    @location(1) normal: vec3<f32>,
    @location(2) uv: vec2<f32>,
    @location(3) color: vec4<f32>,
    @location(4) @interpolate(flat) finish: vec4<f32>,
    @location(5) @interpolate(flat) accents: u32,
}

@vertex
fn vs_surface(corner: Corner) -> Varying {
    var out: Varying;
    let row = part_row(corner.part);
    let machine = placed(row, corner.position);
    out.clip = globals.clip_from_machine * vec4<f32>(machine, 1.0);
    if !is_in_pass(row) {
        out.clip = nowhere();
    }
    out.machine = machine;
    out.normal = turned_normal(row, unfolded(corner.normal));
    out.uv = corner.uv;
    out.color = vec4<f32>(corner.color.rgb * corner.color.rgb, corner.color.a);
    out.finish = corner.finish;
    out.accents = row.accents;
    return out;
}

struct Place {
    @invariant @builtin(position) clip: vec4<f32>,
}

// Where a corner is, and nothing of how it looks.
@vertex
fn vs_place(corner: Corner) -> Place {
    var out: Place;
    let row = part_row(corner.part);
    out.clip = globals.clip_from_machine * vec4<f32>(placed(row, corner.position), 1.0);
    if !is_in_pass(row) {
        out.clip = nowhere();
    }
    return out;
}

const KEY: vec3<f32> = vec3<f32>(0.408, 0.775, 0.482);

// Light that comes from all around a hall: a bright ceiling, a dark floor, and a band of windows between.
fn hall(direction: vec3<f32>, roughness: f32) -> vec3<f32> {
    let soft = 0.08 + roughness * 0.7;
    let ceiling = smoothstep(-soft, soft, direction.y + 0.05);
    let windows = exp(-abs(direction.y - 0.25) / (0.10 + roughness * 0.35));
    return mix(vec3<f32>(0.10, 0.10, 0.11), vec3<f32>(0.66, 0.69, 0.72), ceiling) + vec3<f32>(0.30) * windows;
}

fn lit(base: vec3<f32>, metallic: f32, roughness: f32, normal: vec3<f32>, to_eye: vec3<f32>) -> vec3<f32> {
    let facing = clamp(dot(normal, to_eye), 0.0, 1.0);
    let ambient = mix(vec3<f32>(0.20, 0.20, 0.21), vec3<f32>(0.52, 0.54, 0.56), normal.y * 0.5 + 0.5);
    let key = max(dot(normal, KEY), 0.0);
    let diffuse = base * (1.0 - metallic) * (ambient + vec3<f32>(0.62) * key + vec3<f32>(0.14) * facing);
    let bounced = reflect(-to_eye, normal);
    let gloss = exp2(9.0 - 8.0 * roughness);
    let spark = pow(max(dot(bounced, KEY), 0.0), gloss) * (gloss + 8.0) / 60.0;
    let straight = mix(vec3<f32>(0.04), base, metallic);
    let away = 1.0 - facing;
    let grazing = straight + (max(vec3<f32>(1.0 - roughness), straight) - straight) * (away * away * away * away * away);
    return diffuse + grazing * (hall(bounced, roughness) + vec3<f32>(spark * 0.8));
}

fn base_of(in: Varying) -> vec4<f32> {
    // Derivatives are taken before any branch.
    let across = dpdx(in.uv);
    let down = dpdy(in.uv);
    let layer = i32(in.finish.z * 255.0 + 0.5) - 1;
    if layer < 0 {
        return in.color;
    }
    let texel = textureSampleGrad(pictures, picture_sampler, in.uv, layer, across, down);
    return in.color * vec4<f32>(texel.rgb * texel.rgb, texel.a);
}

fn shaded(in: Varying, normal: vec3<f32>, base: vec4<f32>) -> vec4<f32> {
    let to_eye = normalize(globals.eye.xyz - in.machine);
    var color = base.rgb;
    if (in.accents & HIGHLIGHT) != 0u {
        color = mix(color, globals.accent.rgb * globals.accent.rgb, 0.6);
    }
    var light = sqrt(lit(color, in.finish.x, in.finish.y, normal, to_eye));
    if (in.accents & HIGHLIGHT) != 0u {
        let stripe = hatch(vec2<f32>(in.clip.x, -in.clip.y), 14.0, 0.35);
        light = mix(light, globals.ink_light.rgb, 0.18 + 0.32 * stripe);
    }
    if (in.accents & HATCH) != 0u {
        let dark = hatch(in.clip.xy, 9.0, 0.42);
        let rim = hatch(in.clip.xy, 9.0, 0.62);
        light = mix(mix(light, globals.ink_light.rgb, rim * 0.75), globals.ink_dark.rgb, dark * 0.9);
    }
    return vec4<f32>(light, base.a);
}

fn towards_eye(normal: vec3<f32>, is_front: bool) -> vec3<f32> {
    let unit = normalize(normal);
    return select(-unit, unit, is_front);
}

// Premultiplied, as everything that is drawn.
fn covered(color: vec4<f32>) -> vec4<f32> {
    return vec4<f32>(color.rgb * color.a, color.a);
}

@fragment
fn fs_shaded(in: Varying, @builtin(front_facing) is_front: bool) -> @location(0) vec4<f32> {
    let base = base_of(in);
    return covered(vec4<f32>(shaded(in, towards_eye(in.normal, is_front), base).rgb, 1.0));
}

@fragment
fn fs_glass(in: Varying, @builtin(front_facing) is_front: bool) -> @location(0) vec4<f32> {
    let base = base_of(in);
    if base.a < in.finish.w || is_cut_away(in.machine) {
        discard;
    }
    return covered(shaded(in, towards_eye(in.normal, is_front), base));
}

// Cut open: where one looks at the inside of a surface, one looks at what the plane cuts, and that is drawn flat and
// hatched on the plane itself.
@fragment
fn fs_section(in: Varying, @builtin(front_facing) is_front: bool) -> @location(0) vec4<f32> {
    if (in.accents & UNCUT) == 0u {
        if is_cut_away(in.machine) {
            discard;
        }
    }
    let base = base_of(in);
    let surface = covered(vec4<f32>(shaded(in, towards_eye(in.normal, is_front), base).rgb, 1.0));
    let face = cut_face(in);
    let is_face = !is_front && face.a > 0.0 && (in.accents & UNCUT) == 0u;
    return select(surface, face, is_face);
}

// Nothing where the eye itself stands in what is left.
fn cut_face(in: Varying) -> vec4<f32> {
    // The plane that the line of sight leaves last is the one that is seen.
    let direction = normalize(in.machine - globals.eye.xyz);
    let eye = vec4<f32>(globals.eye.xyz, 1.0);
    var met = 0.0;
    var plane = vec4<f32>(0.0);
    for (var index = 0; index < 3; index++) {
        let candidate = globals.sections[index];
        let slope = dot(candidate.xyz, direction);
        if slope < -1e-6 {
            let distance = -dot(candidate, eye) / slope;
            if distance > met {
                met = distance;
                plane = candidate;
            }
        }
    }
    if met <= 0.0 {
        return vec4<f32>(0.0);
    }
    let point = globals.eye.xyz + direction * met;
    let facing = abs(dot(plane.xyz, direction));
    // Two directions on the plane, and lines along their sum, as wide as on paper.
    let across = normalize(cross(plane.xyz, select(vec3<f32>(0.0, 1.0, 0.0), vec3<f32>(1.0, 0.0, 0.0), abs(plane.y) > 0.9)));
    let up = cross(across, plane.xyz);
    let px_per_m = globals.right.w / max(dot(point - globals.eye.xyz, globals.forward.xyz), 1e-3);
    // The nearest power of two keeps the lines on the machine while one comes closer.
    let period_m = exp2(round(log2(10.0 * globals.eye.w / px_per_m)));
    let along = (dot(point, across) + dot(point, up)) / (period_m * 1.41421356);
    let period_px = period_m * px_per_m * max(facing, 0.2);
    let from_line = abs(fract(along) - 0.5) * period_px;
    let line = clamp(1.1 * globals.eye.w - from_line, 0.0, 1.0);
    let face = mix(globals.cut.rgb, globals.ink_light.rgb, 0.72);
    return vec4<f32>(mix(face, globals.cut.rgb, line), 1.0);
}

// A veil: thin where one looks straight at it, dense towards its rims.
@fragment
fn fs_ghost(in: Varying, @builtin(front_facing) is_front: bool) -> @location(0) vec4<f32> {
    if (in.accents & UNCUT) == 0u && is_cut_away(in.machine) {
        discard;
    }
    let normal = towards_eye(in.normal, is_front);
    let facing = clamp(dot(normal, normalize(globals.eye.xyz - in.machine)), 0.0, 1.0);
    var veil = vec4<f32>(globals.ghost.rgb, mix(0.55, 0.12, facing * facing * (3.0 - 2.0 * facing)));
    if (in.accents & HIGHLIGHT) != 0u {
        veil = vec4<f32>(globals.accent.rgb, veil.a * 1.4);
    }
    if (in.accents & HATCH) != 0u {
        veil = mix(veil, vec4<f32>(globals.ink_dark.rgb, 0.75), hatch(in.clip.xy, 9.0, 0.3));
    }
    return covered(veil);
}

// What is seen through others: its light and dark in two tones, and stripes that nothing solid has.
@fragment
fn fs_xray(in: Varying, @builtin(front_facing) is_front: bool) -> @location(0) vec4<f32> {
    if (in.accents & UNCUT) == 0u && is_cut_away(in.machine) {
        discard;
    }
    let normal = towards_eye(in.normal, is_front);
    let facing = clamp(dot(normal, normalize(globals.eye.xyz - in.machine)), 0.0, 1.0);
    let tone = mix(globals.ink_dark.rgb, mix(globals.accent.rgb, globals.ink_light.rgb, 0.55), 0.25 + 0.75 * facing);
    let stripe = hatch(in.clip.xy, 8.0, 0.5);
    let rim = 1.0 - smoothstep(0.15, 0.4, facing);
    return covered(vec4<f32>(tone, max(mix(0.30, 0.86, stripe), rim * 0.9)));
}

// Where a part that is outlined is.
@fragment
fn fs_mask() -> @location(0) vec4<f32> {
    return vec4<f32>(1.0);
}

@fragment
fn fs_mask_cut(in: Varying) -> @location(0) vec4<f32> {
    if (in.accents & UNCUT) == 0u && is_cut_away(in.machine) {
        discard;
    }
    return vec4<f32>(1.0);
}
