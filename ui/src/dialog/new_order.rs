//! A new order of our own.

use leptos::prelude::*;
use millwright_model::{Asset, AssetId, AssetShow, CacheTag, Priority, WorkOrderCreate};

use crate::dialog::PriorityChoice;
use crate::part::{AssetPick, Sheet, TextField};
use crate::query::query;
use crate::route::Route;
use crate::session::Session;
use crate::shell::go;
use crate::text;

/// Asks for a line, a machine and how urgent it is.
#[component]
pub(crate) fn NewOrder(asset_id: Option<AssetId>, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let (title, description) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let priority = RwSignal::new(Priority::Medium);
    let machine = RwSignal::new(None::<Asset>);
    let picking = RwSignal::new(false);
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
            request_id: None,
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
    view! {
        <Sheet title=text::new_order() close test="new-order-sheet">
            <TextField label=text::order_title() value=title test="new-order-title" focused=true entered=Callback::new(move |()| create())/>
            <button type="button" class="btn" data-test="new-order-asset" on:click=move |_| picking.update(|picking| *picking = !*picking)>{machine_words}</button>
            <Show when=move || picking.get()>
                <AssetPick picked=Callback::new(move |asset| { machine.set(Some(asset)); picking.set(false) })/>
            </Show>
            <PriorityChoice priority/>
            <TextField label=text::order_description() value=description test="new-order-description" lines=true/>
            <div class="acts end">
                <button class="btn primary" data-test="new-order-create" disabled=move || title.with(|title| title.trim().is_empty())
                    on:click=move |_| create()>{text::order_create()}</button>
            </div>
        </Sheet>
    }
}
