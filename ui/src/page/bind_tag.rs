//! Binding a tag: pick a series that was heard, name it, say what is usual; changing that, and taking it away.

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

/// A sheet that binds one tag, or changes one that is bound.
#[component]
pub(crate) fn BindTag(
    asset_id: AssetId,
    /// The rule to change; nothing for a new one.
    known: Option<TagBinding>,
    place: usize,
    close: Callback<()>,
) -> impl IntoView {
    let session = Session::here();
    let containing = RwSignal::new(String::new());
    let series = RwSignal::new(known.as_ref().map(|known| known.series.clone()));
    let tag_binding_id = known.as_ref().map(|known| known.tag_binding_id);
    let position = known.as_ref().map_or(place as i64 + 1, |known| known.position);
    let limit = |of: fn(&TagBinding) -> Option<f64>| {
        RwSignal::new(known.as_ref().and_then(of).map(figure::plain).unwrap_or_default())
    };
    let (name, unit, usual_low, usual_high, limit_low, limit_high) = (
        RwSignal::new(known.as_ref().map(|known| known.name.clone()).unwrap_or_default()),
        RwSignal::new(known.as_ref().map(|known| figure::unit(&known.unit)).unwrap_or_default()),
        limit(|known| known.usual_low),
        limit(|known| known.usual_high),
        limit(|known| known.limit_low),
        limit(|known| known.limit_high),
    );
    let silence_ms = known.as_ref().map_or(SILENCE_MS, |known| known.silence_ms);
    let silence = RwSignal::new(figure::plain(silence_ms as f64 / 1000.0));
    let heard = query(move || TagList { containing: containing.get(), limit: 40 }, vec![CacheTag::Tags]);
    let number = |field: RwSignal<String>| field.with_untracked(|text| figure::typed_number(text));
    let save = move |_| {
        let Some(series) = series.get_untracked() else { return };
        let binding = TagBinding {
            tag_binding_id: tag_binding_id.unwrap_or(TagBindingId(Uuid::nil())),
            asset_id,
            series,
            name: name.get_untracked().trim().to_owned(),
            unit: figure::unit_code(unit.get_untracked().trim()),
            usual_low: number(usual_low),
            usual_high: number(usual_high),
            limit_low: number(limit_low),
            limit_high: number(limit_high),
            silence_ms: number(silence).map_or(silence_ms, |seconds| (seconds * 1000.0).round() as i64),
            position,
        };
        session.record_then(TagBindingSave { binding }, move || close.run(()));
    };
    view! {
        <Sheet title=if tag_binding_id.is_some() { text::tag_change() } else { text::tag_bind() } close test="bind-sheet">
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
                        <TextField label=text::tag_silence() value=silence test="bind-silence"/>
                    </div>
                    {tag_binding_id.map(|_| view! { <p class="muted small">{text::tag_remove_more()}</p> })}
                    <div class="acts end">
                        {tag_binding_id.map(|tag_binding_id| view! {
                            <button class="btn big danger" data-test="bind-remove" on:click=move |_| session.record_then(TagBindingRemove { tag_binding_id }, move || close.run(()))>{text::tag_remove()}</button> })}
                        <button class="btn primary" data-test="bind-save" disabled=move || name.with(|name| name.trim().is_empty()) on:click=save>{if tag_binding_id.is_some() { text::save() } else { text::tag_bind() }}</button></div>
                }.into_any(),
            }}
        </Sheet>
    }
}
