//! What an allocation comes to: amounts, uses, shortages, what limits it, and how far it is proved.

use serde::{Deserialize, Serialize};

/// The best that can be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Allocation {
    /// Gains less costs, or costs less gains, as the aim has it.
    pub value: f64,
    /// Of every activity.
    pub amounts: Vec<Amount>,
    /// Of every resource.
    pub uses: Vec<Use>,
    /// Of every demand.
    pub demands: Vec<Met>,
    /// The resources of which nothing is left.
    pub limits: Vec<Limit>,
    /// How far it is proved that nothing is better.
    pub checked: Checked,
}

/// How much of an activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amount {
    /// Which.
    pub activity: String,
    /// So much.
    pub amount: f64,
    /// In what.
    pub unit: String,
}

/// How much of a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Use {
    /// Which.
    pub resource: String,
    /// So much is used.
    pub used: f64,
    /// So much there is.
    pub capacity: f64,
    /// In what.
    pub unit: String,
}

/// What becomes of a demand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Met {
    /// Which.
    pub demand: String,
    /// So much was wanted.
    pub wanted: f64,
    /// So much there will be, more than wanted at times.
    pub met: f64,
    /// So much is missing.
    pub short: f64,
    /// In what.
    pub unit: String,
    /// 1 came first; none where it had to be met.
    pub priority: Option<u8>,
}

/// A resource of which nothing is left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// Which.
    pub resource: String,
    /// In what it is told.
    pub unit: String,
    /// What more of it would be worth.
    pub worth: Worth,
}

/// What more of a resource would be worth.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Worth {
    /// The value gets better by this with each unit, for the first bit of it: its shadow price.
    PerUnit {
        /// 0 where something else limits as well.
        better_by: f64,
    },
    /// Amounts are whole, so that there is no price: the value gets better by this with one unit more.
    OneMore {
        /// 0 where one unit is not enough to change anything.
        better_by: f64,
    },
    /// Less is missing of what has this priority.
    LessShort {
        /// The first one that gets more.
        priority: u8,
    },
    /// Not looked at: the problem is too large to be solved once more for it.
    Unknown,
}

/// How far it is proved that nothing is better. That every limit is kept is checked in any case.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Checked {
    /// The prices of the resources prove it.
    ByProof,
    /// Two solvers that share no code found the same value.
    ByBoth,
    /// They found different values: the better one, which keeps every limit, is the result.
    TheyDiffer {
        /// What HiGHS found, in the step in which they differed; none where it found nothing.
        first: Option<f64>,
        /// What microlp found.
        second: Option<f64>,
    },
    /// One solver says so.
    ByOne {
        /// Why there is no second one.
        why: OneSolver,
    },
}

/// Why only one solver was heard.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OneSolver {
    /// The problem is too large for the second.
    TooLarge,
    /// The second did not come to its end in the time it had.
    TookTooLong,
    /// The second gave up, or what it found does not keep every limit.
    Failed,
}

impl Checked {
    /// Of two steps, what is proved least.
    #[cfg(feature = "native")]
    pub(super) fn and(self, other: Self) -> Self {
        if other.strength() < self.strength() { other } else { self }
    }

    #[cfg(feature = "native")]
    fn strength(self) -> u8 {
        match self {
            Self::ByProof => 3,
            Self::ByBoth => 2,
            Self::ByOne { .. } => 1,
            Self::TheyDiffer { .. } => 0,
        }
    }
}

/// What would be needed for what must be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Missing {
    /// As a person would look for it: «resource «Assembly»».
    pub place: String,
    /// So much is not there.
    pub amount: f64,
    /// In what.
    pub unit: String,
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        write!(f, "{} lacks {}{unit}", self.place, rounded(self.amount))
    }
}

/// Without the noise of the last digits.
fn rounded(figure: f64) -> f64 {
    let digits = 1e6 / 10_f64.powf(figure.abs().max(1e-300).log10().floor());
    let told = (figure * digits).round() / digits;
    if told.is_finite() { told } else { figure }
}
