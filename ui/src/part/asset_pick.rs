//! Picking a machine: type a few letters of its code or name, tap it.

use leptos::prelude::*;
use millwright_model::{Asset, AssetLevel, AssetTree, CacheTag};

use crate::part::{Empty, TextField};
use crate::query::{query, shown};
use crate::text;

const SHOWN_MAX: usize = 30;

/// A list of machines to pick from.
#[component]
pub(crate) fn AssetPick(picked: Callback<Asset>) -> impl IntoView {
    let containing = RwSignal::new(String::new());
    let tree = query(|| AssetTree {}, vec![CacheTag::Assets]);
    view! {
        <TextField label=text::which_asset() value=containing test="asset-pick-text"/>
        {shown(tree, move |tree| {
            let found = Memo::new(move |_| {
                let wanted = containing.get().to_lowercase();
                let fits = |asset: &Asset| {
                    let machine = matches!(asset.level, AssetLevel::Line | AssetLevel::Machine | AssetLevel::Component);
                    let named = format!("{} {}", asset.code, asset.name).to_lowercase().contains(&wanted);
                    named && (machine || !wanted.is_empty())
                };
                tree.with(|tree| tree.iter().map(|node| &node.asset).filter(|asset| fits(asset)).take(SHOWN_MAX).cloned().collect::<Vec<_>>())
            });
            view! {
                <div class="rows">
                    {move || found.with(|found| found.is_empty()).then(|| view! { <Empty says=text::nothing_found()/> })}
                    {move || found.get().into_iter().map(|asset| {
                        let (code, name) = (asset.code.clone(), asset.name.clone());
                        let test = format!("asset-pick-{code}");
                        view! {
                            <button type="button" class="row" data-test=test on:click=move |_| picked.run(asset.clone())>
                                <span class="grow"><b>{code}</b>" "{name}</span>
                            </button>
                        }
                    }).collect_view()}
                </div>
            }.into_any()
        })}
    }
}
