//! Binds an answer to a tag of a machine: its range over the last days, or its newest value.

use leptos::prelude::*;
use millwright_model::{Asset, AssetShow, ScenarioDriver, ScenarioEdit, TagBinding};

use super::trial::Trial;
use crate::figure;
use crate::part::{AssetPick, Empty, Sheet};
use crate::query::{query, shown};
use crate::scenario_words;
use crate::text;

/// How far back a range is taken.
const DAYS: u32 = 7;

/// The sheet.
#[component]
pub(super) fn BindSheet(trial: Trial, name: String, unit: String, close: Callback<()>) -> impl IntoView {
    let tag = RwSignal::new(None::<TagBinding>);
    let bind = {
        let name = StoredValue::new(name);
        move |days: u32| {
            let Some(tag) = tag.get_untracked() else { return };
            let driver = ScenarioDriver::Tag { tag_binding_id: tag.tag_binding_id, days, times: 1.0 };
            let edit = ScenarioEdit::Drive { name: name.get_value(), driver: Some(driver) };
            trial.write(vec![edit], move || {
                close.try_run(());
            });
        }
    };
    let unit = scenario_words::unit_shown(&unit);
    view! {
        <Sheet title=text::scenario_bind() close test="bind-sheet" wide=true>
            <TagChoice picked=Callback::new(move |one| tag.set(Some(one)))/>
            {move || tag.get().map(|tag| {
                let units = format!("{} → {}", figure::unit(&tag.unit), unit);
                view! { <p class="strong">{tag.name}" "<span class="muted">{units}</span></p> }
            })}
            <div class="acts end">
                <button type="button" class="btn" data-test="bind-newest" disabled=move || tag.with(Option::is_none) on:click=move |_| bind(0)>{text::scenario_bind_newest()}</button>
                <button type="button" class="btn primary grow" data-test="bind-range" disabled=move || tag.with(Option::is_none) on:click=move |_| bind(DAYS)>{text::scenario_bind_range()}</button>
            </div>
        </Sheet>
    }
}

/// Picking a tag: first its machine.
#[component]
pub(super) fn TagChoice(picked: Callback<TagBinding>) -> impl IntoView {
    let asset = RwSignal::new(None::<Asset>);
    let chosen = RwSignal::new(None::<millwright_model::TagBindingId>);
    view! {
        {move || match asset.get() {
            None => view! { <AssetPick picked=Callback::new(move |one| asset.set(Some(one)))/> }.into_any(),
            Some(machine) => {
                let asset_id = machine.asset_id;
                let found = query(move || AssetShow { asset_id }, Vec::new());
                view! {
                    <button type="button" class="row" data-test="tag-other-machine" on:click=move |_| asset.set(None)><span class="grow"><b>{machine.code}</b>" "{machine.name}</span></button>
                    {shown(found, move |found| view! {
                        <div class="field"><span>{text::signpost_which_tag()}</span>
                            <div class="choice">
                                {move || found.with(|found| found.tags.is_empty()).then(|| view! { <Empty says=text::signpost_no_tags()/> })}
                                {move || found.get().tags.into_iter().map(|tag| {
                                    let binding = tag.binding.clone();
                                    let id = binding.tag_binding_id;
                                    let on = move || chosen.get() == Some(id);
                                    let test = format!("tag-{}", binding.name);
                                    view! { <button type="button" class="btn" class:on=on aria-pressed=move || on().to_string() data-test=test
                                        on:click=move |_| { chosen.set(Some(id)); picked.run(binding.clone()) }>{tag.binding.name}</button> }
                                }).collect_view()}
                            </div></div>
                    }.into_any())}
                }.into_any()
            }
        }}
    }
}
