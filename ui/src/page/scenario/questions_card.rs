//! What people agree on: the questions with their sliders, and what is tried out and not written.

use leptos::prelude::*;

use super::question_row::QuestionRow;
use super::trial::Trial;
use crate::text;

/// So many questions are shown at first.
const FIRST: usize = 5;

/// The card.
#[component]
pub(super) fn QuestionsCard(trial: Trial) -> impl IntoView {
    let all = RwSignal::new(false);
    let names = Memo::new(move |_| {
        trial
            .view
            .with(|view| view.questions.iter().map(|question| question.name.clone()).collect::<Vec<_>>())
    });
    let count = move || names.with(Vec::len);
    let shown = move || {
        let most = if all.get() { usize::MAX } else { FIRST };
        names.get().into_iter().take(most).collect::<Vec<_>>()
    };
    let tried = move || trial.tries.with(Vec::len);
    let (has_more, has_tried) = (move || count() > FIRST, move || tried() > 0);
    view! {
        <section class="card" data-test="scenario-questions">
            <h2>{text::scenario_agree_on()}" "<span class="muted plain">{move || text::scenario_questions_count(count())}</span></h2>
            <div class="rows">
                <For each=shown key=|name| name.clone() children=move |name| view! { <QuestionRow trial name/> }/>
            </div>
            <div class="row fit"><span class="muted small grow">{text::scenario_unknown_widens()}</span>
                <Show when=has_more>
                    <button type="button" class="btn" data-test="questions-more" on:click=move |_| all.update(|all| *all = !*all)>
                        {move || if all.get() { text::show_fewer().to_owned() } else { text::show_more(count() - FIRST) }}</button>
                </Show></div>
            <Show when=has_tried>
                <div class="notice-box tried" role="status" data-test="scenario-tried"><span class="grow">{move || text::scenario_tried(tried())}</span>
                    <div class="acts"><button type="button" class="btn" data-test="tried-drop" on:click=move |_| trial.drop_tries()>{text::scenario_drop_tried()}</button>
                        <button type="button" class="btn primary" data-test="tried-keep" on:click=move |_| trial.keep_tries()>{text::scenario_keep_tried()}</button></div></div>
            </Show>
        </section>
    }
}
