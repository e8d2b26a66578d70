//! What a model says, statement by statement, as it was written.

use super::fault::Place;

/// A model as it was written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Written {
    pub(super) statements: Vec<Statement>,
    /// Remarks after the last statement.
    pub(super) last_remarks: Vec<String>,
}

/// A statement with what is remarked on it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    /// From its first word to its last.
    pub(super) place: Place,
    /// Whether an empty line stands before it.
    pub(super) is_apart: bool,
    /// On the lines before it.
    pub(super) remarks: Vec<String>,
    /// At the end of its line.
    pub(super) aside: Option<String>,
    pub(super) says: Says,
}

/// What a statement says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Says {
    Title(String),
    Horizon { length: Expression, step: Expression, method: Method },
    Unit { name: Named, definition: Option<(f64, UnitText)> },
    Index { name: Named, members: Vec<Named> },
    Variable(Variable),
    Decision { name: Named, options: Vec<DecisionOption> },
    Disruption(Disruption),
    Correlation { one: Named, other: Named, value: Expression },
}

/// How stocks are carried from one step of time to the next.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Method {
    /// Straight on, by what changes at the step's beginning.
    #[default]
    Euler,
    /// Runge and Kutta's of fourth order.
    RungeKutta,
}

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) place: Place,
}

/// A figure with a name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Variable {
    pub(super) name: Named,
    pub(super) indexes: Vec<Named>,
    pub(super) unit: Option<UnitText>,
    /// What it is; for a stock, what it is at the beginning.
    pub(super) value: Expression,
    /// How a stock changes, per time.
    pub(super) change: Option<Expression>,
    /// Whether the model is asked for it.
    pub(super) is_result: bool,
    pub(super) better: Option<Better>,
    pub(super) asked: Option<Asked>,
    pub(super) origin: Option<Origin>,
}

/// How people are asked for a figure.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) question: String,
    /// The least and the most that is taken for an answer.
    pub(super) between: Option<(Expression, Expression)>,
}

/// Which of two figures of a result is better.
#[derive(Copy, Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// The higher one.
    Higher,
    /// The lower one.
    Lower,
}

/// Where a figure comes from.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// What kind of source.
    pub kind: OriginKind,
    /// Which one, and of when.
    pub of: String,
}

/// What a figure may come from.
#[derive(Copy, Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OriginKind {
    /// A tag of the plant.
    Tag,
    /// The plant's ERP.
    Erp,
    /// A file.
    File,
    /// A person said so.
    Person,
    /// It is assumed.
    Assumption,
}

impl OriginKind {
    pub(super) const ALL: [Self; 5] = [Self::Tag, Self::Erp, Self::File, Self::Person, Self::Assumption];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Erp => "erp",
            Self::File => "file",
            Self::Person => "person",
            Self::Assumption => "assumption",
        }
    }
}

/// One way to decide.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DecisionOption {
    pub(super) label: Option<String>,
    pub(super) value: Expression,
}

/// Something that may go wrong for a while.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Disruption {
    pub(super) name: Named,
    pub(super) probability: Expression,
    pub(super) start: Option<Expression>,
    pub(super) lasts: Option<Expression>,
    pub(super) recovers: Option<Expression>,
    pub(super) origin: Option<Origin>,
}

/// A unit as it was written: names with their powers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct UnitText {
    pub(super) parts: Vec<(String, i8)>,
    pub(super) place: Place,
}

impl UnitText {
    /// As it is written.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for (place, (name, power)) in self.parts.iter().enumerate() {
            match (place, *power < 0) {
                (0, true) => text.push_str("1/"),
                (0, false) => {}
                (_, true) => text.push('/'),
                (_, false) => text.push('*'),
            }
            text.push_str(name);
            if power.unsigned_abs() > 1 {
                text.push('^');
                text.push_str(&power.unsigned_abs().to_string());
            }
        }
        text
    }
}

/// Something that has a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expression {
    pub(super) place: Place,
    pub(super) form: Form,
}

impl Expression {
    /// Whether it is a number without a unit.
    pub(super) fn is_bare(&self) -> bool {
        match &self.form {
            Form::Number { unit, .. } => unit.is_none(),
            Form::Negative(of) => of.is_bare(),
            _ => false,
        }
    }
}

/// How an expression is made.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    Number {
        value: f64,
        unit: Option<UnitText>,
    },
    YesOrNo(bool),
    Name(String),
    /// A part of a disruption.
    Part(String, String),
    /// One member of an index.
    Member {
        of: Box<Expression>,
        index: String,
        member: String,
    },
    List(Vec<Expression>),
    Negative(Box<Expression>),
    Not(Box<Expression>),
    Pair(Operator, Box<Expression>, Box<Expression>),
    /// Ninety per cent lie between.
    Range(Box<Expression>, Box<Expression>),
    If(Box<Expression>, Box<Expression>, Box<Expression>),
    Call {
        function: String,
        arguments: Vec<Argument>,
        over: Option<Named>,
    },
}

/// What a function is given.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Argument {
    /// What stands before a colon: a name, or a value with its probability.
    pub(super) label: Option<Expression>,
    pub(super) value: Expression,
}

/// What stands between two values.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Plus,
    Minus,
    Times,
    Over,
    Power,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
}

impl Operator {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Over => "/",
            Self::Power => "^",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::And => "and",
            Self::Or => "or",
        }
    }

    /// The higher, the closer it binds.
    pub(super) fn level(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal
            | Self::NotEqual
            | Self::Less
            | Self::LessOrEqual
            | Self::Greater
            | Self::GreaterOrEqual => 4,
            Self::Plus | Self::Minus => 6,
            Self::Times | Self::Over => 7,
            Self::Power => 9,
        }
    }
}

/// How closely «to» binds.
pub(super) const RANGE_LEVEL: u8 = 5;
/// How closely «not» and «if» bind.
pub(super) const NOT_LEVEL: u8 = 3;
/// How closely a minus before a value binds.
pub(super) const NEGATIVE_LEVEL: u8 = 8;
