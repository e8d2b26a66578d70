//! Colours: they come in as a value, so that the renderer itself knows none.

use serde::{Deserialize, Serialize};

/// Red, green, blue as screens take them (sRGB), and opacity.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rgba(pub [u8; 4]);

impl Rgba {
    const fn hex(rgb: u32) -> Self {
        Self([(rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8, 255])
    }

    /// As shares of full, not yet multiplied by the opacity.
    pub fn shares(self) -> [f32; 4] {
        self.0.map(|byte| f32::from(byte) / 255.0)
    }

    /// The same colour with this share of its opacity.
    #[must_use]
    pub fn faded(self, share: f32) -> Self {
        let [red, green, blue, opacity] = self.0;
        Self([red, green, blue, (f32::from(opacity) * share.clamp(0.0, 1.0)).round() as u8])
    }
}

/// All colours of a picture that are not the machine's own.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Behind the machine, where no picture is.
    pub backdrop: Rgba,
    /// Plates under texts.
    pub plate: Rgba,
    /// Texts on plates.
    pub text: Rgba,
    /// Lesser texts on plates.
    pub muted: Rgba,
    /// The rim of plates.
    pub rim: Rgba,
    /// What is pointed at.
    pub accent: Rgba,
    /// Texts on it.
    pub on_accent: Rgba,
    /// What is dangerous or broken.
    pub critical: Rgba,
    /// What is out of the ordinary.
    pub high: Rgba,
    /// What is worth a look.
    pub notice: Rgba,
    /// The dark of double lines.
    pub ink_dark: Rgba,
    /// The light of double lines.
    pub ink_light: Rgba,
    /// Edges of parts.
    pub edge: Rgba,
    /// The veil of ghosts.
    pub ghost: Rgba,
    /// Faces that a section cuts.
    pub cut: Rgba,
    /// Warning signs (ISO 3864-4, yellow).
    pub sign_warning: Rgba,
    /// Mandatory signs (ISO 3864-4, blue).
    pub sign_mandatory: Rgba,
    /// Prohibition signs (ISO 3864-4, red).
    pub sign_prohibition: Rgba,
    /// The black of signs.
    pub sign_dark: Rgba,
    /// The white of signs.
    pub sign_light: Rgba,
}

impl Theme {
    /// For a room.
    pub const LIGHT: Self = Self {
        backdrop: Rgba::hex(0xe4e8ea),
        plate: Rgba::hex(0xffffff),
        text: Rgba::hex(0x12181c),
        muted: Rgba::hex(0x414d56),
        rim: Rgba::hex(0x6b7983),
        accent: Rgba::hex(0x084c59),
        on_accent: Rgba::hex(0xffffff),
        critical: Rgba::hex(0x9a0016),
        high: Rgba::hex(0x7f3600),
        notice: Rgba::hex(0x5a4800),
        edge: Rgba::hex(0x12181c),
        ghost: Rgba::hex(0x414d56),
        cut: Rgba::hex(0x9a0016),
        ..SIGNS
    };
    /// For the dark.
    pub const DARK: Self = Self {
        backdrop: Rgba::hex(0x101416),
        plate: Rgba::hex(0x20282c),
        text: Rgba::hex(0xeef2f4),
        muted: Rgba::hex(0xb9c4cb),
        rim: Rgba::hex(0x7d8b94),
        accent: Rgba::hex(0x7ad3e2),
        on_accent: Rgba::hex(0x06262c),
        critical: Rgba::hex(0xff9aa5),
        high: Rgba::hex(0xffb07a),
        notice: Rgba::hex(0xecd46a),
        edge: Rgba::hex(0x06262c),
        ghost: Rgba::hex(0xb9c4cb),
        cut: Rgba::hex(0xff9aa5),
        ..SIGNS
    };
    /// For bright sun: black on white.
    pub const SUNLIGHT: Self = Self {
        backdrop: Rgba::hex(0xffffff),
        plate: Rgba::hex(0xffffff),
        text: Rgba::hex(0x000000),
        muted: Rgba::hex(0x1c1c1c),
        rim: Rgba::hex(0x000000),
        accent: Rgba::hex(0x00303a),
        on_accent: Rgba::hex(0xffffff),
        critical: Rgba::hex(0x8a0014),
        high: Rgba::hex(0x6b2c00),
        notice: Rgba::hex(0x403300),
        edge: Rgba::hex(0x000000),
        ghost: Rgba::hex(0x1c1c1c),
        cut: Rgba::hex(0x8a0014),
        ..SIGNS
    };
}

/// What no theme changes: the black and white of double lines, and safety colours.
const SIGNS: Theme = Theme {
    backdrop: Rgba::hex(0x000000),
    plate: Rgba::hex(0x000000),
    text: Rgba::hex(0xffffff),
    muted: Rgba::hex(0xffffff),
    rim: Rgba::hex(0xffffff),
    accent: Rgba::hex(0xffffff),
    on_accent: Rgba::hex(0x000000),
    critical: Rgba::hex(0xffffff),
    high: Rgba::hex(0xffffff),
    notice: Rgba::hex(0xffffff),
    ink_dark: Rgba::hex(0x000000),
    ink_light: Rgba::hex(0xffffff),
    edge: Rgba::hex(0x000000),
    ghost: Rgba::hex(0x000000),
    cut: Rgba::hex(0x000000),
    sign_warning: Rgba::hex(0xf9a800),
    sign_mandatory: Rgba::hex(0x005387),
    sign_prohibition: Rgba::hex(0x9b2423),
    sign_dark: Rgba::hex(0x000000),
    sign_light: Rgba::hex(0xffffff),
};

impl Default for Theme {
    fn default() -> Self {
        Self::LIGHT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The design's own list.
    const TOKENS: &str = include_str!("../../../../assets/tokens.css");

    fn token(block: &str, name: &str) -> Rgba {
        let block = TOKENS.split(block).nth(1).and_then(|rest| rest.split('}').next()).unwrap();
        let value = block.split(&format!("{name}: #")).nth(1).unwrap();
        Rgba::hex(u32::from_str_radix(&value[..6], 16).unwrap())
    }

    #[test]
    fn the_colours_are_those_of_the_design() {
        for (block, theme) in [
            (":root, [data-theme=\"light\"] {", Theme::LIGHT),
            ("[data-theme=\"dark\"] {", Theme::DARK),
            ("[data-theme=\"sunlight\"] {", Theme::SUNLIGHT),
        ] {
            for (name, color) in [
                ("--bg", theme.backdrop),
                ("--raised", theme.plate),
                ("--text", theme.text),
                ("--muted", theme.muted),
                ("--edge", theme.rim),
                ("--accent", theme.accent),
                ("--on-accent", theme.on_accent),
                ("--critical", theme.critical),
                ("--high", theme.high),
                ("--notice", theme.notice),
            ] {
                assert_eq!(token(block, name), color, "{name} of {block}");
            }
        }
    }
}
