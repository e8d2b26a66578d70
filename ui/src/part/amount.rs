//! How much of something: pieces by steps, what is measured by the number pad with the decimal sign of the language.

use leptos::prelude::*;
use millwright_model::Quantity;

use crate::figure;
use crate::part::{NumberField, Stepper};
use crate::text;

/// What is being given.
#[derive(Copy, Clone)]
pub(crate) struct AmountEntry {
    count: RwSignal<i64>,
    entry: RwSignal<String>,
    number: RwSignal<Option<f64>>,
}

impl AmountEntry {
    /// Begins with so much.
    pub(crate) fn new(start: &Quantity) -> Self {
        let number = start.thousandths as f64 / 1000.0;
        Self {
            count: RwSignal::new(start.thousandths / 1000),
            entry: RwSignal::new(figure::amount(start).replace('−', "-")),
            number: RwSignal::new(Some(number)),
        }
    }

    /// The quantity in `unit`, once it is one.
    pub(crate) fn quantity(self, unit: &str) -> Option<Quantity> {
        if Quantity::decimals_of(unit) == 0 {
            return Some(Quantity::whole(self.count.get(), unit));
        }
        Quantity::from_number(self.number.get()?, unit)
    }
}

/// Asks for an amount in `unit`.
#[component]
pub(crate) fn Amount(
    amount: AmountEntry,
    unit: String,
    #[prop(default = 1)] least: i64,
    #[prop(default = 9999)] most: i64,
    #[prop(into)] test: String,
) -> impl IntoView {
    let shown = figure::unit(&unit);
    let decimals = Quantity::decimals_of(&unit);
    if decimals == 0 {
        return view! { <Stepper count=amount.count least most test/><span class="muted">{shown}</span> }
            .into_any();
    }
    view! { <NumberField entry=amount.entry number=amount.number label=text::quantity() unit=shown decimals test=format!("{test}-amount")/> }.into_any()
}
