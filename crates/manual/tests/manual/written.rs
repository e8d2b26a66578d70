//! PDFs written by hand, object by object, so that each can be wrong in exactly one way.

use std::fmt::Write as _;

/// A PDF in the making. Objects are numbered from one; the first is the catalog, the second the tree of pages.
pub struct Written {
    objects: Vec<Vec<u8>>,
    kids: Vec<usize>,
}

impl Written {
    /// One without pages.
    pub fn new() -> Self {
        Self { objects: vec![b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), vec![]], kids: vec![] }
    }

    /// One page of A4 with these commands and these words in its resources.
    pub fn page(commands: &str, resources: &str) -> Self {
        let mut written = Self::new();
        written.add_page(commands, resources, "");
        written
    }

    /// Adds an object and tells its number.
    pub fn add(&mut self, object: impl Into<Vec<u8>>) -> usize {
        self.objects.push(object.into());
        self.objects.len()
    }

    /// Adds a stream; `words` stand in its dictionary beside its length.
    pub fn add_stream(&mut self, words: &str, data: &[u8]) -> usize {
        self.add(stream(words, data))
    }

    /// Adds a page of A4; `words` stand in its dictionary.
    pub fn add_page(&mut self, commands: &str, resources: &str, words: &str) -> usize {
        let contents = self.add_stream("", commands.as_bytes());
        self.add_page_of(&format!("/Contents {contents} 0 R /Resources << {resources} >> {words}"))
    }

    /// Adds a page of A4 with these words in its dictionary.
    pub fn add_page_of(&mut self, words: &str) -> usize {
        self.add_page_sized("0 0 595 842", words)
    }

    /// Adds a page with this box, in points, and with these words in its dictionary.
    pub fn add_page_sized(&mut self, box_pt: &str, words: &str) -> usize {
        let page = self.add(format!("<< /Type /Page /Parent 2 0 R /MediaBox [{box_pt}] {words} >>"));
        self.kids.push(page);
        page
    }

    /// Puts another object in the place of one.
    pub fn put(&mut self, number: usize, object: impl Into<Vec<u8>>) {
        self.objects[number - 1] = object.into();
    }

    /// The file.
    pub fn bytes(mut self) -> Vec<u8> {
        if self.objects[1].is_empty() {
            let kids = self.kids.iter().fold(String::new(), |mut kids, kid| {
                write!(kids, "{kid} 0 R ").unwrap();
                kids
            });
            self.objects[1] =
                format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", self.kids.len()).into_bytes();
        }
        let mut out = b"%PDF-1.7\n".to_vec();
        let mut places = vec![];
        for (index, object) in self.objects.iter().enumerate() {
            places.push(out.len());
            out.extend(format!("{} 0 obj\n", index + 1).into_bytes());
            out.extend(object);
            out.extend(b"\nendobj\n");
        }
        let table = out.len();
        out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).into_bytes());
        for place in &places {
            out.extend(format!("{place:010} 00000 n \n").into_bytes());
        }
        let size = places.len() + 1;
        out.extend(
            format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").into_bytes(),
        );
        out
    }
}

/// A stream object.
pub fn stream(words: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<< /Length {} {words} >>\nstream\n", data.len()).into_bytes();
    object.extend(data);
    object.extend(b"\nendstream");
    object
}

/// Deflated bytes in zlib's frame.
pub fn deflated(data: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(data, 6)
}

/// So many bytes of the same letter, deflated without ever being in memory: 258 of them in every thirteen bits.
pub fn bomb(letter: u8, bytes: u64) -> Vec<u8> {
    assert!(letter < 144, "a code of eight bits");
    let mut out = vec![0x78, 0x9C];
    let (mut held, mut held_bits) = (0_u32, 0);
    let mut put = |value: u32, bits: u32| {
        held |= value << held_bits;
        held_bits += bits;
        while held_bits >= 8 {
            out.push(held as u8);
            held >>= 8;
            held_bits -= 8;
        }
    };
    // The last block, of fixed codes; codes stand with their first bit first.
    put(1, 1);
    put(1, 2);
    put((u32::from(letter) + 0x30).reverse_bits() >> 24, 8);
    for _ in 0..bytes / 258 {
        put(0b1100_0101_u32.reverse_bits() >> 24, 8);
        put(0, 5);
    }
    put(0, 7);
    put(0, 7);
    let sum = adler(letter, bytes / 258 * 258 + 1);
    out.extend(sum.to_be_bytes());
    out
}

/// zlib's checksum of so many equal letters.
fn adler(letter: u8, bytes: u64) -> u32 {
    const BASE: u64 = 65_521;
    let letter = u64::from(letter);
    let first = (1 + bytes % BASE * letter) % BASE;
    // The sum of 1 + i·letter for i = 1 to bytes.
    let halves = if bytes.is_multiple_of(2) {
        (bytes / 2 % BASE) * ((bytes + 1) % BASE)
    } else {
        (bytes % BASE) * (bytes.div_ceil(2) % BASE)
    };
    let second = (bytes % BASE + halves % BASE * letter) % BASE;
    (second << 16 | first) as u32
}
