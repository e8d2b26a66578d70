//! Safety signs of ISO 7010, drawn here: the shapes and colours of ISO 3864, and symbols that mean what the registered
//! ones mean.

mod symbol;

use std::f32::consts::{FRAC_PI_6, TAU};

use glam::Vec2;

use super::canvas::Canvas;
use crate::frame::{Rgba, Sign, Theme};
use crate::ink::{Ink, Mode, Spot, Stroke, circle, polygon, ring_arc, stroke};
use symbol::{Item, symbol};

/// What a sign means by its shape.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Family {
    Warning,
    Mandatory,
    Prohibition,
}

fn family(sign: Sign) -> Family {
    match sign {
        Sign::W001
        | Sign::W012
        | Sign::W015
        | Sign::W017
        | Sign::W018
        | Sign::W019
        | Sign::W024
        | Sign::W025 => Family::Warning,
        Sign::M001 | Sign::M003 | Sign::M004 | Sign::M009 | Sign::M014 | Sign::M021 => Family::Mandatory,
        Sign::P001 | Sign::P010 | Sign::P031 => Family::Prohibition,
    }
}

/// Draws a sign about its middle, so many pixels of the layout across.
pub(super) fn draw(canvas: &mut Canvas<'_>, middle_px: Vec2, sign: Sign, size: f32) {
    let size = if size.is_finite() { size.clamp(8.0, 512.0) } else { 56.0 } * canvas.scale;
    paint(canvas.ink, canvas.theme, middle_px, sign, size);
}

fn paint(ink: &mut Ink, theme: &Theme, middle: Vec2, sign: Sign, size: f32) {
    let half = size / 2.0;
    let spot = Spot::front(middle);
    match family(sign) {
        Family::Warning => {
            // A triangle about its own middle stands a little high in its square.
            let middle = middle + Vec2::new(0.0, size * 0.10);
            triangle(ink, middle, half * 1.16, theme.sign_light);
            triangle(ink, middle, half * 1.10, theme.sign_dark);
            triangle(ink, middle, half * 0.90, theme.sign_warning);
            let place = Place { middle: middle + Vec2::new(0.0, size * 0.01), reach: size * 0.215 };
            items(ink, &place, symbol(sign), theme.sign_dark, theme.sign_warning);
        }
        Family::Mandatory => {
            circle(ink, spot, half * 1.04, theme.sign_light);
            circle(ink, spot, half, theme.sign_mandatory);
            let place = Place { middle, reach: size * 0.33 };
            items(ink, &place, symbol(sign), theme.sign_light, theme.sign_mandatory);
        }
        Family::Prohibition => {
            let ring = half * 0.20;
            circle(ink, spot, half * 1.04, theme.sign_light);
            circle(ink, spot, half, theme.sign_prohibition);
            circle(ink, spot, half - ring, theme.sign_light);
            let place = Place { middle, reach: size * 0.30 };
            items(ink, &place, symbol(sign), theme.sign_dark, theme.sign_light);
            let bar = Vec2::splat((half - ring) * std::f32::consts::FRAC_1_SQRT_2);
            let way = [spot.moved(-bar), spot.moved(bar)];
            stroke(ink, &way, &Stroke::whole(size * 0.08, theme.sign_prohibition));
        }
    }
}

/// With round corners: a triangle grown by a stroke.
fn triangle(ink: &mut Ink, middle: Vec2, reach: f32, color: Rgba) {
    let rounding = reach * 0.10;
    let corner = |index: f32| {
        let turn = -3.0 * FRAC_PI_6 + TAU * index / 3.0;
        middle + Vec2::from_angle(turn) * (reach - rounding * 2.0)
    };
    let corners = [corner(0.0), corner(1.0), corner(2.0)];
    polygon(ink, &corners, &[], 0.0, color, Mode::Plain);
    let around: Vec<Spot> =
        corners.iter().chain(&corners).take(4).map(|corner| Spot::front(*corner)).collect();
    for side in around.windows(2) {
        stroke(ink, side, &Stroke::whole(rounding * 2.0, color));
    }
}

/// Where a symbol is drawn: what is 1 in it reaches so far.
struct Place {
    middle: Vec2,
    reach: f32,
}

impl Place {
    fn at(&self, point: &[f32; 2]) -> Vec2 {
        self.middle + Vec2::from(*point) * self.reach
    }
}

fn items(ink: &mut Ink, place: &Place, list: &[Item], color: Rgba, ground: Rgba) {
    for item in list {
        match item {
            Item::Fill(outline) => {
                let outline: Vec<Vec2> = outline.iter().map(|point| place.at(point)).collect();
                polygon(ink, &outline, &[], 0.0, color, Mode::Plain);
            }
            Item::Line(way, width) => {
                let way: Vec<Spot> = way.iter().map(|point| Spot::front(place.at(point))).collect();
                stroke(ink, &way, &Stroke::whole(width * place.reach, color));
            }
            Item::Disc(middle, radius) => {
                circle(ink, Spot::front(place.at(middle)), radius * place.reach, color)
            }
            Item::Hole(middle, radius) => {
                circle(ink, Spot::front(place.at(middle)), radius * place.reach, ground)
            }
            Item::Gap(way, width) => {
                let way: Vec<Spot> = way.iter().map(|point| Spot::front(place.at(point))).collect();
                stroke(ink, &way, &Stroke::whole(width * place.reach, ground));
            }
            Item::Arc(middle, radius, [from, to], width) => {
                let way = ring_arc(Spot::front(place.at(middle)), radius * place.reach, *from, *to);
                stroke(ink, &way, &Stroke::whole(width * place.reach, color));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_stays_within_its_square_but_for_its_rim() {
        for sign in Sign::ALL {
            let mut ink = Ink::default();
            paint(&mut ink, &Theme::LIGHT, Vec2::ZERO, sign, 100.0);
            let reach =
                ink.corners.iter().map(|corner| corner.spot.at_px.abs().max_element()).fold(0.0, f32::max);
            assert!((40.0..62.0).contains(&reach), "{sign:?} reaches {reach} of 50");
        }
    }

    #[test]
    fn every_sign_but_the_bare_prohibition_has_a_symbol_of_its_own() {
        let symbols: Vec<String> = Sign::ALL
            .iter()
            .filter(|sign| **sign != Sign::P001)
            .map(|sign| format!("{:?}", symbol(*sign)))
            .collect();
        assert!(symbols.iter().all(|symbol| symbol.len() > 2), "a symbol is empty");
        let same = symbols.iter().filter(|symbol| symbols.iter().filter(|other| other == symbol).count() > 1);
        // The general warning and the general mandatory action have the same mark of exclamation.
        assert!(same.count() <= 2);
    }
}
