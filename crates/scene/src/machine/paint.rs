//! What machines are made of: paints and metals.

use crate::model::{Alpha, Material, TextureId};

/// A surface.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Paint {
    /// Castings of pumps: gentian blue.
    Blue,
    /// Motors: blue grey.
    MotorGrey,
    /// Housings of gears: pebble grey.
    GearGrey,
    /// Frames of steel: window grey.
    Frame,
    /// Guards: signal yellow.
    Guard,
    /// Bare steel of bolts and shafts.
    Steel,
    /// Ground and polished.
    Bright,
    /// Black oxide, as of socket screws.
    Black,
    /// Rubber.
    Rubber,
    /// Grey cast iron inside.
    Cast,
    /// Bronze of impellers and bushes.
    Bronze,
    /// Aluminium.
    Aluminium,
    /// Brass of glands and gauges.
    Brass,
    /// Silicon carbide of seal faces.
    Carbide,
    /// Glass of oil levels.
    Glass,
    /// Oil behind it.
    Oil,
    /// Plastic of switches: red.
    Red,
    /// Plastic: white.
    White,
    /// A plate with this picture on it.
    Printed(u32),
}

impl Paint {
    pub(super) fn material(self) -> Material {
        let made = |name: &str, hex: u32, metallic: f32, roughness: f32| {
            let [red, green, blue] = [hex >> 16, hex >> 8, hex].map(|byte| linear((byte & 255) as u8));
            Material {
                name: name.to_owned(),
                base_color: [red, green, blue, 1.0],
                metallic,
                roughness,
                texture: None,
                double_sided: false,
                alpha: Alpha::Opaque,
            }
        };
        match self {
            Self::Blue => made("paint blue", 0x1d4f86, 0.0, 0.45),
            Self::MotorGrey => made("paint blue grey", 0x5a666d, 0.0, 0.5),
            Self::GearGrey => made("paint pebble grey", 0x8d8f86, 0.0, 0.5),
            Self::Frame => made("paint window grey", 0x8f9a9f, 0.0, 0.55),
            Self::Guard => made("paint signal yellow", 0xe8ac00, 0.0, 0.45),
            Self::Steel => made("steel", 0x9b9ea1, 0.85, 0.42),
            Self::Bright => made("ground steel", 0xc6c9cc, 1.0, 0.22),
            Self::Black => made("black oxide", 0x2c2d30, 0.5, 0.45),
            Self::Rubber => made("rubber", 0x1d1e20, 0.0, 0.85),
            Self::Cast => made("cast iron", 0x565a5e, 0.3, 0.7),
            Self::Bronze => made("bronze", 0xb07f45, 0.9, 0.35),
            Self::Aluminium => made("aluminium", 0xb9bec2, 0.8, 0.45),
            Self::Brass => made("brass", 0xc9a24b, 0.9, 0.3),
            Self::Carbide => made("silicon carbide", 0x24272b, 0.2, 0.2),
            Self::Glass => {
                let glass = made("glass", 0xdde8ea, 0.0, 0.05);
                let [red, green, blue, _] = glass.base_color;
                Material { base_color: [red, green, blue, 0.35], alpha: Alpha::Blend, ..glass }
            }
            Self::Oil => made("oil", 0xb5741a, 0.0, 0.15),
            Self::Red => made("red plastic", 0xb3201f, 0.0, 0.5),
            Self::White => made("white plastic", 0xe9ebec, 0.0, 0.5),
            Self::Printed(texture) => Material {
                texture: Some(TextureId(texture)),
                ..made(&format!("printed plate {texture}"), 0xffffff, 0.0, 0.5)
            },
        }
    }
}

/// Light of a value as screens take it (IEC 61966-2-1), to four digits so that files are the same everywhere.
fn linear(byte: u8) -> f32 {
    let value = f64::from(byte) / 255.0;
    let light = if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
    ((light * 1.0e4).round() / 1.0e4) as f32
}
