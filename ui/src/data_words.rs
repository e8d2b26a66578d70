//! Data in files, in words: kinds, columns, how a file is understood, and why a row or a file is refused.

use millwright_model::*;

use crate::figure;
use crate::text;
use crate::words;

/// A kind of data.
pub(crate) fn kind(kind: DataKind) -> &'static str {
    match kind {
        DataKind::Assets => text::data_assets(),
        DataKind::Parts => text::data_parts(),
        DataKind::WhereUsed => text::data_where_used(),
        DataKind::Stock => text::data_stock(),
        DataKind::Suppliers => text::data_suppliers(),
        DataKind::People => text::data_people(),
        DataKind::Skills => text::data_skills(),
        DataKind::Orders => text::data_orders(),
        DataKind::Downtimes => text::data_downtimes(),
        DataKind::TagBindings => text::data_tag_bindings(),
    }
}

/// What a column means.
pub(crate) fn field(field: DataField) -> &'static str {
    match field {
        DataField::Code => text::field_code(),
        DataField::Name => text::field_name(),
        DataField::Level => text::field_level(),
        DataField::Parent => text::field_parent(),
        DataField::ErpNumber => text::field_erp_number(),
        DataField::UnsPath => text::field_uns_path(),
        DataField::Criticality => text::field_criticality(),
        DataField::Class => text::field_class(),
        DataField::Number => text::field_number(),
        DataField::Unit => text::field_unit(),
        DataField::Alternates => text::field_alternates(),
        DataField::Part => text::field_part(),
        DataField::Asset => text::field_asset(),
        DataField::Quantity => text::field_quantity(),
        DataField::Place => text::field_place(),
        DataField::Location => text::field_location(),
        DataField::Bin => text::field_bin(),
        DataField::OnHand => text::field_on_hand(),
        DataField::AsOf => text::field_as_of(),
        DataField::Supplier => text::entity_supplier(),
        DataField::SupplierName => text::field_supplier_name(),
        DataField::LeadTimeDays => text::field_lead_time(),
        DataField::Price => text::field_price(),
        DataField::Currency => text::field_currency(),
        DataField::Language => text::field_language(),
        DataField::Person => text::field_person(),
        DataField::Skill => text::entity_skill(),
        DataField::SkillName => text::field_skill_name(),
        DataField::SkillLevel => text::field_skill_level(),
        DataField::ValidUntil => text::field_valid_until(),
        DataField::Title => text::field_title(),
        DataField::Description => text::field_description(),
        DataField::WorkKind => text::field_work_kind(),
        DataField::Status => text::field_status(),
        DataField::StatusReason | DataField::Reason => text::field_reason(),
        DataField::Priority => text::field_priority(),
        DataField::Due => text::field_due(),
        DataField::PlannedStart => text::field_planned_start(),
        DataField::PlannedMinutes => text::field_planned_minutes(),
        DataField::Assignee => text::field_assignee(),
        DataField::FoundCode => text::field_found_code(),
        DataField::Found => text::field_found(),
        DataField::DoneCode => text::field_done_code(),
        DataField::Done => text::field_done(),
        DataField::Started => text::field_started(),
        DataField::Completed => text::field_completed(),
        DataField::Created => text::field_created(),
        DataField::From => text::field_from(),
        DataField::To => text::field_to(),
        DataField::ReasonCode => text::field_reason_code(),
        DataField::Series => text::field_series(),
        DataField::UsualLow => text::usual_from(),
        DataField::UsualHigh => text::usual_to(),
        DataField::LimitLow => text::limit_from(),
        DataField::LimitHigh => text::limit_to(),
        DataField::SilenceS => text::field_silence(),
        DataField::Position => text::field_position(),
    }
}

/// Several columns.
pub(crate) fn fields(all: impl IntoIterator<Item = DataField>) -> String {
    all.into_iter().map(field).collect::<Vec<_>>().join(", ")
}

/// How characters are written; the names are the same everywhere.
pub(crate) fn encoding(encoding: TextEncoding) -> &'static str {
    match encoding {
        TextEncoding::Utf8 => "UTF-8",
        TextEncoding::Utf16Le => "UTF-16 LE",
        TextEncoding::Utf16Be => "UTF-16 BE",
        TextEncoding::Windows1252 => "Windows-1252",
    }
}

/// What stands between cells.
pub(crate) fn separator(separator: CellSeparator) -> &'static str {
    match separator {
        CellSeparator::Semicolon => text::separator_semicolon(),
        CellSeparator::Comma => text::separator_comma(),
        CellSeparator::Tab => text::separator_tab(),
        CellSeparator::Bar => text::separator_bar(),
    }
}

/// A decimal mark.
pub(crate) fn decimal_mark(mark: DecimalMark) -> &'static str {
    match mark {
        DecimalMark::Comma => text::mark_comma(),
        DecimalMark::Point => text::mark_point(),
    }
}

/// A format of files; the names are the same everywhere.
pub(crate) fn format(format: FileFormat) -> &'static str {
    match format {
        FileFormat::Csv => "CSV",
        FileFormat::Xlsx => "Excel (XLSX)",
    }
}

/// A refused row: where, and why.
pub(crate) fn refusal(refusal: &RowRefusal) -> String {
    let reason = row_fault(&refusal.fault);
    match (refusal.field, &refusal.column) {
        (Some(of), Some(column)) => text::bring_refused_at(refusal.row, column, field(of), reason),
        (Some(of), None) => text::bring_refused_field(refusal.row, field(of), reason),
        (None, _) => text::bring_refused_row(refusal.row, reason),
    }
}

/// Why a row is refused, with what its column means: for the file of refused rows, where the place is plain.
pub(crate) fn reason(refusal: &RowRefusal) -> String {
    let reason = row_fault(&refusal.fault);
    refusal.field.map_or(reason.clone(), |of| text::field_line(field(of), reason))
}

/// Why a row is refused.
pub(crate) fn row_fault(fault: &RowFault) -> String {
    match fault {
        RowFault::Empty => text::row_empty().to_owned(),
        RowFault::TooLong { count, limit } => text::row_too_long(count, limit),
        RowFault::TooManyCells { count, header } => text::row_too_many_cells(count, header),
        RowFault::NotANumber { given } => text::row_not_a_number(given),
        RowFault::OpenNumber { given, with_comma, with_point } => {
            text::row_open_number(given, shown(with_comma), shown(with_point))
        }
        RowFault::OutOfBounds { given, least, most } => text::row_bounds(given, least, most),
        RowFault::TooManyDecimals { given, decimals } => text::row_decimals(given, decimals),
        RowFault::NotADate { given } => text::row_not_a_date(given),
        RowFault::OpenDate { given } => text::row_open_date(given),
        RowFault::NotOneOf { given, known } => text::row_not_one_of(given, known.join(", ")),
        RowFault::NotHere { given, what: _ } => text::row_not_here(given),
        RowFault::Several { given } => text::row_several(given),
        RowFault::Twice { first } => text::row_twice(first),
        RowFault::Differs { given, first } => text::row_differs(given, first),
        RowFault::Circle { given } => text::row_circle(given),
        RowFault::NoResult => text::row_no_result().to_owned(),
        RowFault::FormulaError { given } => text::row_formula_error(given),
        RowFault::OtherUnit { unit, given } => text::row_other_unit(unit, given),
        RowFault::WholePieces { given } => text::row_pieces(given),
        RowFault::Crossed { low, high } => text::row_crossed(low, high),
        RowFault::OrderClosed { status } => text::row_order_closed(words::status(*status)),
        RowFault::StatusByHand { to } => text::row_status_by_hand(words::status(*to)),
        RowFault::Fixed => text::row_fixed().to_owned(),
        RowFault::GaveWay { given, stays } => text::row_gave_way(given, stays),
        RowFault::KeyGone => text::row_key_gone().to_owned(),
    }
}

/// A decimal with a point, as people here write it.
pub(crate) fn shown(decimal: &str) -> String {
    match decimal.parse::<f64>() {
        Ok(number) => figure::plain(number),
        Err(_unreadable) => decimal.to_owned(),
    }
}

/// Why a whole file is refused.
pub(crate) fn file_fault(fault: &FileFault) -> String {
    match fault {
        FileFault::Nothing => text::filefault_nothing().to_owned(),
        FileFault::OldOrLocked => text::filefault_old().to_owned(),
        FileFault::NotAWorkbook => text::filefault_no_workbook().to_owned(),
        FileFault::Damaged { part, reason } => text::filefault_damaged(part, reason),
        FileFault::TooManyParts { count, limit } => text::filefault_parts(count, limit),
        FileFault::Inflates { part, limit } => text::filefault_inflates(limit / (1024 * 1024), part),
        FileFault::Declares { part } => text::filefault_declares(part),
        FileFault::NoSuchSheet { sheet, sheets } => text::filefault_no_sheet(sheet, sheets.join(", ")),
        FileFault::NoSuchHeader { row } => text::filefault_no_header(row),
        FileFault::NotEncoded { encoding: wished, line } => {
            text::filefault_not_encoded(line, encoding(*wished))
        }
        FileFault::NotText { line } => text::filefault_not_text(line),
        FileFault::QuoteOpen { line } => text::filefault_quote_open(line),
        FileFault::AfterQuote { line, column } => text::filefault_after_quote(line, column),
        FileFault::TooManyRows { row, limit } => {
            text::filefault_rows(figure::grouped(u64::from(*row)), figure::grouped(*limit))
        }
        FileFault::TooManyColumns { row, limit } => text::filefault_columns(row, limit),
        FileFault::TooManyCells { row, limit } => text::filefault_cells(row, figure::grouped(*limit)),
        FileFault::CellTooLong { column, row, limit } => {
            text::filefault_cell(format!("{column}{row}"), figure::grouped(*limit))
        }
        FileFault::MatchUnfit { column } => text::filefault_match(column),
        FileFault::ColumnsMissing { fields: missing } => {
            text::filefault_missing(fields(missing.iter().copied()))
        }
        FileFault::NotWritten { reason } => text::filefault_not_written(reason),
        FileFault::NotOpened { reason } => text::filefault_not_opened(reason),
        FileFault::NoFolder => text::filefault_no_folder().to_owned(),
    }
}
