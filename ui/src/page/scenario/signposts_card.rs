//! The signposts of a scenario: how their tags stand, and which was crossed.

use leptos::prelude::*;
use millwright_model::{SignpostCrossingSeen, SignpostEnd, SignpostView};

use super::signpost_sheet::SignpostSheet;
use super::trial::Trial;
use crate::calendar;
use crate::figure;
use crate::icon::Glyph;
use crate::part::{Empty, Icon};
use crate::scenario_words as words;
use crate::session::Session;
use crate::text;

/// The card.
#[component]
pub(super) fn SignpostsCard(trial: Trial) -> impl IntoView {
    let signposts = Memo::new(move |_| trial.view.with(|view| view.signposts.clone()));
    let setting = RwSignal::new(false);
    view! {
        <section class="card" data-test="scenario-signposts">
            <div class="head"><h2 class="grow">{text::signposts()}</h2>
                <button type="button" class="btn" data-test="signpost-new" on:click=move |_| setting.set(true)><Icon glyph=Glyph::Plus/>{text::signpost_new()}</button></div>
            {move || {
                let all = signposts.get();
                if all.is_empty() {
                    return view! { <Empty says=text::signposts_empty()/> }.into_any();
                }
                view! { <div class="rows">{all.into_iter().map(row).collect_view()}</div> }.into_any()
            }}
            <Show when=move || setting.get()><SignpostSheet trial close=Callback::new(move |()| setting.set(false))/></Show>
        </section>
    }
}

fn row(view: SignpostView) -> impl IntoView {
    let session = Session::here();
    let signpost = view.signpost.clone();
    let binding = view.tag.as_ref().map(|tag| &tag.binding);
    let unit = binding.map(|binding| figure::unit(&binding.unit)).unwrap_or_default();
    let tag = binding.map(|binding| binding.name.clone()).unwrap_or_default();
    let value = view
        .tag
        .as_ref()
        .and_then(|tag| tag.live.as_ref())
        .and_then(|live| live.sample.value.as_ref()?.as_f64());
    let stale = view.tag.as_ref().and_then(|tag| tag.live.as_ref()).is_some_and(|live| live.stale.is_some());
    let now = value.map_or_else(
        || text::signpost_no_value().to_owned(),
        |value| text::signpost_now(format!("{} {unit}", figure::measured(value))),
    );
    let when = words::signpost_when(&signpost, &tag, &unit);
    let test = format!("signpost-{}", signpost.name);
    let crossed = view.crossing.map(|crossing| {
        let id = crossing.signpost_crossing_id;
        let said = text::signpost_crossed(calendar::moment(crossing.crossed_at), format!("{} {unit}", figure::measured(crossing.value)));
        view! {
            <div class="notice-box" role="status" data-test=format!("{test}-crossed")><i class="tri"></i><span class="grow">{said}</span>
                <button type="button" class="btn" data-test=format!("{test}-seen") on:click=move |_| session.record(SignpostCrossingSeen { signpost_crossing_id: id })>{text::signpost_seen()}</button></div>
        }
    });
    let signpost_id = signpost.signpost_id;
    view! {
        <div class="row fit" data-test=test.clone()>
            <div class="grow stack tight"><b>{signpost.name}</b>
                <div class="muted small">{when}" · "<span class:stale=stale>{now}</span>" · "{text::signpost_raises()}</div>{crossed}</div>
            <button type="button" class="btn link" on:click=move |_| session.record(SignpostEnd { signpost_id })>{text::signpost_take_away()}</button>
        </div>
    }
}
