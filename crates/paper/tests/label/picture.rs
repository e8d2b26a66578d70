//! What came out of a printer, as a camera would see it: rectangles become pixels, and those are read by the app's own
//! detector and reader of codes.

use millwright_vision::{Detection, Detector, FiducialFamily, GreyFrame, Picture, read_code};

/// A dark rectangle, in whatever units a page is measured in, from its upper left corner.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Rectangle {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rectangle {
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// The smallest that holds them all.
    pub fn around(all: &[Rectangle]) -> Rectangle {
        let most = |of: fn(&Rectangle) -> f64| all.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let least = |of: fn(&Rectangle) -> f64| all.iter().map(of).fold(f64::INFINITY, f64::min);
        Rectangle {
            left: least(|one| one.left),
            top: least(|one| one.top),
            right: most(|one| one.right),
            bottom: most(|one| one.bottom),
        }
    }

    pub fn grown(&self, by: f64) -> Rectangle {
        Rectangle {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    pub fn holds(&self, x: f64, y: f64) -> bool {
        (self.left..self.right).contains(&x) && (self.top..self.bottom).contains(&y)
    }

    pub fn overlaps(&self, other: &Rectangle) -> bool {
        let deep = 1e-4;
        self.left + deep < other.right
            && other.left + deep < self.right
            && self.top + deep < other.bottom
            && other.top + deep < self.bottom
    }
}

/// Brightness, row by row.
pub struct Raster {
    pub width: usize,
    pub height: usize,
    pub brightness: Vec<u8>,
}

impl Raster {
    /// A white page with what is dark on it: a pixel is as dark as it is covered.
    pub fn of(dark: &[Rectangle], width: f64, height: f64, pixels_per_unit: f64) -> Raster {
        let columns = (width * pixels_per_unit).ceil() as usize;
        let rows = (height * pixels_per_unit).ceil() as usize;
        let mut covered = vec![0.0_f64; columns * rows];
        let shares = |from: f64, to: f64, count: usize| {
            let (from, to) = (from * pixels_per_unit, to * pixels_per_unit);
            let range = (from.floor().max(0.0) as usize)..(to.ceil().max(0.0) as usize).min(count);
            range.map(move |pixel| {
                let pixel_from = pixel as f64;
                (pixel, (to.min(pixel_from + 1.0) - from.max(pixel_from)).clamp(0.0, 1.0))
            })
        };
        for one in dark {
            for (row, down) in shares(one.top, one.bottom, rows) {
                for (column, across) in shares(one.left, one.right, columns) {
                    covered[row * columns + column] += down * across;
                }
            }
        }
        let brightness = covered.iter().map(|share| (255.0 * (1.0 - share.min(1.0))).round() as u8).collect();
        Raster { width: columns, height: rows, brightness }
    }

    /// The fiducials on it.
    pub fn fiducials(&self) -> Vec<Detection> {
        let frame = GreyFrame::new(self.width, self.height, self.width, &self.brightness).unwrap();
        Detector::new(&FiducialFamily::ALL).detect(frame).to_vec()
    }

    /// What the code in a part of it says.
    pub fn code(&self, part: Rectangle) -> Option<String> {
        let columns = (part.left.floor().max(0.0) as usize)..(part.right.ceil() as usize).min(self.width);
        let rows = (part.top.floor().max(0.0) as usize)..(part.bottom.ceil() as usize).min(self.height);
        let (width, height) = (columns.len(), rows.len());
        let row = |row: usize| self.brightness[row * self.width..][columns.clone()].to_vec();
        let picture = Picture::new(width as u32, height as u32, rows.flat_map(row).collect()).unwrap();
        read_code(picture).map(|code| code.text)
    }
}
