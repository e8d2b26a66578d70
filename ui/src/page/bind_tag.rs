//! Binding a tag: pick a series that was heard, name it, say what is usual.

use leptos::prelude::*;
use millwright_model::*;
use uuid::Uuid;

use crate::figure;
use crate::part::{Empty, Sheet, TextField};
use crate::query::{query, shown};
use crate::session::Session;
use crate::text;
use crate::words;

const SILENCE_MS: i64 = 60_000;

/// A sheet that binds one tag.
#[component]
pub(crate) fn BindTag(asset_id: AssetId, place: usize, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let containing = RwSignal::new(String::new());
    let series = RwSignal::new(None::<SeriesKey>);
    let field = || RwSignal::new(String::new());
    let (name, unit, usual_low, usual_high, limit_low, limit_high) =
        (field(), field(), field(), field(), field(), field());
    let heard = query(move || TagList { containing: containing.get(), limit: 40 }, vec![CacheTag::Tags]);
    let number = |field: RwSignal<String>| field.with_untracked(|text| figure::typed_number(text));
    let save = move |_| {
        let Some(series) = series.get_untracked() else { return };
        let binding = TagBinding {
            tag_binding_id: TagBindingId(Uuid::nil()),
            asset_id,
            series,
            name: name.get_untracked().trim().to_owned(),
            unit: unit.get_untracked().trim().to_owned(),
            usual_low: number(usual_low),
            usual_high: number(usual_high),
            limit_low: number(limit_low),
            limit_high: number(limit_high),
            silence_ms: SILENCE_MS,
            position: place as i64 + 1,
        };
        session.record_then(TagBindingSave { binding }, move || close.run(()));
    };
    view! {
        <Sheet title=text::tag_bind() close test="bind-sheet">
            {move || match series.get() {
                None => view! {
                    <TextField label=text::tag_search() value=containing test="bind-search"/>
                    {shown(heard, move |heard| view! { <div class="rows">
                        {move || heard.with(Vec::is_empty).then(|| view! { <Empty says=text::tags_empty()/> })}
                        {move || heard.get().into_iter().map(|live| {
                            let (key, short) = (live.series.clone(), live.series.short_name().to_owned());
                            view! { <button type="button" class="row" data-test="bind-tag" on:click=move |_| { name.set(short.clone()); series.set(Some(key.clone())) }>
                                <span class="grow"><span class="strong">{live.series.short_name().to_owned()}</span><div class="muted small pre">{live.series.0.clone()}</div></span>
                                <span>{words::value(live.sample.value.as_ref())}</span></button> }
                        }).collect_view()}</div> }.into_any())}
                }.into_any(),
                Some(key) => view! {
                    <p class="muted small pre">{key.0}</p>
                    <div class="form two">
                        <TextField label=text::tag_name() value=name test="bind-name"/>
                        <TextField label=text::tag_unit() value=unit test="bind-unit"/>
                        <TextField label=text::usual_from() value=usual_low test="bind-usual-low"/>
                        <TextField label=text::usual_to() value=usual_high test="bind-usual-high"/>
                        <TextField label=text::limit_from() value=limit_low test="bind-limit-low"/>
                        <TextField label=text::limit_to() value=limit_high test="bind-limit-high"/>
                    </div>
                    <div class="acts end"><button class="btn primary" data-test="bind-save" disabled=move || name.with(|name| name.trim().is_empty()) on:click=save>{text::tag_bind()}</button></div>
                }.into_any(),
            }}
        </Sheet>
    }
}
