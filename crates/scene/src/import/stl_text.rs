//! The text form of STL: words, read line by line.

use glam::Vec3;

use super::ImportFault;
use super::limits::{Limits, Tally};
use super::stl::Solid;

/// The bodies of a text.
pub(super) fn solids(bytes: &[u8], name: &str, limits: &Limits) -> Result<Vec<Solid>, ImportFault> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
        ImportFault::damaged(format!("line {line}"), "it is no text")
    })?;
    let mut reader = Reader {
        solids: Vec::new(),
        open: None,
        in_loop: 0,
        corners: Tally::of("corners", limits.corners as u64),
        bodies: Tally::of("bodies", limits.meshes as u64),
        limits,
        name,
    };
    for (index, line) in text.lines().enumerate() {
        reader.line(line.trim(), &format!("line {}", index + 1))?;
    }
    match reader.open {
        Some(solid) => {
            Err(ImportFault::damaged("the end", format!("«{}» is not closed by endsolid", solid.name)))
        }
        None => Ok(reader.solids),
    }
}

struct Reader<'a> {
    solids: Vec<Solid>,
    open: Option<Solid>,
    /// Corners of the loop that is open.
    in_loop: usize,
    corners: Tally,
    bodies: Tally,
    limits: &'a Limits,
    name: &'a str,
}

impl Reader<'_> {
    fn line(&mut self, line: &str, at: &str) -> Result<(), ImportFault> {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match word.to_ascii_lowercase().as_str() {
            "" | "facet" => Ok(()),
            "solid" => {
                self.bodies.take(at, 1)?;
                self.limits.name(at, rest)?;
                if self.open.is_some() {
                    return Err(ImportFault::damaged(at, "a body begins inside another one"));
                }
                let name = match rest.trim() {
                    "" => self.name.to_owned(),
                    said => said.to_owned(),
                };
                self.open = Some(Solid { name, corners: Vec::new() });
                Ok(())
            }
            "outer" => {
                self.in_loop = 0;
                Ok(())
            }
            "vertex" => self.vertex(rest, at),
            "endloop" | "endfacet" => match self.in_loop {
                3 => Ok(()),
                count => Err(ImportFault::damaged(at, format!("a triangle with {count} corners"))),
            },
            "endsolid" => {
                let solid = self.open.take();
                let solid =
                    solid.ok_or_else(|| ImportFault::damaged(at, "a body ends that did not begin"))?;
                self.solids.push(solid);
                Ok(())
            }
            other => {
                let other: String = other.chars().take(40).collect();
                Err(ImportFault::damaged(at, format!("«{other}» is no word of STL")))
            }
        }
    }

    fn vertex(&mut self, rest: &str, at: &str) -> Result<(), ImportFault> {
        self.corners.take(at, 1)?;
        let mut numbers = rest.split_ascii_whitespace().map(str::parse::<f32>);
        let (Some(Ok(x)), Some(Ok(y)), Some(Ok(z)), None) =
            (numbers.next(), numbers.next(), numbers.next(), numbers.next())
        else {
            return Err(ImportFault::damaged(at, "a corner is not three numbers"));
        };
        let point = Vec3::new(x, y, z);
        if !point.is_finite() {
            return Err(ImportFault::damaged(at, "a corner is not a finite number"));
        }
        let solid = self.open.as_mut().ok_or_else(|| ImportFault::damaged(at, "a corner outside a body"))?;
        self.in_loop += 1;
        if self.in_loop > 3 {
            return Err(ImportFault::damaged(at, "a triangle with more than 3 corners"));
        }
        solid.corners.push(point);
        Ok(())
    }
}
