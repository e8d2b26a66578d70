//! A piece of a page, as somebody draws round it.

use millwright_model::{PageArea, PicturePoint};

/// All of a page.
pub(crate) const WHOLE: PageArea = PageArea { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };

/// Smaller than this share of a page, a stroke is a tap: all of the page is meant.
const TAP: f64 = 0.02;

/// What lies between two corners, whichever they are.
pub(crate) fn between(from: PicturePoint, to: PicturePoint) -> PageArea {
    let (left, top) = (from.x.min(to.x), from.y.min(to.y));
    let (width, height) = ((from.x - to.x).abs(), (from.y - to.y).abs());
    if width < TAP || height < TAP {
        return WHOLE;
    }
    PageArea { left, top, width, height }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_drawn_from_any_of_its_corners() {
        let (a, b) = (PicturePoint { x: 0.75, y: 0.25 }, PicturePoint { x: 0.25, y: 0.5 });
        let area = PageArea { left: 0.25, top: 0.25, width: 0.5, height: 0.25 };
        assert_eq!((between(a, b), between(b, a)), (area, area));
    }

    #[test]
    fn a_tap_means_all_of_the_page() {
        let at = PicturePoint { x: 0.5, y: 0.5 };
        assert_eq!(between(at, PicturePoint { x: 0.505, y: 0.9 }), WHOLE);
    }
}
