//! What the demo plant says when it is ready: one line of JSON on its standard output.

use serde::{Deserialize, Serialize};

use crate::{FindingKind, GuideContent, GuideStepId, Quantity};

/// How to reach the demo plant, and what an integrator would have set up for it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemoReady {
    /// The broker's port on loopback.
    pub mqtt_port: u16,
    /// The broker's user.
    pub mqtt_username: String,
    /// The broker's password, drawn for this run.
    pub mqtt_password: String,
    /// The root of the ERP's OData V2 services.
    pub erp_url: String,
    /// The ERP's user.
    pub erp_username: String,
    /// The ERP's password, drawn for this run.
    pub erp_password: String,
    /// What binds the tags of the demo plant to its machines.
    pub bindings: Vec<DemoBinding>,
    /// Which parts are built in where.
    pub where_used: Vec<DemoWhereUsed>,
    /// Choices for found and done that fit its machines.
    pub finding_codes: Vec<DemoFindingCode>,
    /// Guides of its machines, with the models that they show and the labels that hang there.
    #[serde(default)]
    pub guides: Vec<DemoGuide>,
}

/// A machine of the demo plant with its model, its labels and its guide.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemoGuide {
    /// What the plant calls the machine.
    pub asset_code: String,
    /// What it looks like.
    pub machine: DemoMachine,
    /// The number of the first label that hangs on it; the others follow.
    pub first_label: i64,
    /// What people call the guide.
    pub name: String,
    /// Values that stand on parts in its steps.
    #[serde(default)]
    pub live: Vec<DemoLiveValue>,
    /// What it says.
    pub content: GuideContent,
}

/// A value of the demo plant that stands on a part in a step.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoLiveValue {
    /// In which step.
    pub step_id: GuideStepId,
    /// On which part of the model.
    pub part: String,
    /// What people call the tag.
    pub tag: String,
}

/// A machine that comes with the app as a model.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DemoMachine {
    /// A centrifugal pump with coupling and motor.
    Pump,
    /// A gear reducer.
    GearReducer,
    /// A belt conveyor.
    BeltConveyor,
}

/// A tag of the demo plant.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemoBinding {
    /// What the plant calls the machine.
    pub asset_code: String,
    /// The series.
    pub series: String,
    /// What people call the tag.
    pub name: String,
    /// The display unit's UCUM code.
    pub unit: String,
    /// The usual band.
    pub usual: Option<(f64, f64)>,
    /// The lower limit.
    pub limit_low: Option<f64>,
    /// The upper limit.
    pub limit_high: Option<f64>,
}

/// A line of the demo plant's where-used lists.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemoWhereUsed {
    /// What the plant calls the machine.
    pub asset_code: String,
    /// The part's number at the ERP.
    pub part_number: String,
    /// How many are built in.
    pub quantity: Quantity,
    /// Where on the machine.
    pub place: Option<String>,
}

/// A choice for found or done.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemoFindingCode {
    /// Found or done.
    pub finding_kind: FindingKind,
    /// The code.
    pub code: String,
    /// What it says.
    pub text: String,
    /// The class of machines it is offered for.
    pub asset_class: Option<String>,
}
