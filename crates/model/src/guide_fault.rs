//! What guides, labels, models and sources of energy are refused for.

use serde::{Deserialize, Serialize};

/// Why something about a guide, or about what guidance needs, is not done.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum GuideFault {
    /// A guide has no revision that was approved.
    #[error(
        "The guide «{guide}» has no approved revision yet: somebody who did not write it approves one first."
    )]
    NotApproved {
        /// Its name.
        guide: String,
    },
    /// There is nothing to do in it.
    #[error("The guide has no steps yet.")]
    NoSteps,
    /// The draft says what the newest revision says.
    #[error("The draft says the same as revision {number}: there is nothing to hand in.")]
    NothingNew {
        /// Its number.
        number: i64,
    },
    /// A revision waits for its decision already.
    #[error("Revision {number} is still being looked at: decide on it first.")]
    InReview {
        /// Its number.
        number: i64,
    },
    /// A revision cannot go there from where it stands.
    #[error("Revision {number} was decided on already.")]
    Decided {
        /// Its number.
        number: i64,
    },
    /// An author decides on what they wrote.
    #[error("Somebody who did not write it decides on a revision.")]
    OwnWork,
    /// The draft was begun by a newer version, or its updates are broken.
    #[error("The draft cannot be read here: {reason}. Nothing of it is lost.")]
    DraftUnreadable {
        /// What is wrong.
        reason: String,
    },
    /// What was edited is not in the draft any more.
    #[error("{what} is not in the draft any more: somebody took it out.")]
    NotInDraft {
        /// What.
        what: String,
    },
    /// A manual is no PDF that can be shown.
    #[error("The manual cannot be shown: {reason}. Nothing was kept of it.")]
    ManualUnfit {
        /// Why, with the page where it is one page.
        reason: String,
    },
    /// More of something than a guide has.
    #[error("A guide has at most {limit} {what}.")]
    TooMany {
        /// Of what.
        what: String,
        /// The most.
        limit: u64,
    },
    /// A step says something that nobody could do.
    #[error("Step «{step}»: {reason}")]
    StepUnfit {
        /// Its title.
        step: String,
        /// What is wrong, with its place.
        reason: String,
    },
    /// The order has steps of a guide already, and some of them are recorded.
    #[error("Order {order} is worked by a guide already, and steps of it are recorded.")]
    OrderGuided {
        /// Its number.
        order: String,
    },
    /// The number is none of the family's.
    #[error("The family {family} has the numbers 0 to {last}.")]
    NoSuchNumber {
        /// The family.
        family: String,
        /// The last number.
        last: u64,
    },
    /// The same number would hang twice where both can be seen.
    #[error(
        "Label {number} hangs on {machine} already: two of one number cannot be told from each other there."
    )]
    NumberTwice {
        /// The number.
        number: i64,
        /// Where it hangs.
        machine: String,
    },
    /// A size that no label has.
    #[error("A label is {low_mm} to {high_mm} mm between its corners.")]
    SizeUnfit {
        /// The smallest.
        low_mm: f64,
        /// The largest.
        high_mm: f64,
    },
    /// A bar that no printer makes of 100 mm.
    #[error(
        "The bar was measured as {bar_mm} mm: from 80 to 120 mm it is a scale, beyond that it is a slip."
    )]
    BarUnfit {
        /// As it was measured.
        bar_mm: f64,
    },
    /// A pose, a profile or a spread that is none.
    #[error("{what} is not a number that can be.")]
    NotANumber {
        /// What.
        what: String,
    },
    /// A file that is no model.
    #[error("The model cannot be read: {reason}")]
    ModelUnfit {
        /// What is wrong, with its place.
        reason: String,
    },
    /// A file that is no guide.
    #[error("The file cannot be read as a guide: {reason}")]
    FileUnfit {
        /// What is wrong, with its place.
        reason: String,
    },
    /// A source of energy has no tag that could be approved.
    #[error("No tag is bound to «{source_name}» yet.")]
    NoTag {
        /// The source.
        source_name: String,
    },
    /// Who bound the tag approves it.
    #[error("Somebody else than who bound the tag agrees that it shows «{source_name}».")]
    OwnBinding {
        /// The source.
        source_name: String,
    },
    /// A tag of another machine.
    #[error("The tag hangs on another machine.")]
    TagElsewhere,
    /// A label that cannot be printed so.
    #[error("The labels cannot be printed so: {reason}")]
    LabelUnfit {
        /// What is wrong, with its place.
        reason: String,
    },
    /// Nobody looks through a camera.
    #[error("No camera is looked through: open it again.")]
    NoSight,
    /// A file that is no recorded run, or a picture that is none.
    #[error("The camera's picture cannot be read: {reason}")]
    SightUnfit {
        /// What is wrong.
        reason: String,
    },
    /// Nothing says where the machine stands.
    #[error("It cannot be told where the machine stands: {reason}")]
    NoPose {
        /// Why.
        reason: String,
    },
    /// Pictures of the board do not settle the camera.
    #[error("The camera is not measured yet: {reason}")]
    NotMeasured {
        /// Why.
        reason: String,
    },
}
