// Edges of parts: creases always, and of round shapes what separates front from back, as lines of even width.

struct Edge {
    @location(0) from_: vec3<f32>,
    @location(1) to: vec3<f32>,
    // Of the two faces that meet there, folded; equal for a crease.
    @location(2) normal_a: vec2<f32>,
    @location(3) normal_b: vec2<f32>,
    @location(4) part: u32,
    // 1 for a crease or a rim, 0 for what may be a silhouette.
    @location(5) is_crease: u32,
}

struct Line {
    @builtin(position) clip: vec4<f32>,
    // Pixels from the middle of the line, and half its width.
    @location(0) across: f32,
    @location(1) @interpolate(flat) half_width: f32,
    @location(2) machine: vec3<f32>,
    @location(3) @interpolate(flat) accents: u32,
}

// What `kind` of a pass says: dark lines, or dark lines with a light rim for what lies over a camera's picture.
const RIMMED: u32 = 1u;

@vertex
fn vs_edge(edge: Edge, @builtin(vertex_index) corner: u32) -> Line {
    var out: Line;
    let row = part_row(edge.part);
    let ends = array<vec3<f32>, 2>(placed(row, edge.from_), placed(row, edge.to));
    let to_eye = globals.eye.xyz - (ends[0] + ends[1]) * 0.5;
    let sides = dot(turned_normal(row, unfolded(edge.normal_a)), to_eye)
        * dot(turned_normal(row, unfolded(edge.normal_b)), to_eye);
    let is_seen = is_in_pass(row) && (edge.is_crease == 1u || sides <= 0.0);
    var clips: array<vec4<f32>, 2>;
    for (var index = 0; index < 2; index++) {
        // A little towards the eye, so that a line lies on its own surface.
        let nearer = mix(ends[index], globals.eye.xyz, 0.0008);
        clips[index] = globals.clip_from_machine * vec4<f32>(nearer, 1.0);
    }
    // What begins behind the eye begins at the near plane.
    let near = 1e-4;
    if clips[0].w < near || clips[1].w < near {
        if clips[0].w < near && clips[1].w < near {
            out.clip = nowhere();
            return out;
        }
        let share = (near - clips[0].w) / (clips[1].w - clips[0].w);
        let met = mix(clips[0], clips[1], share);
        if clips[0].w < near {
            clips[0] = met;
        } else {
            clips[1] = met;
        }
    }
    let half_size = globals.size.xy * 0.5;
    let a = clips[0].xy / clips[0].w * half_size;
    let b = clips[1].xy / clips[1].w * half_size;
    let span = b - a;
    let length_px = length(span);
    let along = select(vec2<f32>(1.0, 0.0), span / max(length_px, 1e-6), length_px > 1e-6);
    let half_width = select(0.85, 1.9, pass_.kind == RIMMED) * globals.eye.w;
    // Two triangles: corners 0 1 2 and 2 1 3, a pixel wider for the soft rim, and half a width longer at each end.
    let place = select(corner, array<u32, 6>(0u, 1u, 2u, 2u, 1u, 3u)[corner % 6u], true);
    let at_end = place >= 2u;
    let side = select(-1.0, 1.0, (place & 1u) == 1u);
    let reach = half_width + 1.0;
    let clip = select(clips[0], clips[1], at_end);
    let shift = vec2<f32>(-along.y, along.x) * side * reach + along * select(-0.35, 0.35, at_end) * half_width;
    out.clip = vec4<f32>(clip.xy + shift / half_size * clip.w, clip.zw);
    if !is_seen {
        out.clip = nowhere();
    }
    out.across = side * reach;
    out.half_width = half_width;
    out.machine = select(ends[0], ends[1], at_end);
    out.accents = row.accents;
    return out;
}

@fragment
fn fs_edge(in: Line) -> @location(0) vec4<f32> {
    if (in.accents & UNCUT) == 0u && is_cut_away(in.machine) {
        discard;
    }
    let from_middle = abs(in.across);
    let cover = clamp(in.half_width - from_middle + 0.5, 0.0, 1.0);
    if pass_.kind == RIMMED {
        let core = clamp(0.45 * in.half_width - from_middle + 0.5, 0.0, 1.0);
        let color = mix(globals.ink_light.rgb, globals.ink_dark.rgb, core);
        let opacity = cover * mix(0.75, 1.0, core);
        return vec4<f32>(color * opacity, opacity);
    }
    let opacity = cover * globals.edge.a;
    return vec4<f32>(globals.edge.rgb * opacity, opacity);
}
