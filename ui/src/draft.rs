//! A step as it is being written: what was typed so far, and the step it makes.

use millwright_model::{StepDraft, StepForm};

use crate::figure;

/// What a step can ask for.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum StepKind {
    /// A tick.
    #[default]
    Check,
    /// Passed or failed.
    Inspection,
    /// A number with a unit and limits.
    Number,
    /// A text.
    Text,
    /// One of several.
    Choice,
    /// A photo.
    Photo,
    /// A signature.
    Signature,
}

impl StepKind {
    /// All of them, in the order shown.
    pub(crate) const ALL: [Self; 7] =
        [Self::Check, Self::Number, Self::Inspection, Self::Text, Self::Choice, Self::Photo, Self::Signature];

    /// Its name in tests.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Inspection => "inspection",
            Self::Number => "number",
            Self::Text => "text",
            Self::Choice => "choice",
            Self::Photo => "photo",
            Self::Signature => "signature",
        }
    }

    /// The kind of a form.
    pub(crate) fn of(form: &StepForm) -> Self {
        match form {
            StepForm::Check => Self::Check,
            StepForm::Inspection => Self::Inspection,
            StepForm::Measurement { .. } => Self::Number,
            StepForm::Text => Self::Text,
            StepForm::Choice { .. } => Self::Choice,
            StepForm::Photo => Self::Photo,
            StepForm::Signature { .. } => Self::Signature,
            // It comes from a guide and is not written by hand.
            StepForm::TryOut { .. } => Self::Check,
        }
    }
}

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Typed {
    /// One line of what is to be done.
    pub(crate) title: String,
    /// What it asks for.
    pub(crate) kind: StepKind,
    /// The unit of a number.
    pub(crate) unit: String,
    /// The lower limit, as typed.
    pub(crate) low: String,
    /// The upper limit, as typed.
    pub(crate) high: String,
    /// How many decimals are asked for.
    pub(crate) decimals: u8,
    /// What can be chosen.
    pub(crate) options: Vec<String>,
    /// What a signature means.
    pub(crate) meaning: String,
    /// Whether the order may not be closed without it.
    pub(crate) mandatory: bool,
}

impl Typed {
    /// A step to be changed.
    pub(crate) fn of(draft: &StepDraft) -> Self {
        let mut typed = Self {
            title: draft.title.clone(),
            kind: StepKind::of(&draft.form),
            mandatory: draft.mandatory,
            ..Self::default()
        };
        match &draft.form {
            StepForm::Measurement { unit, low, high, decimals } => {
                typed.unit = figure::unit(unit);
                typed.low = low.map(figure::plain).unwrap_or_default();
                typed.high = high.map(figure::plain).unwrap_or_default();
                typed.decimals = *decimals;
            }
            StepForm::Choice { options } => typed.options.clone_from(options),
            StepForm::Signature { meaning } => typed.meaning.clone_from(meaning),
            StepForm::Check
            | StepForm::Inspection
            | StepForm::Text
            | StepForm::Photo
            | StepForm::TryOut { .. } => {}
        }
        typed
    }

    /// Whether both limits are numbers and the wrong way round.
    pub(crate) fn limits_cross(&self) -> bool {
        let ends = figure::typed_number(&self.low).zip(figure::typed_number(&self.high));
        ends.is_some_and(|(low, high)| low > high)
    }

    /// The step, once everything it needs is there.
    pub(crate) fn draft(&self) -> Option<StepDraft> {
        let title = self.title.trim().to_owned();
        let limit = |text: &str| match (text.trim().is_empty(), figure::typed_number(text)) {
            (true, _) => Some(None),
            (false, Some(number)) => Some(Some(number)),
            (false, None) => None,
        };
        let form = match self.kind {
            StepKind::Check => StepForm::Check,
            StepKind::Inspection => StepForm::Inspection,
            StepKind::Text => StepForm::Text,
            StepKind::Photo => StepForm::Photo,
            StepKind::Signature => {
                let meaning = self.meaning.trim();
                StepForm::Signature {
                    meaning: if meaning.is_empty() { title.to_owned() } else { meaning.to_owned() },
                }
            }
            StepKind::Number => {
                let unit = figure::unit_code(self.unit.trim());
                if unit.is_empty() || self.limits_cross() {
                    return None;
                }
                let (low, high) = (limit(&self.low)?, limit(&self.high)?);
                StepForm::Measurement { unit, low, high, decimals: self.decimals }
            }
            StepKind::Choice => {
                let options: Vec<String> = self
                    .options
                    .iter()
                    .map(|option| option.trim().to_owned())
                    .filter(|option| !option.is_empty())
                    .collect();
                if options.len() < 2 {
                    return None;
                }
                StepForm::Choice { options }
            }
        };
        (!title.is_empty()).then_some(StepDraft { title, form, mandatory: self.mandatory })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(low: &str, high: &str) -> Typed {
        Typed {
            title: " Run-out ".into(),
            kind: StepKind::Number,
            unit: "°C".into(),
            low: low.into(),
            high: high.into(),
            decimals: 2,
            ..Typed::default()
        }
    }

    #[test]
    fn a_number_step_is_whole_when_it_has_a_unit_and_limits_that_can_be_met() {
        let draft = number("", "0.05").draft().unwrap();
        assert_eq!(draft.title, "Run-out");
        let form = StepForm::Measurement { unit: "Cel".into(), low: None, high: Some(0.05), decimals: 2 };
        assert_eq!(draft.form, form);
        assert_eq!(Typed::of(&draft).draft(), Some(draft), "changing nothing changes nothing");
        assert_eq!(number("2", "1").draft(), None);
        assert_eq!(number("a", "").draft(), None);
        assert_eq!(Typed { unit: " ".into(), ..number("", "") }.draft(), None);
    }

    #[test]
    fn a_choice_needs_two_options_and_every_step_a_title() {
        let choice = |options: &[&str]| Typed {
            title: "Belt".into(),
            kind: StepKind::Choice,
            options: options.iter().map(|option| (*option).to_owned()).collect(),
            ..Typed::default()
        };
        assert_eq!(choice(&["good", " "]).draft(), None);
        assert!(choice(&["good", "worn", ""]).draft().is_some());
        assert_eq!(Typed::default().draft(), None);
    }
}
