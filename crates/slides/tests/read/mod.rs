//! A deck as other programs read it: its parts, who refers to whom, the words and tables of its slides.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use roxmltree::{Document, Node};

/// The parts of an archive by their names.
pub struct Parts(pub BTreeMap<String, Vec<u8>>);

impl Parts {
    pub fn of(bytes: &[u8]) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut parts = BTreeMap::new();
        for place in 0..archive.len() {
            let mut part = archive.by_index(place).unwrap();
            let mut held = vec![];
            part.read_to_end(&mut held).unwrap();
            assert!(parts.insert(part.name().to_owned(), held).is_none(), "{} is there twice", part.name());
        }
        Self(parts)
    }

    pub fn text(&self, name: &str) -> &str {
        let bytes = self.0.get(name).unwrap_or_else(|| panic!("there is no part {name}"));
        std::str::from_utf8(bytes).unwrap()
    }

    pub fn slides(&self) -> usize {
        self.0.keys().filter(|name| name.starts_with("ppt/slides/slide")).count()
    }

    /// The paragraphs of a slide or of its notes, empty ones left out.
    pub fn paragraphs(&self, name: &str) -> Vec<String> {
        let document = Document::parse(self.text(name)).unwrap();
        let paragraphs = document.descendants().filter(|node| node.has_tag_name((DRAWING, "p")));
        paragraphs.map(words_of).filter(|words| !words.is_empty()).collect()
    }

    pub fn slide(&self, number: usize) -> Vec<String> {
        self.paragraphs(&format!("ppt/slides/slide{number}.xml"))
    }

    /// The rows of the tables of a slide.
    pub fn table(&self, number: usize) -> Vec<Vec<String>> {
        let document = Document::parse(self.text(&format!("ppt/slides/slide{number}.xml"))).unwrap();
        let rows = document.descendants().filter(|node| node.has_tag_name((DRAWING, "tr")));
        let cells = |row: Node<'_, '_>| {
            let cells = row.children().filter(|node| node.has_tag_name((DRAWING, "tc")));
            cells.map(words_of).collect::<Vec<_>>()
        };
        rows.map(cells).collect()
    }

    /// Every frame of a slide: left, top, width and height in EMU.
    pub fn frames(&self, number: usize) -> Vec<[i64; 4]> {
        let document = Document::parse(self.text(&format!("ppt/slides/slide{number}.xml"))).unwrap();
        let frames = document.descendants().filter(|node| {
            node.tag_name().name() == "xfrm"
                && node.parent().is_some_and(|of| of.tag_name().name() != "grpSpPr")
        });
        let side = |node: Node<'_, '_>, child: &str, name: &str| -> i64 {
            let child = node.children().find(|node| node.tag_name().name() == child).unwrap();
            child.attribute(name).unwrap().parse().unwrap()
        };
        frames
            .map(|node| {
                [
                    side(node, "off", "x"),
                    side(node, "off", "y"),
                    side(node, "ext", "cx"),
                    side(node, "ext", "cy"),
                ]
            })
            .collect()
    }
}

pub const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";

fn words_of(node: Node<'_, '_>) -> String {
    let runs = node.descendants().filter(|node| node.has_tag_name((DRAWING, "t")));
    runs.filter_map(|run| run.text()).collect()
}
