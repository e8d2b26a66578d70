//! Why a manual, or a page of it, is not shown.

/// Why a manual cannot be opened, or a page of it cannot be drawn. Pages are counted from one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManualFault {
    /// The file has more bytes than are taken.
    #[error("the file has {bytes} bytes; {most} are taken")]
    FileTooLarge {
        /// Bytes of the file.
        bytes: u64,
        /// Bytes that are taken.
        most: u64,
    },
    /// The file does not begin like a PDF.
    #[error("the file is no PDF")]
    NotPdf,
    /// The file is encrypted, with a password or without one.
    #[error("the PDF is encrypted")]
    Encrypted,
    /// The file begins like a PDF, and cannot be read as one.
    #[error("the PDF is damaged")]
    Damaged,
    /// A PDF without a page.
    #[error("the PDF has no pages")]
    NoPages,
    /// More pages than are taken.
    #[error("the PDF has {pages} pages; {most} are taken")]
    TooManyPages {
        /// Pages of the file.
        pages: usize,
        /// Pages that are taken.
        most: usize,
    },
    /// A part of the file unpacks to more than is taken.
    #[error("what is packed in the PDF at byte {at} would unpack to {bytes} bytes; {most} are taken")]
    Unpacks {
        /// Where in the file that part begins.
        at: u64,
        /// What it would unpack to at least, alone or with those before it.
        bytes: u64,
        /// What is taken.
        most: u64,
    },
    /// There is no such page.
    #[error("there is no page {page}: the manual has {pages}")]
    NoSuchPage {
        /// The page that was asked for.
        page: u32,
        /// The pages there are.
        pages: u32,
    },
    /// The piece of a page is not within the page, or has no area.
    #[error("the piece is not within the page")]
    NotWithinPage,
    /// A picture larger than is made, or without a pixel.
    #[error("a picture of {longest_px} pixels along its longer side was asked for; 1 to {most_px} are made")]
    PictureSize {
        /// What was asked for, in pixels.
        longest_px: u32,
        /// What is made at most, in pixels.
        most_px: u32,
    },
    /// Finer dots than are drawn, or none.
    #[error("{dots_per_inch} dots per inch were asked for; 1 to {most} are drawn")]
    Fineness {
        /// What was asked for.
        dots_per_inch: u32,
        /// What is drawn at most.
        most: u32,
    },
    /// A page that would take more to draw than is given.
    #[error("page {page} is not drawn: {excess}")]
    TooMuch {
        /// The page.
        page: u32,
        /// Of what it has too much.
        excess: Excess,
    },
    /// It took longer than is waited.
    #[error("it took longer than {seconds} seconds{}", of_page(*page))]
    TooLong {
        /// The page that was drawn, or none while the file was opened.
        page: Option<u32>,
        /// How long was waited.
        seconds: u64,
    },
    /// The renderer gave up in the middle of its work.
    #[error("the PDF cannot be drawn{}", of_page(*page))]
    GaveUp {
        /// The page that was drawn, or none while the file was opened.
        page: Option<u32>,
    },
    /// Earlier pages that took too long are still being drawn.
    #[error("earlier pages are still being drawn")]
    Busy,
    /// The system gives no further thread.
    #[error("no thread to draw on: {0}")]
    Thread(String),
    /// The picture cannot be written as PNG.
    #[error("the picture cannot be written: {0}")]
    Png(String),
}

fn of_page(page: Option<u32>) -> String {
    page.map(|page| format!(" for page {page}")).unwrap_or_default()
}

/// Of what a page has more than is drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Excess {
    /// What it is made of unpacks to too much.
    #[error("what it is made of would unpack to {bytes} bytes; {most} are taken")]
    Unpacked {
        /// What it would unpack to at least.
        bytes: u64,
        /// What is taken.
        most: u64,
    },
    /// A stream that is packed more than once, as no program writes it.
    #[error("a part of it is packed twice")]
    PackedTwice,
    /// An image of too many samples.
    #[error("an image of it has {samples} samples; {most} are taken")]
    Image {
        /// Pixels times colours.
        samples: u64,
        /// What is taken.
        most: u64,
    },
    /// Too many objects, or objects in each other, lead on from it.
    #[error("too many objects belong to it")]
    Objects,
    /// Too many things to draw, counting what is drawn again and again.
    #[error("it has more than {most} things to draw")]
    Operations {
        /// What is drawn.
        most: u64,
    },
    /// Lines that are too long altogether, at the size asked for.
    #[error("its lines are longer than {most} pixels altogether")]
    Lines {
        /// What is drawn, in pixels.
        most: u64,
    },
    /// Masks and tiles that take too much memory, at the size asked for.
    #[error("its masks and patterns take more than {most} bytes")]
    Masks {
        /// What is taken.
        most: u64,
    },
}
