//! A new order of our own: from nothing, from a machine, or taken over from a request.

use leptos::prelude::*;
use millwright_model::{Asset, AssetShow, CacheTag, Priority, StepDraft, WorkOrderCreate};

use crate::dialog::PriorityChoice;
use crate::icon::Glyph;
use crate::part::{AssetPick, DueChoice, Icon, PersonChoice, Sheet, StepEdit, StepEntry, TextField};
use crate::query::query;
use crate::route::Route;
use crate::session::{OrderFrom, Session};
use crate::shell::go;
use crate::text;
use crate::words;

/// As many characters as a title may have.
const TITLE_CHARS: usize = 120;

/// A request's text as title, and the whole of it as description where it is longer.
fn title_of(said: &str) -> (String, String) {
    let line = said.lines().next().unwrap_or_default().trim();
    if line.chars().count() <= TITLE_CHARS && line.len() == said.trim().len() {
        return (line.to_owned(), String::new());
    }
    (line.chars().take(TITLE_CHARS).collect(), said.trim().to_owned())
}

/// Asks for a line, a machine and how urgent it is; the rest can be added.
#[component]
pub(crate) fn NewOrder(from: OrderFrom, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let request = match &from {
        OrderFrom::Request(overview) => Some(overview.request.clone()),
        OrderFrom::Nothing | OrderFrom::Asset(_) => None,
    };
    let asset_id = match (&from, &request) {
        (OrderFrom::Asset(asset_id), _) => Some(*asset_id),
        (_, request) => request.as_ref().map(|request| request.asset_id),
    };
    let (line, more) = request.as_ref().map(|request| title_of(&request.text)).unwrap_or_default();
    let (title, description) = (RwSignal::new(line), RwSignal::new(more));
    let priority = RwSignal::new(request.as_ref().map_or(Priority::Medium, |request| request.priority));
    let request_id = request.map(|request| request.request_id);
    let machine = RwSignal::new(None::<Asset>);
    let picking = RwSignal::new(false);
    let more_shown = RwSignal::new(request_id.is_some());
    let due_at = RwSignal::new(None);
    let assignee_id = RwSignal::new(untrack(|| session.person_id()));
    let steps = RwSignal::new(Vec::<StepDraft>::new());
    if let Some(asset_id) = asset_id {
        let asset = query(move || AssetShow { asset_id }, Vec::<CacheTag>::new());
        Effect::new(move |_| machine.set(asset.ready().map(|view| view.asset)));
    }
    let create = move || {
        let title = title.get_untracked().trim().to_owned();
        if title.is_empty() {
            return;
        }
        let command = WorkOrderCreate {
            title,
            description: description.get_untracked(),
            asset_id: machine.with_untracked(|machine| machine.as_ref().map(|asset| asset.asset_id)),
            priority: priority.get_untracked(),
            request_id,
            due_at: due_at.get_untracked(),
            assignee_id: assignee_id.get_untracked(),
            steps: steps.get_untracked(),
        };
        session.send(command, move |work_order_id| {
            close.run(());
            go(Route::Order(work_order_id));
        });
    };
    let machine_words = move || {
        machine.with(|machine| {
            machine.as_ref().map_or_else(
                || text::which_asset().to_owned(),
                |asset| format!("{} {}", asset.code, asset.name),
            )
        })
    };
    let heading = if request_id.is_some() { text::request_take_over() } else { text::new_order() };
    view! {
        <Sheet title=heading close test="new-order-sheet">
            <TextField label=text::order_title() value=title test="new-order-title" focused=request_id.is_none() entered=Callback::new(move |()| create())/>
            <button type="button" class="btn start-aligned" data-test="new-order-asset" on:click=move |_| picking.update(|picking| *picking = !*picking)>
                <Icon glyph=Glyph::Activity/>{machine_words}</button>
            <Show when=move || picking.get()>
                <AssetPick picked=Callback::new(move |asset| { machine.set(Some(asset)); picking.set(false) })/>
            </Show>
            <PriorityChoice priority/>
            <TextField label=text::order_description() value=description test="new-order-description" lines=true/>
            <Show when=move || more_shown.get() fallback=move || view! {
                <button type="button" class="btn link start-aligned" data-test="new-order-more" on:click=move |_| more_shown.set(true)><Icon glyph=Glyph::Plus/>{text::more_of_order()}</button>
            }>
                <DueChoice due_at/>
                <PersonChoice person_id=assignee_id/>
                <Checklist steps/>
            </Show>
            <div class="acts end sticky">
                <button class="btn primary grow" data-test="new-order-create" disabled=move || title.with(|title| title.trim().is_empty())
                    on:click=move |_| create()>{text::order_create()}</button>
            </div>
        </Sheet>
    }
}

/// The steps written so far, and writing one more.
#[component]
pub(crate) fn Checklist(steps: RwSignal<Vec<StepDraft>>) -> impl IntoView {
    let (entry, writing) = (StepEntry::new(), RwSignal::new(false));
    let write = move |_| {
        entry.fill(None);
        writing.set(true);
    };
    let keep = move || {
        if let Some(draft) = untrack(|| entry.draft()) {
            steps.update(|steps| steps.push(draft));
            writing.set(false);
        }
    };
    view! {
        <div class="field"><span>{text::checklist()}</span>
            <div class="rows">
                {move || steps.get().into_iter().enumerate().map(|(place, step)| view! {
                    <div class="row fit" data-test=format!("draft-{place}")><span class="step-mark">{place + 1}</span>
                        <div class="grow"><div class="strong">{step.title}</div><div class="muted small">{words::form(&step.form)}{step.mandatory.then(|| format!(" · {}", text::mandatory()))}</div></div>
                        <button type="button" class="btn tight" aria-label=text::step_remove() data-test=format!("draft-{place}-remove")
                            on:click=move |_| steps.update(|steps| { if place < steps.len() { steps.remove(place); } })><Icon glyph=Glyph::X/></button></div>
                }).collect_view()}
            </div>
        </div>
        <Show when=move || !writing.get()>
            <div class="acts"><button type="button" class="btn" data-test="draft-add" on:click=write><Icon glyph=Glyph::Plus/>{text::step_add()}</button></div>
        </Show>
        <Show when=move || writing.get()>
            <div class="card plain form">
                <StepEdit entry entered=Callback::new(move |()| keep())/>
                <div class="acts end">
                    <button type="button" class="btn" data-test="draft-drop" on:click=move |_| writing.set(false)>{text::close()}</button>
                    <button type="button" class="btn big" data-test="draft-keep" disabled=move || entry.draft().is_none() on:click=move |_| keep()>{text::step_keep()}</button>
                </div>
            </div>
        </Show>
    }
}
