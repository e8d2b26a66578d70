//! A machine that stands in the books twice: saying so, and taking it back.

use leptos::prelude::*;
use millwright_model::*;

use crate::icon::Glyph;
use crate::part::{AssetPick, Icon, Sheet};
use crate::session::Session;
use crate::text;

/// The machines that were found to be this one, and the way to say so of another one.
#[component]
pub(crate) fn JoinedCard(asset: Asset, view: RwSignal<AssetView>) -> impl IntoView {
    let session = Session::here();
    let joined = Memo::new(move |_| view.with(|view| view.joined.clone()));
    let picking = RwSignal::new(false);
    let stays = asset.asset_id;
    let code = StoredValue::new(asset.code);
    let picked = Callback::new(move |other: Asset| {
        picking.set(false);
        session.record(AssetJoin { asset_id: other.asset_id, into: stays });
    });
    view! {
        <section class="card" data-test="asset-joined"><h2>{text::joined()}</h2>
            <div class="rows">{move || joined.get().into_iter().map(|gone| {
                let asset_id = AssetId(gone.alias_id.0);
                view! { <div class="row"><span class="grow"><b>{gone.code}</b>" "{gone.name}</span>
                    <button class="btn" data-test="asset-separate" on:click=move |_| session.record(AssetSeparate { asset_id })>{text::joined_separate()}</button></div> }
            }).collect_view()}</div>
            <div class="acts"><button class="btn" data-test="asset-join" on:click=move |_| picking.set(true)><Icon glyph=Glyph::Plus/>{text::joined_add()}</button></div>
            <Show when=move || picking.get()>
                <Sheet title=text::joined_add() close=Callback::new(move |()| picking.set(false)) test="join-sheet">
                    <p class="muted">{text::joined_explained(code.get_value())}</p>
                    <AssetPick picked/>
                </Sheet>
            </Show>
        </section>
    }
}
