//! All guides: what waits for a second look first, then those that people work by, then those that are being written.

use leptos::prelude::*;
use millwright_model::{CacheTag, GuideList, GuideNewsList, GuideOverview};

use super::new_guide::NewGuide;
use crate::icon::Glyph;
use crate::part::{Empty, Icon};
use crate::query::{query, shown};
use crate::route::Route;
use crate::text;

/// The list of guides.
#[component]
pub(crate) fn GuidesPage() -> impl IntoView {
    let guides = query(|| GuideList { asset_id: None }, vec![CacheTag::Guides, CacheTag::Assets]);
    let news = query(|| GuideNewsList {}, vec![CacheTag::Guides, CacheTag::WorkOrders, CacheTag::People]);
    let beginning = RwSignal::new(false);
    view! {
        <div class="page" data-test="page-guides">
            <div class="head"><h1 class="grow">{text::guides()}</h1>
                <button class="btn big" data-test="guide-new" on:click=move |_| beginning.set(true)><Icon glyph=Glyph::Plus/>{text::guide_new()}</button></div>
            {move || news.ready().filter(|news| !news.is_empty()).map(|news| view! {
                <section class="card" data-test="guide-news"><h2>{text::guide_to_read()}</h2><div class="rows">
                    {news.into_iter().map(|news| view! {
                        <a class="row fit" href=Route::Guide(news.guide.guide_id).hash()><Icon glyph=Glyph::Eye/><span class="grow"><b>{news.guide.name}</b>
                            <span class="muted small">{text::revision_new(news.number)}" · "{news.news}</span></span><Icon glyph=Glyph::ChevronRight/></a>
                    }).collect_view()}</div></section>
            })}
            {shown(guides, move |guides| view! {
                {move || {
                    let (waits, rest): (Vec<_>, Vec<_>) = guides.get().into_iter().partition(|one| one.in_review.is_some());
                    let (working, writing): (Vec<_>, Vec<_>) = rest.into_iter().partition(|one| one.approved_number.is_some());
                    if waits.is_empty() && working.is_empty() && writing.is_empty() {
                        return view! { <section class="card"><Empty says=text::guides_empty()/></section> }.into_any();
                    }
                    [(text::guides_in_review(), waits, "review"), (text::guides_working(), working, "working"), (text::guides_writing(), writing, "writing")]
                        .into_iter().filter(|(_, list, _)| !list.is_empty())
                        .map(|(title, list, test)| view! {
                            <section class="card" data-test=format!("guides-{test}")><h2>{title}</h2><div class="rows">{list.into_iter().map(row).collect_view()}</div></section>
                        }).collect_view().into_any()
                }}
            }.into_any())}
            <Show when=move || beginning.get()><NewGuide close=Callback::new(move |()| beginning.set(false))/></Show>
        </div>
    }
}

fn row(overview: GuideOverview) -> impl IntoView {
    let guide = overview.guide;
    let of = overview.asset_code.or(guide.asset_class).unwrap_or_else(|| text::guide_for_any().to_owned());
    let stands = match (overview.in_review, overview.approved_number) {
        (Some(_), _) => text::revision_in_review().to_owned(),
        (None, Some(number)) => text::guide_revision_steps(number, overview.step_count),
        (None, None) => text::guide_draft().to_owned(),
    };
    let test = format!("guide-{}", guide.name);
    view! {
        <a class="row fit" href=Route::Guide(guide.guide_id).hash() data-test=test><Icon glyph=Glyph::BookOpen/>
            <span class="grow"><b>{guide.name}</b><div class="muted small">{of}</div></span>
            <span class="tag">{stands}</span><Icon glyph=Glyph::ChevronRight/></a>
    }
}
