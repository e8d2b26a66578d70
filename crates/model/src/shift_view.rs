//! What the commands of shifts answer.

use serde::{Deserialize, Serialize};

use crate::*;

/// A photo or voice note that is to be kept with a line.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachmentDraft {
    /// Its media type.
    pub media_type: String,
    /// Its name.
    pub file_name: String,
    /// Its bytes, in base64.
    pub bytes_base64: String,
}

/// A line of the log with the names that belong to it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShiftLine {
    /// What happened.
    pub item: ShiftItem,
    /// Who did it.
    pub by_name: Option<String>,
    /// What the plant calls the machine.
    pub asset_code: Option<String>,
    /// What the machine is.
    pub asset_name: Option<String>,
    /// The number of the order.
    pub order_number: Option<String>,
    /// What the order says.
    pub order_title: Option<String>,
    /// The photo or voice note.
    pub attachment: Option<Attachment>,
}

/// The lines about one machine, or about none.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShiftGroup {
    /// The machine.
    pub asset_id: Option<AssetId>,
    /// What the plant calls it.
    pub asset_code: Option<String>,
    /// What it is.
    pub asset_name: Option<String>,
    /// Its lines, oldest first.
    pub lines: Vec<ShiftLine>,
}

/// Who read an item, and when.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcknowledgedBy {
    /// Who.
    pub person_id: PersonId,
    /// Their name.
    pub person_name: Option<String>,
    /// When.
    pub at: TimestampMs,
}

/// An item of a hand-over and who read it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandoverLine {
    /// The item.
    pub line: ShiftLine,
    /// Who read it, first come first.
    pub acknowledged: Vec<AcknowledgedBy>,
    /// Whether the person who holds the device still has to read it.
    pub unread: bool,
}

/// A hand-over and who read what of it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandoverView {
    /// Its id.
    pub handover_id: HandoverId,
    /// The shift.
    pub shift: ShiftSpan,
    /// When it was handed over.
    pub given_at: TimestampMs,
    /// By whom.
    pub given_by_name: Option<String>,
    /// What was handed over.
    pub lines: Vec<HandoverLine>,
}

/// One shift with all that happened in it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShiftView {
    /// The shift.
    pub shift: ShiftSpan,
    /// Whether it is the one that runs.
    pub current: bool,
    /// The ones before it, the latest first.
    pub earlier: Vec<ShiftSpan>,
    /// The one after it, unless it has not begun.
    pub later: Option<ShiftSpan>,
    /// What happened, by machine; what matters first.
    pub groups: Vec<ShiftGroup>,
    /// Whether so much happened that not all of it is here.
    pub more: bool,
    /// What it handed over.
    pub handovers: Vec<HandoverView>,
    /// What the person who holds the device still has to read, of any shift, the latest first.
    pub unread: Vec<HandoverView>,
    /// The plant's shifts.
    pub pattern: Vec<ShiftTime>,
    /// What the plant is called.
    pub plant_name: String,
}

/// A line of the log that could be handed over.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProposedItem {
    /// The line.
    pub line: ShiftLine,
    /// Whether it is proposed to hand it over.
    pub keep: bool,
}

/// What a shift could hand over: the person trims it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandoverProposal {
    /// The shift.
    pub shift: ShiftSpan,
    /// The lines: what is still open, then what happened, what matters first.
    pub items: Vec<ProposedItem>,
    /// How often this shift was handed over already.
    pub given_before: i64,
}
