//! What a transaction means to the outside world: facts the ERP should hear, and the answers of the ERP port.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    AssetId, CivilDate, Entity, OpId, OpKind, PartId, PersonId, PlantTime, Priority, Quantity, RequestId,
    TimestampMs, TxnId, WorkOrderId, WorkOrderStatus,
};

/// A record of ours as the outside system knows it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalRef<Id> {
    /// Our id; also the text of the key field that we choose at the other side.
    pub id: Id,
    /// The system's own key, once it is known.
    pub external_key: Option<String>,
    /// What people call it (order number, part number), for messages and for systems that key by it.
    pub label: String,
}

/// What a field was and what it is: the other side is only changed where it still holds what was known here.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed<T> {
    /// What it was.
    pub from: T,
    /// What it is.
    pub to: T,
}

/// One thing the ERP should hear of, with every reference it needs.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// An order that was born here.
    OrderCreated {
        /// The op that made it.
        op_id: OpId,
        /// The order.
        order: ExternalRef<WorkOrderId>,
        /// The machine it is for.
        asset: Option<ExternalRef<AssetId>>,
        /// One line of what is to be done.
        title: String,
        /// More on it.
        description: String,
        /// How urgent it is.
        priority: Priority,
        /// When it should be done by.
        due: Option<PlantTime>,
    },
    /// Fields of an order were edited here. Only those that changed are named.
    OrderChanged {
        /// The op that edited it.
        op_id: OpId,
        /// The order.
        order: ExternalRef<WorkOrderId>,
        /// One line of what is to be done.
        title: Option<Changed<String>>,
        /// More on it.
        description: Option<Changed<String>>,
        /// How urgent it is.
        priority: Option<Changed<Priority>>,
        /// When it should be done by.
        due: Option<Changed<Option<PlantTime>>>,
    },
    /// An order moved along its state machine.
    OrderStatusChanged {
        /// The op that moved it.
        op_id: OpId,
        /// The order.
        order: ExternalRef<WorkOrderId>,
        /// Where it was.
        from: WorkOrderStatus,
        /// Where it is now.
        to: WorkOrderStatus,
        /// What was found and done, when it closed.
        text: String,
        /// When.
        at: TimestampMs,
    },
    /// Labour spent on an order (negative minutes never appear: see `LabourCorrected`).
    LabourBooked {
        /// The op that recorded it: the idempotency key at the other side.
        op_id: OpId,
        /// The order.
        order: ExternalRef<WorkOrderId>,
        /// Who worked.
        person: ExternalRef<PersonId>,
        /// How long, in minutes.
        minutes: i64,
        /// The day it is booked on, in the plant's zone.
        on: CivilDate,
        /// What was done.
        text: String,
    },
    /// An earlier booking gets another duration.
    LabourCorrected {
        /// The correcting op.
        op_id: OpId,
        /// The op that booked it first.
        corrects: OpId,
        /// The order.
        order: ExternalRef<WorkOrderId>,
        /// Who worked.
        person: ExternalRef<PersonId>,
        /// The duration that is right, in minutes.
        minutes: i64,
        /// What it was, in minutes.
        previous_minutes: i64,
        /// The day of the booking.
        on: CivilDate,
        /// Why.
        reason: String,
    },
    /// Parts taken from stock for an order, all of one transaction together.
    PartsIssued {
        /// The op of the first line: the idempotency key.
        op_id: OpId,
        /// The order.
        order: ExternalRef<WorkOrderId>,
        /// The lines.
        lines: Vec<PartLine>,
        /// The day of the movement, in the plant's zone.
        on: CivilDate,
    },
    /// Parts that were issued come back to stock.
    PartsReturned {
        /// The op of the first line: the idempotency key.
        op_id: OpId,
        /// The op that issued them.
        corrects: OpId,
        /// The order.
        order: ExternalRef<WorkOrderId>,
        /// The lines.
        lines: Vec<PartLine>,
        /// The day of the movement, in the plant's zone.
        on: CivilDate,
        /// Why.
        reason: String,
    },
    /// A request (ISO 14224 / SAP: notification) raised from a machine.
    RequestRaised {
        /// The op that raised it.
        op_id: OpId,
        /// The request.
        request: ExternalRef<RequestId>,
        /// The machine.
        asset: ExternalRef<AssetId>,
        /// What is wrong.
        text: String,
        /// How urgent it is.
        priority: Priority,
        /// Since when.
        at: PlantTime,
    },
}

impl Fact {
    /// The op whose id is the idempotency key of this fact.
    pub fn op_id(&self) -> OpId {
        match self {
            Self::OrderCreated { op_id, .. }
            | Self::OrderChanged { op_id, .. }
            | Self::OrderStatusChanged { op_id, .. }
            | Self::LabourBooked { op_id, .. }
            | Self::LabourCorrected { op_id, .. }
            | Self::PartsIssued { op_id, .. }
            | Self::PartsReturned { op_id, .. }
            | Self::RequestRaised { op_id, .. } => *op_id,
        }
    }
}

/// One line of a movement of parts.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartLine {
    /// The part.
    pub part: ExternalRef<PartId>,
    /// How many, always positive.
    pub quantity: Quantity,
    /// The location it came from, by the system's own key, where known.
    pub from_location: Option<String>,
    /// The bin in it, where known.
    pub from_bin: Option<String>,
}

/// A transaction as the planner of deliveries sees it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutboundTxn {
    /// The transaction.
    pub txn_id: TxnId,
    /// Its facts, in the order of its ops.
    pub facts: Vec<Fact>,
}

/// One idempotent step of a delivery, as an adapter planned it. Opaque to everyone else.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedStep {
    /// The key by which the other side can be searched for this step's effect (an op id).
    pub step_key: String,
    /// What it does.
    pub label: StepLabel,
    /// The adapter's own instruction, versioned by it.
    pub bytes: Vec<u8>,
    /// Records that must have an external key before this step can be sent.
    pub needs: Vec<Need>,
}

/// What a step of a delivery does, for people. The screens say it in the person's language; [`fmt::Display`] says it
/// in English, for logs and terminals.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "does", rename_all = "snake_case")]
pub enum StepLabel {
    /// Creates an order.
    CreateOrder {
        /// The number people know.
        order: String,
    },
    /// Brings edited fields of an order.
    ChangeOrder {
        /// The order's number.
        order: String,
    },
    /// Writes what was found and done.
    WriteFindings {
        /// The order's number.
        order: String,
    },
    /// Moves an order on.
    SetStatus {
        /// The order's number.
        order: String,
        /// Where to.
        to: WorkOrderStatus,
    },
    /// Books labour.
    BookLabour {
        /// The order's number.
        order: String,
        /// How long.
        minutes: i64,
    },
    /// Corrects a booking of labour.
    CorrectLabour {
        /// The order's number.
        order: String,
        /// What it was.
        previous_minutes: i64,
        /// What is right.
        minutes: i64,
    },
    /// Takes parts from stock.
    IssueParts {
        /// The order's number.
        order: String,
        /// How many lines.
        lines: u32,
    },
    /// Brings parts back to stock.
    ReturnParts {
        /// The order's number.
        order: String,
        /// How many lines.
        lines: u32,
    },
    /// Carries a movement of parts out.
    MoveStock {
        /// The order's number.
        order: String,
    },
    /// Reports a fault.
    ReportFault {
        /// What the plant calls the machine.
        asset: String,
    },
    /// Tells the plant of a change.
    TellEvent {
        /// The kind of record.
        entity: Entity,
        /// What happened to it.
        kind: OpKind,
    },
    /// Writes to a person.
    SendMail {
        /// The address.
        to: String,
        /// What it is about, in one line.
        subject: String,
    },
    /// A step that an earlier version planned, in its words.
    Words {
        /// The words.
        text: String,
    },
}

impl StepLabel {
    /// The text that is stored.
    ///
    /// # Errors
    /// When it does not serialise.
    pub fn stored(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// The label of a stored text; one that is not ours is taken as words.
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|_words| Self::Words { text: text.to_owned() })
    }
}

impl fmt::Display for StepLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateOrder { order } => write!(f, "create order {order}"),
            Self::ChangeOrder { order } => write!(f, "change order {order}"),
            Self::WriteFindings { order } => write!(f, "write what was found and done on order {order}"),
            Self::SetStatus { order, to } => write!(f, "set order {order} to {}", to.as_str()),
            Self::BookLabour { order, minutes } => {
                write!(f, "book {minutes} min of labour on order {order}")
            }
            Self::CorrectLabour { order, previous_minutes, minutes } => {
                write!(f, "correct labour on order {order} from {previous_minutes} to {minutes} min")
            }
            Self::IssueParts { order, lines } => write!(f, "issue {lines} part(s) for order {order}"),
            Self::ReturnParts { order, lines } => {
                write!(f, "take {lines} part(s) back from order {order}")
            }
            Self::MoveStock { order } => write!(f, "move the stock for order {order}"),
            Self::ReportFault { asset } => write!(f, "report a fault on {asset}"),
            Self::TellEvent { entity, kind } => write!(f, "event: {} {}", entity.as_str(), kind.as_str()),
            Self::SendMail { to, subject } => write!(f, "e-mail to {to}: {subject}"),
            Self::Words { text } => f.write_str(text),
        }
    }
}

/// A record that must be known to the other side before a step can be sent.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// The kind of record at the other side.
    pub kind: ExternalKind,
    /// Our id of it.
    pub id: Uuid,
}

/// The kinds of records that have keys at an ERP.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExternalKind {
    /// Equipment or functional location.
    Asset,
    /// Maintenance order.
    WorkOrder,
    /// Notification.
    Request,
    /// Material or product.
    Part,
    /// Stock location.
    Location,
    /// Stock of a part at a location.
    Stock,
    /// Vendor.
    Supplier,
    /// Employee.
    Person,
    /// One line of an order's operations.
    WorkStep,
    /// A labour booking.
    Labour,
    /// A goods movement.
    Movement,
}

impl ExternalKind {
    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::WorkOrder => "work_order",
            Self::Request => "request",
            Self::Part => "part",
            Self::Location => "location",
            Self::Stock => "stock",
            Self::Supplier => "supplier",
            Self::Person => "person",
            Self::WorkStep => "work_step",
            Self::Labour => "labour",
            Self::Movement => "movement",
        }
    }
}

/// What the other side answered to a step that took effect.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// The other side's key of what the step made or changed.
    pub external_key: Option<String>,
    /// Keys that the step made known: kind, our id, their key.
    pub learned: Vec<LearnedKey>,
    /// What it said, in its own words, for people.
    pub message: String,
}

/// An external key learned from a receipt.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedKey {
    /// The kind of record.
    pub kind: ExternalKind,
    /// Our id.
    pub id: Uuid,
    /// The system's key.
    pub external_key: String,
    /// The number people see.
    pub label: String,
}

/// The definite outcome of pushing a step.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum PushOutcome {
    /// It took effect (now, or it had before).
    Applied(Receipt),
    /// The other side changed meanwhile: a person or a rule decides.
    Conflict {
        /// What is different there, in words.
        message: String,
        /// Who changed it there, where the system says so.
        changed_by: Option<String>,
    },
    /// The other side refuses it for good; sending again will not help.
    Rejected {
        /// Its reason, in its own words.
        message: String,
    },
}

/// What looking a step up by its key said.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum LookupOutcome {
    /// It took effect.
    Done(Receipt),
    /// It did not take effect and, the server's request limit being over, it will not.
    Absent,
    /// The system cannot be searched for it: a person decides.
    CannotTell,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_comes_back_from_the_store_and_words_of_earlier_versions_stay_words() {
        let label = StepLabel::SetStatus { order: "4000127".into(), to: WorkOrderStatus::Completed };
        assert_eq!(StepLabel::read(&label.stored().unwrap()), label);
        assert_eq!(label.to_string(), "set order 4000127 to completed");
        let edited = StepLabel::ChangeOrder { order: "4000127".into() };
        assert_eq!(StepLabel::read(&edited.stored().unwrap()), edited);
        assert_eq!(edited.to_string(), "change order 4000127");
        assert_eq!(StepLabel::read("book labour"), StepLabel::Words { text: "book labour".into() });
    }
}
