//! For whom this device writes: oneself, or somebody in the room who has none.

use leptos::prelude::*;
use millwright_model::WorkshopPerson;

use super::board_desk::BoardDesk;
use crate::text;
use crate::workshop_words;

/// The bar; nothing where nobody is entered for.
#[component]
pub(super) fn SeatBar(desk: BoardDesk) -> impl IntoView {
    let seats = Memo::new(move |_| desk.seats());
    let choice = move |seat: Option<_>, name: String| {
        let on = move || desk.seat.get() == seat;
        let test = format!("seat-{name}");
        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=test on:click=move |_| desk.seat.set(seat)>{name}</button> }
    };
    view! {
        <Show when=move || desk.writes() && !seats.with(Vec::is_empty)>
            <section class="card" data-test="seats"><div class="choice wrap" role="radiogroup" aria-label=text::workshop_writes_for()>
                <span class="muted small">{text::workshop_writes_for()}</span>
                {choice(None, text::workshop_writes_for_me().to_owned())}
                {move || seats.get().into_iter().map(|one: WorkshopPerson| choice(Some(one.participant_id), workshop_words::person(&one))).collect_view()}
            </div></section>
        </Show>
    }
}
