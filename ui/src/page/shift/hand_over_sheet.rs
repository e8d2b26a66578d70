//! Handing a shift over: what the log proposes, trimmed by unticking, and a few words.

use std::collections::BTreeSet;

use leptos::prelude::*;
use millwright_model::{CacheTag, HandoverGive, HandoverPrepare, ShiftSpan, TimestampMs};
use uuid::Uuid;

use super::line_row::{LineAbout, span_words};
use crate::calendar;
use crate::part::{Empty, Sheet, TextField};
use crate::query::{query, shown};
use crate::session::{Matter, Session};
use crate::text;
use crate::words;

/// Asks what to hand over.
#[component]
pub(super) fn HandOverSheet(
    /// The shifts that may be meant.
    choices: Vec<ShiftSpan>,
    /// The one that is meant; nothing for the usual one.
    at: Option<TimestampMs>,
    close: Callback<()>,
) -> impl IntoView {
    let session = Session::here();
    let at = RwSignal::new(at);
    let said = RwSignal::new(String::new());
    // What is proposed stands still while it is being trimmed.
    let proposal = query(move || HandoverPrepare { at: at.get() }, Vec::<CacheTag>::new());
    view! {
        <Sheet title=text::handover() close test="handover-sheet" wide=true>
            {shown(proposal, move |proposal| {
                let kept = RwSignal::new(BTreeSet::<Uuid>::new());
                Effect::new(move |_| proposal.with(|proposal| {
                    kept.set(proposal.items.iter().filter(|item| item.keep).map(|item| item.line.item.item_id).collect());
                }));
                let shift = Memo::new(move |_| proposal.with(|proposal| proposal.shift.clone()));
                let items = Memo::new(move |_| proposal.with(|proposal| proposal.items.clone()));
                let before = Memo::new(move |_| proposal.with(|proposal| proposal.given_before));
                let give = move |_| {
                    let command = HandoverGive {
                        at: shift.get_untracked().starts_at,
                        text: said.get_untracked().trim().to_owned(),
                        items: kept.get_untracked().into_iter().collect(),
                    };
                    session.record_then(command, move || {
                        session.say(Matter::Notice(text::handover_given().to_owned()));
                        close.run(());
                    });
                };
                let choices = choices.clone();
                view! {
                    {(choices.len() > 1).then(|| view! {
                        <div class="choice" role="radiogroup" aria-label=text::handover_which()>
                            {choices.into_iter().enumerate().map(|(place, choice)| {
                                let starts_at = choice.starts_at;
                                let on = move || shift.with(|shift| shift.starts_at == starts_at);
                                view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=format!("handover-shift-{place}")
                                    on:click=move |_| at.set(Some(starts_at))>{span_words(&choice)}</button> }
                            }).collect_view()}
                        </div>
                    })}
                    {move || (before.get() > 0).then(|| view! { <div class="notice-box">{text::handover_again(before.get())}</div> })}
                    {move || if items.with(Vec::is_empty) { view! { <Empty says=text::handover_nothing()/> }.into_any() } else { view! { <p class="muted">{text::handover_trim()}</p> }.into_any() }}
                    <div class="rows">
                        {move || items.get().into_iter().enumerate().map(|(place, item)| {
                            let item_id = item.line.item.item_id;
                            let says = words::happening(&item.line.item.happening);
                            let mut below = vec![calendar::moment(item.line.item.at)];
                            below.extend(item.line.by_name.clone());
                            view! {
                                <div class="row fit">
                                    <label class="check grow"><input type="checkbox" data-test=format!("handover-item-{place}") prop:checked=move || kept.with(|kept| kept.contains(&item_id))
                                        on:change=move |event| { let on = event_target_checked(&event); kept.update(|kept| { if on { kept.insert(item_id); } else { kept.remove(&item_id); } }) }/>
                                        <span class="grow"><span class="pre">{says}</span><span class="muted small">" "{below.join(" · ")}</span></span></label>
                                    <LineAbout line=item.line linked=false/>
                                </div>
                            }
                        }).collect_view()}
                    </div>
                    <TextField label=text::handover_words() value=said test="handover-text" lines=true/>
                    <div class="acts end sticky"><button class="btn primary grow" data-test="handover-give" on:click=give>
                        {move || text::handover_give(kept.with(BTreeSet::len))}</button></div>
                }.into_any()
            })}
        </Sheet>
    }
}
