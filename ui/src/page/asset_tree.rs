//! The tree of assets with the state of each.

use std::collections::HashMap;

use leptos::prelude::*;
use millwright_model::{AssetId, AssetLevel, AssetNode, TagCondition};

use crate::figure;
use crate::part::{Empty, TagMark, live_condition};
use crate::route::Route;
use crate::session::Session;
use crate::text;

/// Nodes in the order of the tree, each with its depth.
fn in_order(nodes: Vec<AssetNode>) -> Vec<(usize, AssetNode)> {
    let known: std::collections::HashSet<AssetId> = nodes.iter().map(|node| node.asset.asset_id).collect();
    let mut children: HashMap<Option<AssetId>, Vec<AssetNode>> = HashMap::new();
    for node in nodes {
        let parent = node.asset.parent_id.filter(|parent| known.contains(parent));
        children.entry(parent).or_default().push(node);
    }
    for group in children.values_mut() {
        group.sort_by(|one, other| one.asset.code.cmp(&other.asset.code));
        group.reverse();
    }
    let mut ordered = Vec::new();
    let mut open: Vec<(usize, AssetNode)> =
        children.remove(&None).unwrap_or_default().into_iter().map(|node| (0, node)).collect();
    while let Some((depth, node)) = open.pop() {
        let below = children.remove(&Some(node.asset.asset_id)).unwrap_or_default();
        ordered.push((depth, node));
        open.extend(below.into_iter().map(|node| (depth + 1, node)));
    }
    ordered
}

/// The tree.
#[component]
pub(crate) fn AssetTreeCard(nodes: RwSignal<Vec<AssetNode>>, chosen: Option<AssetId>) -> impl IntoView {
    view! {
        <nav aria-label=text::plant()>
            {move || nodes.with(Vec::is_empty).then(|| view! { <Empty says=text::plant_empty()/> })}
            {move || in_order(nodes.get()).into_iter().map(|(depth, node)| view! { <Node depth node chosen/> }).collect_view()}
        </nav>
    }
}

#[component]
fn Node(depth: usize, node: AssetNode, chosen: Option<AssetId>) -> impl IntoView {
    let session = Session::here();
    let asset = node.asset;
    let on = chosen == Some(asset.asset_id);
    let stands: Vec<_> = node.tags.iter().map(live_condition).collect();
    let severity = |condition: TagCondition| match condition {
        TagCondition::BeyondLimit => 5,
        TagCondition::Unusual => 4,
        TagCondition::Stale => 3,
        TagCondition::NotGood => 2,
        TagCondition::Silent => 1,
        TagCondition::Normal => 0,
    };
    let tagged = !stands.is_empty();
    let worst = Memo::new({
        let stands = stands.clone();
        move |_| {
            stands
                .iter()
                .map(|(_, stands)| stands.get())
                .max_by_key(|condition| severity(*condition))
                .unwrap_or(TagCondition::Normal)
        }
    });
    let age = move || {
        if !matches!(worst.get(), TagCondition::Stale) {
            return None;
        }
        let now = session.now.get();
        stands
            .iter()
            .filter_map(|(live, _)| {
                live.with(|live| live.as_ref().map(|live| now.since_ms(live.sample.at())))
            })
            .max()
            .map(figure::span)
    };
    let machine = matches!(asset.level, AssetLevel::Machine | AssetLevel::Component);
    view! {
        <a class=format!("node d{}", depth.min(5)) class:on=on href=Route::Asset(asset.asset_id).hash() data-test=format!("asset-{}", asset.code)
            aria-current=on.then_some("page")>
            <span class="grow">{machine.then(|| view! { <b>{asset.code.clone()}" "</b> })}{asset.name.clone()}</span>
            {(node.open_orders > 0).then(|| view! { <span class="tag" title=text::open_orders(node.open_orders)>{node.open_orders}</span> })}
            {move || age().map(|age| view! { <span class="stale small">{age}</span> })}
            {tagged.then(|| view! { <TagMark condition=worst/> })}
        </a>
    }
}
