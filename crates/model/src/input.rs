//! What somebody gave, by name, where it was refused.

use serde::{Deserialize, Serialize};

/// A text that a person enters.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// What people call a guide.
    #[error("The guide's name")]
    GuideName,
    /// What is new in a revision.
    #[error("What is new")]
    GuideNews,
    /// What people call a scenario.
    #[error("The scenario's name")]
    ScenarioName,
    /// What a signpost means.
    #[error("What the signpost means")]
    SignpostName,
    /// What an exercise is to show.
    #[error("What the exercise is to show")]
    ExerciseObjectives,
    /// What a role of an exercise is called.
    #[error("The role")]
    ExerciseRole,
    /// From whom an inject comes.
    #[error("From whom it comes")]
    InjectSender,
    /// What an inject says.
    #[error("The message")]
    InjectMessage,
    /// What is expected to be done about an inject.
    #[error("What is expected")]
    InjectExpected,
    /// What a facilitator is to know.
    #[error("The notes")]
    InjectNotes,
    /// What was done, decided or seen in an exercise.
    #[error("What was done or seen")]
    ExerciseEntry,
    /// What is to be improved.
    #[error("The action")]
    ExerciseAction,
    /// A class of machines.
    #[error("The class of machines")]
    AssetClass,
    /// What people call a label on a machine.
    #[error("The label's name")]
    LabelName,
    /// What people call a source of energy.
    #[error("The source's name")]
    EnergySourceName,
    /// Where a source of energy is isolated.
    #[error("Where it is isolated")]
    IsolatedAt,
    /// What the system calls a camera.
    #[error("The camera's name")]
    CameraName,
    /// What something was measured with.
    #[error("The instrument")]
    Instrument,
    /// A part of a machine.
    #[error("The part")]
    Part,
    /// What a webhook hears of.
    #[error("What it hears of")]
    WebhookEntities,
    /// What people call a token.
    #[error("The token's name")]
    TokenName,
    /// What people call a device.
    #[error("The device's name")]
    DeviceName,
    /// The title of an order.
    #[error("The title")]
    Title,
    /// More on an order.
    #[error("The description")]
    Description,
    /// Why something is done or given up.
    #[error("The reason")]
    Reason,
    /// What a request or a failed step tells.
    #[error("What is wrong")]
    Fault,
    /// The answer to a step that asks for text.
    #[error("The text")]
    Text,
    /// A note.
    #[error("The note")]
    Note,
    /// The name of a file.
    #[error("The file's name")]
    FileName,
    /// The media type of a file.
    #[error("The media type")]
    MediaType,
    /// What a signature stands for.
    #[error("What the signature means")]
    SignatureMeaning,
    /// What was found.
    #[error("What was found")]
    Found,
    /// What was done.
    #[error("What was done")]
    Done,
    /// The title of a step.
    #[error("The step")]
    Step,
    /// The unit of a measurement.
    #[error("The unit")]
    Unit,
    /// One of the answers of a step.
    #[error("A choice")]
    Choice,
    /// What the plant is called.
    #[error("The name of the plant")]
    PlantName,
    /// What a person is called.
    #[error("The name")]
    PersonName,
    /// A code that was scanned or typed.
    #[error("The code")]
    Code,
    /// What people call a tag.
    #[error("The tag's name")]
    TagName,
    /// What people call a shift.
    #[error("The name of the shift")]
    ShiftName,
    /// A line of the shift log.
    #[error("The line")]
    ShiftLine,
    /// What is said at a hand-over.
    #[error("What is handed over in words")]
    Handover,
    /// What is read off a meter.
    #[error("The name of the meter")]
    MeterName,
}
