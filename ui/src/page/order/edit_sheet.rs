//! Editing an order while it is open: what, where, how urgent, until when, by whom.

use leptos::prelude::*;
use millwright_model::{WorkOrderEdit, WorkOrderOverview};

use crate::dialog::PriorityChoice;
use crate::icon::Glyph;
use crate::part::{AssetPick, DueChoice, Icon, PersonChoice, Sheet, TextField};
use crate::session::Session;
use crate::text;

/// The form with what the order says now.
#[component]
pub(super) fn EditSheet(overview: WorkOrderOverview, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let order = overview.order;
    let work_order_id = order.work_order_id;
    let number = order.number().to_owned();
    let (title, description) = (RwSignal::new(order.title), RwSignal::new(order.description));
    let (priority, due_at) = (RwSignal::new(order.priority), RwSignal::new(order.due_at));
    let (assignee_id, asset_id) = (RwSignal::new(order.assignee_id), RwSignal::new(order.asset_id));
    let named = match (overview.asset_code, overview.asset_name) {
        (Some(code), Some(name)) => format!("{code} {name}"),
        _ => text::machine_none().to_owned(),
    };
    let machine = RwSignal::new(named);
    let picking = RwSignal::new(false);
    let save = move || {
        let command = WorkOrderEdit {
            work_order_id,
            title: title.get_untracked().trim().to_owned(),
            description: description.get_untracked(),
            priority: priority.get_untracked(),
            due_at: due_at.get_untracked(),
            assignee_id: assignee_id.get_untracked(),
            asset_id: asset_id.get_untracked(),
        };
        session.record_then(command, move || close.run(()));
    };
    view! {
        <Sheet title=text::edit_order_title(number) close test="edit-sheet">
            <TextField label=text::order_title() value=title test="edit-title" entered=Callback::new(move |()| save())/>
            <TextField label=text::order_description() value=description test="edit-description" lines=true/>
            <div class="field"><span>{text::priority()}</span><PriorityChoice priority/></div>
            <DueChoice due_at/>
            <PersonChoice person_id=assignee_id/>
            <div class="field"><span>{text::machine_label()}</span>
                <button type="button" class="btn start-aligned" data-test="edit-asset" on:click=move |_| picking.update(|picking| *picking = !*picking)>
                    <Icon glyph=Glyph::Activity/>{machine}</button></div>
            <Show when=move || picking.get()>
                <button type="button" class="btn" data-test="edit-asset-none" on:click=move |_| { asset_id.set(None); machine.set(text::machine_none().to_owned()); picking.set(false) }>{text::machine_none()}</button>
                <AssetPick picked=Callback::new(move |asset: millwright_model::Asset| {
                    asset_id.set(Some(asset.asset_id));
                    machine.set(format!("{} {}", asset.code, asset.name));
                    picking.set(false)
                })/>
            </Show>
            <div class="acts end sticky"><button class="btn primary grow" data-test="edit-save" disabled=move || title.with(|title| title.trim().is_empty()) on:click=move |_| save()>{text::save()}</button></div>
        </Sheet>
    }
}
