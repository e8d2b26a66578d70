//! Data that comes in files and goes out in files: what kinds there are, their columns, how a file is read, and what a
//! try finds.

use serde::{Deserialize, Serialize};

use crate::{Done, RowFault, WorkOrderFilter};

macro_rules! closed_names {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name in files, arguments and addresses.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The one with this name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

closed_names! {
    /// A kind of data that files hold.
    DataKind {
        /// Machines and places.
        Assets = "assets",
        /// Spare parts.
        Parts = "parts",
        /// Which part is built in where.
        WhereUsed = "where-used",
        /// How many of a part are where.
        Stock = "stock",
        /// Suppliers and what they offer.
        Suppliers = "suppliers",
        /// People.
        People = "people",
        /// Who can do what, how well, until when.
        Skills = "skills",
        /// Orders, open and closed.
        Orders = "orders",
        /// When machines stood still.
        Downtimes = "downtimes",
        /// Which tag belongs to which machine.
        TagBindings = "tag-bindings",
    }
}

closed_names! {
    /// What a column of a file can mean.
    DataField {
        /// What the plant calls a machine.
        Code = "code",
        /// What a machine, part or person is called.
        Name = "name",
        /// The level in the tree of machines.
        Level = "level",
        /// The code of the machine or place it is part of.
        Parent = "parent",
        /// A number at the ERP.
        ErpNumber = "erp_number",
        /// The path in the unified namespace.
        UnsPath = "uns_path",
        /// How much hangs on a machine.
        Criticality = "criticality",
        /// The kind of machine.
        Class = "class",
        /// The number of a part or an order.
        Number = "number",
        /// The unit something is counted or measured in.
        Unit = "unit",
        /// Numbers of parts that can take its place.
        Alternates = "alternates",
        /// The number of a part.
        Part = "part",
        /// The code of a machine.
        Asset = "asset",
        /// How many.
        Quantity = "quantity",
        /// Where on the machine.
        Place = "place",
        /// A stock location.
        Location = "location",
        /// A bin of it.
        Bin = "bin",
        /// How many are there.
        OnHand = "on_hand",
        /// When they were counted.
        AsOf = "as_of",
        /// The number of a supplier.
        Supplier = "supplier",
        /// What a supplier is called.
        SupplierName = "supplier_name",
        /// Days from order to delivery.
        LeadTimeDays = "lead_time_days",
        /// The price of one.
        Price = "price",
        /// The currency of the price.
        Currency = "currency",
        /// The language a person reads.
        Language = "language",
        /// A person, by number or name.
        Person = "person",
        /// The code of a skill.
        Skill = "skill",
        /// What a skill is called.
        SkillName = "skill_name",
        /// How well, from 0 to 4.
        SkillLevel = "skill_level",
        /// Until when it counts.
        ValidUntil = "valid_until",
        /// One line of what is to be done.
        Title = "title",
        /// More on it.
        Description = "description",
        /// What kind of work.
        WorkKind = "work_kind",
        /// Where an order stands.
        Status = "status",
        /// Why it stands there.
        StatusReason = "status_reason",
        /// How urgent.
        Priority = "priority",
        /// When it should be done.
        Due = "due",
        /// The planned start.
        PlannedStart = "planned_start",
        /// Minutes it is planned to take.
        PlannedMinutes = "planned_minutes",
        /// Who is to do it.
        Assignee = "assignee",
        /// The code of what was found.
        FoundCode = "found_code",
        /// What was found.
        Found = "found",
        /// The code of what was done.
        DoneCode = "done_code",
        /// What was done.
        Done = "done",
        /// When work began.
        Started = "started",
        /// When it was completed.
        Completed = "completed",
        /// When it came to be.
        Created = "created",
        /// From when.
        From = "from",
        /// To when.
        To = "to",
        /// The code of a reason.
        ReasonCode = "reason_code",
        /// A reason in words.
        Reason = "reason",
        /// A series of values.
        Series = "series",
        /// The lower end of the usual band.
        UsualLow = "usual_low",
        /// The upper end of the usual band.
        UsualHigh = "usual_high",
        /// The lower limit.
        LimitLow = "limit_low",
        /// The upper limit.
        LimitHigh = "limit_high",
        /// Seconds of silence after which a value is stale.
        SilenceS = "silence_s",
        /// The place among others.
        Position = "position",
    }
}

closed_names! {
    /// A format of files.
    FileFormat {
        /// Text with separators.
        Csv = "csv",
        /// A workbook.
        Xlsx = "xlsx",
    }
}

closed_names! {
    /// How the characters of a text are written.
    TextEncoding {
        /// UTF-8.
        Utf8 = "utf-8",
        /// UTF-16, low byte first.
        Utf16Le = "utf-16le",
        /// UTF-16, high byte first.
        Utf16Be = "utf-16be",
        /// Windows-1252.
        Windows1252 = "windows-1252",
    }
}

closed_names! {
    /// What stands between the cells of a text.
    CellSeparator {
        /// `;`
        Semicolon = "semicolon",
        /// `,`
        Comma = "comma",
        /// A tab.
        Tab = "tab",
        /// `|`
        Bar = "bar",
    }
}

closed_names! {
    /// What stands between whole and fraction of a number.
    DecimalMark {
        /// `1,5`
        Comma = "comma",
        /// `1.5`
        Point = "point",
    }
}

impl DataKind {
    /// Its columns in files, and whether a new record needs them.
    pub fn fields(self) -> &'static [(DataField, bool)] {
        use DataField::*;
        match self {
            Self::Assets => &[
                (Code, true),
                (DataField::Name, true),
                (Level, true),
                (Parent, false),
                (ErpNumber, false),
                (UnsPath, false),
                (Criticality, false),
                (Class, false),
            ],
            Self::Parts => &[(Number, true), (Name, true), (Unit, true), (Alternates, false)],
            Self::WhereUsed => {
                &[(Part, true), (Asset, true), (Quantity, true), (Unit, false), (Place, false)]
            }
            Self::Stock => {
                &[(Part, true), (Location, true), (Bin, false), (OnHand, true), (Unit, false), (AsOf, false)]
            }
            Self::Suppliers => &[
                (Supplier, true),
                (SupplierName, true),
                (Part, false),
                (LeadTimeDays, false),
                (Price, false),
                (Currency, false),
            ],
            Self::People => &[(Name, true), (ErpNumber, false), (Language, false)],
            Self::Skills => {
                &[(Person, true), (Skill, true), (SkillName, false), (SkillLevel, true), (ValidUntil, false)]
            }
            Self::Orders => &[
                (Number, true),
                (Title, true),
                (Description, false),
                (WorkKind, false),
                (Asset, false),
                (Status, false),
                (StatusReason, false),
                (Priority, false),
                (Due, false),
                (PlannedStart, false),
                (PlannedMinutes, false),
                (Assignee, false),
                (FoundCode, false),
                (Found, false),
                (DoneCode, false),
                (Done, false),
                (Started, false),
                (Completed, false),
                (Created, false),
            ],
            Self::Downtimes => {
                &[(Asset, true), (From, true), (To, false), (ReasonCode, false), (Reason, false)]
            }
            Self::TagBindings => &[
                (Asset, true),
                (Series, true),
                (Name, true),
                (Unit, false),
                (UsualLow, false),
                (UsualHigh, false),
                (LimitLow, false),
                (LimitHigh, false),
                (SilenceS, false),
                (Position, false),
            ],
        }
    }
}

/// A file as it comes in.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataFile {
    /// What it is called.
    pub file_name: String,
    /// Its bytes, in base64.
    pub bytes_base64: String,
}

/// What a person says about a file, where it is not to be found out.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataReading {
    /// How its characters are written.
    pub encoding: Option<TextEncoding>,
    /// What stands between cells.
    pub separator: Option<CellSeparator>,
    /// The decimal mark of its numbers.
    pub decimal_mark: Option<DecimalMark>,
    /// The sheet to read.
    pub sheet: Option<String>,
    /// The row with the names of the columns.
    pub header_row: Option<u32>,
}

/// A column of a file and what it means.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMatch {
    /// The column, from 0.
    pub column: u32,
    /// What it means.
    pub field: DataField,
}

/// A column of a file.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileColumn {
    /// Its letter.
    pub letter: String,
    /// What stands above it.
    pub header: String,
}

/// A row of a file, for people.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRow {
    /// Its number in the file.
    pub row: u32,
    /// Its cells.
    pub cells: Vec<String>,
}

/// How a file was understood.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataUnderstood {
    /// What kind of file it is.
    pub format: FileFormat,
    /// How its characters are written, where it is text.
    pub encoding: Option<TextEncoding>,
    /// What stands between cells, where it is text.
    pub separator: Option<CellSeparator>,
    /// The decimal mark of its numbers; nothing where no number shows one.
    pub decimal_mark: Option<DecimalMark>,
    /// The sheet that was read, where it is a workbook.
    pub sheet: Option<String>,
    /// All its sheets.
    pub sheets: Vec<String>,
    /// The row with the names of the columns.
    pub header_row: u32,
    /// Whether days are counted from 1904.
    pub from_1904: bool,
    /// Whether it is a skills matrix, read as one row per person and skill.
    pub matrix: bool,
    /// How many cells have a formula behind them: what the file kept of its result is taken, nothing is computed.
    pub formulas: u64,
    /// How many rows stand below the names of the columns.
    pub rows: u64,
}

/// A number that can be read in two ways.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenNumber {
    /// The row.
    pub row: u32,
    /// The column's letter.
    pub column: String,
    /// What stands there.
    pub given: String,
    /// What it is if a comma is the decimal mark.
    pub with_comma: String,
    /// What it is if a point is.
    pub with_point: String,
}

/// A file as understood, before anything is tried.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataPreviewView {
    /// How it was understood.
    pub understood: DataUnderstood,
    /// Its columns.
    pub columns: Vec<FileColumn>,
    /// Its first rows.
    pub rows: Vec<FileRow>,
    /// What its columns mean.
    pub matches: Vec<ColumnMatch>,
    /// Whether that is remembered from a file with the same columns.
    pub remembered: bool,
    /// Needed columns that it lacks.
    pub missing: Vec<DataField>,
    /// A number that can be read in two ways, while nobody has said which.
    pub open_number: Option<OpenNumber>,
}

/// What became of a row, or would.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenRow {
    /// Its number in the file.
    pub row: u32,
    /// What it is about: a code, number or name.
    pub label: String,
    /// The fields that change, for a row that changes a record.
    pub fields: Vec<DataField>,
}

/// A row that is not taken.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowRefusal {
    /// Its number in the file.
    pub row: u32,
    /// The column's letter, where it is about one.
    pub column: Option<String>,
    /// What the column means.
    pub field: Option<DataField>,
    /// Why.
    pub fault: RowFault,
}

impl std::fmt::Display for RowRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.field {
            Some(field) => write!(f, "{field}: {}", self.fault),
            None => self.fault.fmt(f),
        }
    }
}

/// What bringing data in did or would do.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DataReport {
    /// Rows that become new records.
    pub new: i64,
    /// Rows that change records.
    pub changed: i64,
    /// Rows that are as they were.
    pub same: i64,
    /// Rows that are refused.
    pub refused: i64,
    /// The first of the new rows.
    pub new_rows: Vec<TakenRow>,
    /// The first of the changed rows.
    pub changed_rows: Vec<TakenRow>,
    /// The first of the rows that are as they were.
    pub same_rows: Vec<TakenRow>,
    /// The first of the refused rows.
    pub refused_rows: Vec<RowRefusal>,
    /// The transaction, where something was written.
    pub done: Option<Done>,
}

impl DataReport {
    /// How many rows of each kind are told one by one; all of them are counted, and all refused ones are in their file.
    pub const ROWS_TOLD: usize = 1_000;
}

/// What is taken out.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataSeen {
    /// Only records whose code, number or name holds this text.
    pub containing: String,
    /// Only these orders.
    pub orders: WorkOrderFilter,
}

/// A file as it goes out.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileBytes {
    /// What to call it.
    pub file_name: String,
    /// How many rows it holds below the names of the columns.
    pub rows: u64,
    /// Its bytes, in base64.
    pub bytes_base64: String,
}

/// A file that was kept in the person's folder.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedFile {
    /// Where it lies.
    pub path: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_needs_something_and_names_no_column_twice() {
        for kind in DataKind::ALL {
            let fields = kind.fields();
            assert!(fields.iter().any(|(_, needed)| *needed), "{kind}");
            let mut names: Vec<_> = fields.iter().map(|(field, _)| *field).collect();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), fields.len(), "{kind}");
        }
    }

    #[test]
    fn names_are_the_same_in_files_and_at_the_boundary() {
        for kind in DataKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(DataKind::parse(kind.as_str()), Some(*kind));
        }
        for field in DataField::ALL {
            assert_eq!(serde_json::to_value(field).unwrap(), field.as_str());
        }
    }

    #[test]
    fn a_refused_row_says_its_column_and_why() {
        let refusal = RowRefusal {
            row: 7,
            column: Some("C".to_owned()),
            field: Some(DataField::Level),
            fault: RowFault::NotOneOf { given: "gadget".to_owned(), known: vec!["site".to_owned()] },
        };
        assert_eq!(refusal.to_string(), "level: «gadget» is not known here; known are site");
    }
}
