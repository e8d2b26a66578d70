//! Why: one tap on a usual reason, or words.

use leptos::prelude::*;

use crate::part::{HoldButton, Sheet, TextField};
use crate::text;

/// Asks for a reason and gives it on.
#[component]
pub(crate) fn ReasonSheet(
    #[prop(into)] title: String,
    act: &'static str,
    test: &'static str,
    choices: Vec<&'static str>,
    close: Callback<()>,
    given: Callback<String>,
    /// The act cannot be undone: press and hold.
    #[prop(optional)]
    hold: bool,
) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let unready = Signal::derive(move || reason.with(|reason| reason.trim().is_empty()));
    let give = move || given.run(reason.get_untracked().trim().to_owned());
    view! {
        <Sheet title=title close test="reason-sheet">
            <div class="choice">
                {choices.into_iter().enumerate().map(|(place, choice)| view! {
                    <button type="button" class="btn big" class:on=move || reason.with(|reason| reason == choice)
                        data-test=format!("{test}-reason-{place}") on:click=move |_| reason.set(choice.to_owned())>{choice}</button>
                }).collect_view()}
            </div>
            <TextField label=text::reason() value=reason test=format!("{test}-reason")/>
            <div class="acts end">
                {if hold {
                    view! { <HoldButton label=act look="danger big" test=format!("{test}-confirm") disabled=unready acts=Callback::new(move |()| give())/> }.into_any()
                } else {
                    view! { <button class="btn primary" data-test=format!("{test}-confirm") disabled=unready on:click=move |_| give()>{act}</button> }.into_any()
                }}
            </div>
        </Sheet>
    }
}
