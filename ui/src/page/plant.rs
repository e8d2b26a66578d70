//! Plant: the tree at one side, one asset at the other.

use leptos::prelude::*;
use millwright_model::{AssetId, AssetTree, CacheTag, DataKind, DataSeen};

use crate::page::asset::AssetPanel;
use crate::page::asset_tree::AssetTreeCard;
use crate::part::{Empty, TakeOut};
use crate::query::{query, shown};
use crate::session::Session;
use crate::text;

/// The plant.
#[component]
pub(crate) fn PlantPage(asset_id: Option<AssetId>) -> impl IntoView {
    let session = Session::here();
    let tree = query(|| AssetTree {}, vec![CacheTag::Assets]);
    let named = move || {
        session
            .status
            .with(|status| status.as_ref().map(|status| status.plant_name.clone()))
            .unwrap_or_default()
    };
    view! {
        <div class="page" data-test="page-plant">
            <div class="cols tree">
                <section class="card" class:hide-narrow=asset_id.is_some()><h2>{named}</h2>
                    <TakeOut kind=DataKind::Assets seen=Signal::derive(DataSeen::default)/>
                    {shown(tree, move |nodes| {
                        session.live.watch(move || nodes.with(|nodes| nodes.iter().flat_map(|node| node.tags.iter().map(|tag| tag.binding.series.clone())).collect()));
                        view! { <AssetTreeCard nodes chosen=asset_id/> }.into_any()
                    })}
                </section>
                {match asset_id {
                    Some(asset_id) => view! { <AssetPanel asset_id/> }.into_any(),
                    None => view! { <section class="card plain hide-narrow"><Empty says=text::plant_pick()/></section> }.into_any(),
                }}
            </div>
        </div>
    }
}
