//! Pipelines: each made when it is first wanted, and never changed afterwards.

use std::collections::HashMap;

use super::solid::Side;
use super::target::{DEPTH, MASK, Samples};
use super::vertex::{Corner, EdgeLine, InkVertex, VolumeVertex};

/// Shaders by name, as they are compiled; the tests look at each.
pub const SHADERS: &[(&str, &str)] = &[
    ("surface", concat!(include_str!("shader/common.wgsl"), include_str!("shader/surface.wgsl"))),
    ("edge", concat!(include_str!("shader/common.wgsl"), include_str!("shader/edge.wgsl"))),
    ("ink", concat!(include_str!("shader/common.wgsl"), include_str!("shader/ink.wgsl"))),
    ("volume", concat!(include_str!("shader/common.wgsl"), include_str!("shader/volume.wgsl"))),
    ("outline", concat!(include_str!("shader/common.wgsl"), include_str!("shader/outline.wgsl"))),
    ("background", concat!(include_str!("shader/common.wgsl"), include_str!("shader/background.wgsl"))),
];

/// What a pipeline draws.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Background,
    Shaded,
    Glass,
    Depth,
    Ghost,
    XRay,
    Edge,
    /// Where outlined parts are seen.
    Mask,
    /// Where outlined parts are, seen or not.
    MaskThrough,
    /// How far each pixel is off the mask along its row.
    Across,
    /// The double line.
    Compose,
    /// The inner sides of zones.
    VolumeBack,
    /// Their outer sides.
    VolumeFront,
    /// Marks where something stands before them.
    InkHidden,
    /// Marks where nothing does.
    Ink,
}

impl Kind {
    /// Whether it draws the surfaces of parts.
    pub(super) const fn is_surface(self) -> bool {
        match self {
            Self::Shaded
            | Self::Glass
            | Self::Depth
            | Self::Ghost
            | Self::XRay
            | Self::Mask
            | Self::MaskThrough => true,
            Self::Background
            | Self::Edge
            | Self::Across
            | Self::Compose
            | Self::VolumeBack
            | Self::VolumeFront
            | Self::InkHidden
            | Self::Ink => false,
        }
    }
}

/// Whether meshes are merged or drawn once for each part that shows them.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Copies {
    Merged,
    Each,
}

/// Whether something is cut away.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cut {
    Whole,
    Open,
}

impl Cut {
    /// The shader of corners where nothing but their place counts; what is cut open looks at more.
    const fn where_alone(self) -> &'static str {
        match self {
            Self::Whole => "vs_place",
            Self::Open => "vs_surface",
        }
    }

    /// The shader of pixels that are there, whatever they look like.
    const fn mask(self) -> &'static str {
        match self {
            Self::Whole => "fs_mask",
            Self::Open => "fs_mask_cut",
        }
    }
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) kind: Kind,
    pub(super) side: Side,
    pub(super) copies: Copies,
    pub(super) cut: Cut,
}

impl Key {
    pub(super) const fn of(kind: Kind) -> Self {
        Self { kind, side: Side::Both, copies: Copies::Merged, cut: Cut::Whole }
    }
}

/// Where bindings are, shared by all pipelines.
pub(super) struct Layouts {
    /// The numbers of a frame, the parts, and the numbers of a pass.
    pub(super) frame: wgpu::BindGroupLayout,
    /// Textures of parts.
    pub(super) pictures: wgpu::BindGroupLayout,
    /// The camera's picture and its lens.
    pub(super) background: wgpu::BindGroupLayout,
    /// The mask of outlined parts, and the distances along rows.
    pub(super) outline: wgpu::BindGroupLayout,
    /// The letters of texts.
    pub(super) letters: wgpu::BindGroupLayout,
}

/// All pipelines of a stage.
pub(super) struct Pipelines {
    pub(super) layouts: Layouts,
    modules: HashMap<&'static str, wgpu::ShaderModule>,
    made: HashMap<(Key, Samples), wgpu::RenderPipeline>,
    /// Of the frame in hand.
    samples: Samples,
    format: wgpu::TextureFormat,
}

const VERTEX: wgpu::ShaderStages = wgpu::ShaderStages::VERTEX;
const FRAGMENT: wgpu::ShaderStages = wgpu::ShaderStages::FRAGMENT;

pub(super) fn uniform(
    binding: u32,
    visibility: wgpu::ShaderStages,
    dynamic: bool,
) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility,
        ty: wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset: dynamic,
            min_binding_size: None,
        },
        count: None,
    }
}

pub(super) fn texture(
    binding: u32,
    visibility: wgpu::ShaderStages,
    dimension: wgpu::TextureViewDimension,
    filterable: bool,
) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility,
        ty: wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable },
            view_dimension: dimension,
            multisampled: false,
        },
        count: None,
    }
}

pub(super) fn sampler(binding: u32) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: FRAGMENT,
        ty: wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering),
        count: None,
    }
}

impl Layouts {
    fn of(device: &wgpu::Device) -> Self {
        let flat = wgpu::TextureViewDimension::D2;
        let layout = |label, entries: &[wgpu::BindGroupLayoutEntry]| {
            device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(label), entries })
        };
        Self {
            frame: layout(
                "frame",
                &[
                    uniform(0, VERTEX | FRAGMENT, false),
                    texture(1, VERTEX, flat, false),
                    uniform(2, VERTEX | FRAGMENT, true),
                ],
            ),
            pictures: layout(
                "pictures",
                &[texture(0, FRAGMENT, wgpu::TextureViewDimension::D2Array, true), sampler(1)],
            ),
            background: layout(
                "background",
                &[texture(0, FRAGMENT, flat, true), sampler(1), uniform(2, FRAGMENT, false)],
            ),
            letters: layout("letters", &[texture(0, FRAGMENT, flat, true)]),
            outline: layout("outline", &[texture(0, FRAGMENT, flat, true), texture(1, FRAGMENT, flat, true)]),
        }
    }
}

impl Pipelines {
    pub(super) fn of(device: &wgpu::Device, format: wgpu::TextureFormat) -> Self {
        let modules = SHADERS.iter().map(|(name, source)| {
            let source = wgpu::ShaderSource::Wgsl((*source).into());
            (*name, device.create_shader_module(wgpu::ShaderModuleDescriptor { label: Some(name), source }))
        });
        let (modules, made) = (modules.collect(), HashMap::new());
        Self { layouts: Layouts::of(device), modules, made, samples: Samples::Four, format }
    }

    /// The format that is drawn in.
    pub(super) fn format(&self) -> wgpu::TextureFormat {
        self.format
    }

    /// How many samples the pixels of the frame in hand have: what is wanted and got from now on is for those.
    pub(super) fn begin(&mut self, samples: Samples) {
        self.samples = samples;
    }

    /// Makes sure that a pipeline is there.
    pub(super) fn want(&mut self, device: &wgpu::Device, key: Key) {
        if self.get(key).is_none()
            && let Some(pipeline) = self.make(device, key)
        {
            self.made.insert((key, self.samples), pipeline);
        }
    }

    /// A pipeline that was wanted.
    pub(super) fn get(&self, key: Key) -> Option<&wgpu::RenderPipeline> {
        self.made.get(&(key, self.samples))
    }

    fn make(&self, device: &wgpu::Device, key: Key) -> Option<wgpu::RenderPipeline> {
        let recipe = Recipe::of(key, self.samples);
        let module = self.modules.get(recipe.shader)?;
        let frame = Some(&self.layouts.frame);
        let groups: &[Option<&wgpu::BindGroupLayout>] = match key.kind {
            Kind::Background => &[frame, Some(&self.layouts.background)],
            Kind::Across | Kind::Compose => &[frame, Some(&self.layouts.outline)],
            Kind::Edge | Kind::VolumeBack | Kind::VolumeFront => &[frame],
            Kind::Ink | Kind::InkHidden => &[frame, Some(&self.layouts.letters)],
            _ => &[frame, Some(&self.layouts.pictures)],
        };
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(recipe.shader),
            bind_group_layouts: groups,
            immediate_size: 0,
        });
        let step = match key.copies {
            Copies::Merged => wgpu::VertexStepMode::Vertex,
            Copies::Each => wgpu::VertexStepMode::Instance,
        };
        let surfaces = [Corner::LAYOUT, Corner::part_layout(step)];
        let buffers: &[wgpu::VertexBufferLayout<'_>] = match key.kind {
            Kind::Background | Kind::Across | Kind::Compose => &[],
            Kind::Edge => &[EdgeLine::LAYOUT],
            Kind::VolumeBack | Kind::VolumeFront => &[VolumeVertex::LAYOUT],
            Kind::Ink | Kind::InkHidden => &[InkVertex::LAYOUT],
            _ => &surfaces,
        };
        let targets = [Some(recipe.color(self.format))];
        let fragment = recipe.fragment.map(|entry_point| wgpu::FragmentState {
            module,
            entry_point: Some(entry_point),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            targets: &targets,
        });
        Some(device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some(recipe.shader),
            layout: Some(&layout),
            vertex: wgpu::VertexState {
                module,
                entry_point: Some(recipe.vertex),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers,
            },
            primitive: wgpu::PrimitiveState {
                cull_mode: match (key.side, key.cut) {
                    _ if key.kind == Kind::VolumeBack => Some(wgpu::Face::Front),
                    _ if key.kind == Kind::VolumeFront => Some(wgpu::Face::Back),
                    (Side::Front, Cut::Whole) => Some(wgpu::Face::Back),
                    _ => None,
                },
                ..Default::default()
            },
            depth_stencil: recipe.depth(),
            multisample: wgpu::MultisampleState {
                count: recipe.samples.map_or(1, Samples::count),
                ..Default::default()
            },
            fragment,
            multiview_mask: None,
            cache: None,
        }))
    }
}

/// What differs between pipelines.
struct Recipe {
    shader: &'static str,
    vertex: &'static str,
    fragment: Option<&'static str>,
    paints: Paints,
    /// Nothing where neither depth nor several samples are: distances are worked out for whole pixels.
    samples: Option<Samples>,
    blends: bool,
    writes_depth: bool,
    compares: wgpu::CompareFunction,
    stencil: Stencil,
}

/// What a pipeline writes beside depth.
#[derive(PartialEq, Eq)]
enum Paints {
    Color,
    Mask,
    Nothing,
}

/// What a pipeline does with the mark of parts that are seen through others.
enum Stencil {
    Unused,
    /// Writes the mark that is set for the draw.
    Writes,
    /// Draws only where the mark is another one.
    Avoids,
}

impl Recipe {
    fn of(key: Key, samples: Samples) -> Self {
        let solid = Self {
            shader: "surface",
            vertex: "vs_surface",
            fragment: None,
            paints: Paints::Color,
            samples: Some(samples),
            blends: false,
            writes_depth: true,
            compares: wgpu::CompareFunction::LessEqual,
            stencil: Stencil::Unused,
        };
        match key.kind {
            Kind::Background => Self {
                shader: "background",
                vertex: "vs_background",
                fragment: Some("fs_background"),
                writes_depth: false,
                compares: wgpu::CompareFunction::Always,
                ..solid
            },
            Kind::Shaded => Self {
                fragment: Some(match key.cut {
                    Cut::Whole => "fs_shaded",
                    Cut::Open => "fs_section",
                }),
                stencil: Stencil::Writes,
                ..solid
            },
            Kind::Glass => Self { fragment: Some("fs_glass"), blends: true, writes_depth: false, ..solid },
            Kind::Depth => Self {
                vertex: key.cut.where_alone(),
                fragment: Some(key.cut.mask()),
                paints: Paints::Nothing,
                stencil: Stencil::Writes,
                ..solid
            },
            Kind::Ghost => Self { fragment: Some("fs_ghost"), blends: true, writes_depth: false, ..solid },
            Kind::XRay => Self { fragment: Some("fs_xray"), blends: true, stencil: Stencil::Avoids, ..solid },
            Kind::Edge => Self {
                shader: "edge",
                vertex: "vs_edge",
                fragment: Some("fs_edge"),
                blends: true,
                writes_depth: false,
                ..solid
            },
            Kind::Mask | Kind::MaskThrough => Self {
                vertex: key.cut.where_alone(),
                fragment: Some(key.cut.mask()),
                paints: Paints::Mask,
                writes_depth: false,
                compares: match key.kind {
                    Kind::Mask => wgpu::CompareFunction::LessEqual,
                    _ => wgpu::CompareFunction::Always,
                },
                ..solid
            },
            Kind::VolumeBack | Kind::VolumeFront => Self {
                shader: "volume",
                vertex: "vs_volume",
                fragment: Some("fs_volume"),
                blends: true,
                writes_depth: false,
                ..solid
            },
            Kind::Ink | Kind::InkHidden => Self {
                shader: "ink",
                vertex: "vs_ink",
                fragment: Some(if key.kind == Kind::Ink { "fs_ink" } else { "fs_ink_hidden" }),
                blends: true,
                writes_depth: false,
                compares: match key.kind {
                    Kind::Ink => wgpu::CompareFunction::LessEqual,
                    _ => wgpu::CompareFunction::Greater,
                },
                ..solid
            },
            Kind::Across => Self {
                shader: "outline",
                vertex: "vs_all",
                fragment: Some("fs_across"),
                paints: Paints::Mask,
                samples: None,
                ..solid
            },
            Kind::Compose => Self {
                shader: "outline",
                vertex: "vs_all",
                fragment: Some("fs_compose"),
                blends: true,
                writes_depth: false,
                compares: wgpu::CompareFunction::Always,
                ..solid
            },
        }
    }

    fn color(&self, format: wgpu::TextureFormat) -> wgpu::ColorTargetState {
        wgpu::ColorTargetState {
            format: if self.paints == Paints::Mask { MASK } else { format },
            blend: self.blends.then_some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
            write_mask: match self.paints {
                Paints::Color | Paints::Mask => wgpu::ColorWrites::ALL,
                Paints::Nothing => wgpu::ColorWrites::empty(),
            },
        }
    }

    fn depth(&self) -> Option<wgpu::DepthStencilState> {
        let face = match self.stencil {
            Stencil::Unused => wgpu::StencilFaceState::IGNORE,
            Stencil::Writes => wgpu::StencilFaceState {
                compare: wgpu::CompareFunction::Always,
                pass_op: wgpu::StencilOperation::Replace,
                ..wgpu::StencilFaceState::IGNORE
            },
            Stencil::Avoids => wgpu::StencilFaceState {
                compare: wgpu::CompareFunction::NotEqual,
                ..wgpu::StencilFaceState::IGNORE
            },
        };
        self.samples.is_some().then_some(wgpu::DepthStencilState {
            format: DEPTH,
            depth_write_enabled: Some(self.writes_depth),
            depth_compare: Some(self.compares),
            stencil: wgpu::StencilState { front: face, back: face, read_mask: 0xff, write_mask: 0xff },
            bias: match self.paints {
                // A part that is drawn again lies on itself.
                Paints::Mask => wgpu::DepthBiasState { constant: -4, slope_scale: -1.0, clamp: 0.0 },
                Paints::Color | Paints::Nothing => wgpu::DepthBiasState::default(),
            },
        })
    }
}
