//! Pages of a PDF read by their operators: what is filled, in millimetres, and where words begin.

use lopdf::{Document, Object};

use crate::picture::Rectangle;

const MM_PER_POINT: f64 = 25.4 / 72.0;

/// A page as it is printed without scaling, in millimetres from its upper left corner.
pub struct PrintedPage {
    pub width_mm: f64,
    pub height_mm: f64,
    /// What was filled with black, a list for each time.
    pub figures: Vec<Vec<Rectangle>>,
    /// Where each piece of text begins, on its baseline.
    pub text_starts: Vec<(f64, f64)>,
    /// All words, with blanks between them.
    pub words: String,
}

impl PrintedPage {
    pub fn dark(&self) -> Vec<Rectangle> {
        self.figures.concat()
    }

    /// The bar that is to be measured: the only figure of three rectangles.
    pub fn bars(&self) -> Vec<Rectangle> {
        self.figures.iter().filter(|figure| figure.len() == 3).map(|bar| Rectangle::around(bar)).collect()
    }

    /// The squares, fiducial and code in turns: all figures of many rectangles.
    pub fn squares(&self) -> Vec<&Vec<Rectangle>> {
        self.figures.iter().filter(|figure| figure.len() > 3).collect()
    }
}

type Matrix = [f64; 6];

/// `first`, then `second`.
fn chained(first: Matrix, second: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = first;
    let [p, q, r, s, t, u] = second;
    [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u]
}

fn numbers(operands: &[Object]) -> Vec<f64> {
    operands.iter().filter_map(|operand| operand.as_float().ok()).map(f64::from).collect()
}

pub fn read(bytes: &[u8]) -> Vec<PrintedPage> {
    let document = Document::load_mem(bytes).unwrap();
    document.get_pages().into_iter().map(|(number, id)| read_page(&document, number, id)).collect()
}

fn read_page(document: &Document, number: u32, id: lopdf::ObjectId) -> PrintedPage {
    let page = document.get_dictionary(id).unwrap();
    assert!(page.get(b"UserUnit").is_err() && page.get(b"Rotate").is_err(), "a page is scaled or turned");
    let media_box = numbers(page.get(b"MediaBox").unwrap().as_array().unwrap());
    let [left, lower, right, upper] = media_box[..] else { panic!("{media_box:?}") };
    assert_eq!((left, lower), (0.0, 0.0));
    let text = document.extract_text(&[number]).unwrap();
    let mut printed = PrintedPage {
        width_mm: right * MM_PER_POINT,
        height_mm: upper * MM_PER_POINT,
        figures: vec![],
        text_starts: vec![],
        words: text.split_whitespace().collect::<Vec<_>>().join(" "),
    };
    let mm = |matrix: Matrix, x: f64, y: f64| {
        let [.., x, y] = chained([1.0, 0.0, 0.0, 1.0, x, y], matrix);
        (x * MM_PER_POINT, (upper - y) * MM_PER_POINT)
    };
    let mut matrices = vec![[1.0, 0.0, 0.0, 1.0, 0.0, 0.0]];
    let (mut outlines, mut figure): (Vec<Vec<(f64, f64)>>, Vec<Rectangle>) = (vec![], vec![]);
    for operation in document.get_and_decode_page_content(id).unwrap().operations {
        let values = numbers(&operation.operands);
        let matrix = *matrices.last().unwrap();
        match (operation.operator.as_str(), &values[..]) {
            ("q", _) => matrices.push(matrix),
            ("Q", _) => drop(matrices.pop()),
            ("cm", &[a, b, c, d, e, f]) => {
                *matrices.last_mut().unwrap() = chained([a, b, c, d, e, f], matrix)
            }
            ("m", &[x, y]) => outlines.push(vec![mm(matrix, x, y)]),
            ("l", &[x, y]) => outlines.last_mut().unwrap().push(mm(matrix, x, y)),
            ("h", _) => {}
            ("f", _) => {
                figure.extend(outlines.drain(..).map(|outline| rectangle(&outline)));
                printed.figures.push(std::mem::take(&mut figure));
            }
            ("scn", values) => assert_eq!(values, [0.0], "something is not black"),
            ("Tm", &[a, b, c, d, e, f]) => {
                let [.., x, y] = chained([a, b, c, d, e, f], matrix);
                printed.text_starts.push((x * MM_PER_POINT, (upper - y) * MM_PER_POINT));
            }
            ("cs" | "gs" | "BT" | "ET" | "Tr" | "Tf" | "TJ" | "Tj", _) => {}
            (other, values) => panic!("«{other}» with {values:?} is not expected on a label"),
        }
    }
    printed
}

fn rectangle(outline: &[(f64, f64)]) -> Rectangle {
    assert_eq!(outline.len(), 4, "not a rectangle: {outline:?}");
    let corners: Vec<Rectangle> =
        outline.iter().map(|&(x, y)| Rectangle { left: x, top: y, right: x, bottom: y }).collect();
    let around = Rectangle::around(&corners);
    for &(x, y) in outline {
        assert!((x == around.left || x == around.right) && (y == around.top || y == around.bottom));
    }
    around
}
