//! What a document consists of, before anybody knows where on which page it stands.

/// The most pages that a document gets; what is beyond is named by its count.
pub const PAGES_MAX: usize = 500;

/// A document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paper {
    /// What kind of record it is, and its number (`Work order K1-12`): stands on every page.
    pub name: String,
    /// Its first line.
    pub title: String,
    /// Whose it is: the plant.
    pub owner: String,
    /// Where the record stands, in a word or two, in a frame beside the name; empty for none.
    pub standing: String,
    /// When it was made and by whom, in words, at the foot of every page.
    pub made_words: String,
    /// When it was made, for the file's own particulars.
    pub made: Made,
    /// The language, a BCP 47 tag.
    pub language: String,
    /// What stands on it, in order.
    pub blocks: Vec<Block>,
    /// The words that the layout itself needs.
    pub furniture: Furniture,
    /// Whether it is one page, whatever there is: what does not fit is named by its count.
    pub single_page: bool,
}

/// A moment by the clock of UTC.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// The year.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month.
    pub day: u8,
    /// The hour.
    pub hour: u8,
    /// The minute.
    pub minute: u8,
    /// The second.
    pub second: u8,
}

/// The words that the layout itself needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Furniture {
    /// `Page {page} of {pages}`.
    pub page: String,
    /// `and {count} more in the app`.
    pub left_out: String,
    /// What the mark □ stands for, where a sign had to be replaced by it.
    pub replaced: String,
    /// What is said in the place of a photo that cannot be shown.
    pub no_photo: String,
}

/// One thing on the paper.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading; it never stands alone at the end of a page.
    Heading(String),
    /// Short facts, beside each other.
    Facts(Vec<Fact>),
    /// Running words with a small name above; an empty name for none.
    Words {
        /// What they are.
        name: String,
        /// The words; line breaks are kept.
        text: String,
    },
    /// Words that should be seen: with a bar at their side.
    Notice(String),
    /// Rows below heads that are repeated on every page.
    Table {
        /// The columns.
        columns: Vec<Column>,
        /// The rows.
        rows: Vec<Row>,
    },
    /// Photos, two beside each other.
    Photos(Vec<Photo>),
    /// What follows begins on a page of its own.
    PageBreak,
}

/// A short fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// The fact.
    pub value: String,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What stands above it.
    pub head: String,
    /// How much of the width it gets, against the others.
    pub share: f32,
    /// At which side its cells stand.
    pub align: Align,
}

/// At which side words stand.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Where lines begin.
    #[default]
    Start,
    /// Where lines end: for numbers.
    End,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its cells, as many as there are columns.
    pub cells: Vec<String>,
    /// Whether it should be seen before the others.
    pub strong: bool,
}

/// A photo.
#[derive(Clone, PartialEq)]
pub struct Photo {
    /// Its bytes: JPEG or PNG. Nothing where they are not on this device.
    pub bytes: Option<std::sync::Arc<Vec<u8>>>,
    /// What stands below it.
    pub caption: String,
    /// What is drawn over it.
    pub drawn: Vec<Drawn>,
}

/// Something drawn over a photo, dark within light so that it reads on any; places are shares of the photo's width and
/// height from its upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawn {
    /// A line with a head at its end.
    Arrow {
        /// Its tail.
        from: (f32, f32),
        /// Its head.
        to: (f32, f32),
    },
    /// A circle.
    Ring {
        /// Its middle.
        center: (f32, f32),
        /// Its radius, as a share of the width.
        radius: f32,
    },
    /// A few letters on a dark plate.
    Plate {
        /// Its middle.
        at: (f32, f32),
        /// What stands on it.
        text: String,
    },
}

impl std::fmt::Debug for Photo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = self.bytes.as_ref().map(|bytes| bytes.len());
        f.debug_struct("Photo")
            .field("bytes", &bytes)
            .field("caption", &self.caption)
            .field("drawn", &self.drawn)
            .finish()
    }
}
