//! Today: the next job in one look, my work, machines that ask, requests, details still missing.

use leptos::prelude::*;
use millwright_model::{CacheTag, PersonRole, TimestampMs, TodayShow};

use crate::calendar;
use crate::icon::Glyph;
use crate::page::elsewhere::NoticesCard;
use crate::page::shift::UnreadCard;
use crate::page::today_actions::{ExerciseActions, WorkshopActions};
use crate::page::today_asking::Asking;
use crate::page::today_exceptions::Exceptions;
use crate::page::today_next::NextJob;
use crate::part::{Empty, Icon, OrderRow, RequestRow};
use crate::query::{query, shown};
use crate::route::{Route, WorkList};
use crate::session::{OrderFrom, Overlay, Session};
use crate::text;

/// The first screen.
#[component]
pub(crate) fn TodayPage() -> impl IntoView {
    let session = Session::here();
    let tags = vec![
        CacheTag::WorkOrders,
        CacheTag::Requests,
        CacheTag::Assets,
        CacheTag::Parts,
        CacheTag::People,
        CacheTag::Shift,
        CacheTag::Sync,
        CacheTag::Scenarios,
    ];
    let supervises = Memo::new(move |_| {
        session.status.with(|status| {
            let person = status.as_ref().and_then(|status| status.person.as_ref());
            person.is_some_and(|person| person.role == PersonRole::Supervisor)
        })
    });
    let today = query(|| TodayShow {}, tags);
    let plant = move || {
        session
            .status
            .with(|status| status.as_ref().map(|status| status.plant_name.clone()))
            .filter(|name| !name.is_empty())
            .map(|name| format!(" · {name}"))
    };
    // A day begins with a minute: in between there is nothing to write.
    let minute = Memo::new(move |_| session.now.get().0.div_euclid(60_000));
    let date = move || calendar::long_day(TimestampMs(minute.get() * 60_000));
    view! {
        <div class="page" data-test="page-today">
            <div class="head base"><h1>{text::today()}</h1><span class="muted">{date}{plant}</span></div>
            {shown(today, move |today| {
                let next = Memo::new(move |_| today.with(|today| today.next.clone().map(|next| (next, today.next_facts.clone()))));
                let mine = Memo::new(move |_| today.with(|today| today.mine.clone()));
                let asking = Memo::new(move |_| today.with(|today| today.asking.clone()));
                let requests = Memo::new(move |_| today.with(|today| today.requests.clone()));
                let unread = Memo::new(move |_| today.with(|today| today.unread.clone()));
                let exceptions = Memo::new(move |_| today.with(|today| today.exceptions.clone()));
                let notices = Memo::new(move |_| today.with(|today| today.notices.clone()));
                let pending = Memo::new(move |_| today.with(|today| today.details_pending.clone()));
                session.live.watch(move || asking.with(|asking| asking.iter().map(|machine| machine.tag.binding.series.clone()).collect()));
                view! {
                    {move || view! { <UnreadCard unread=unread.get()/> }}
                    {move || view! { <NoticesCard notices=notices.get()/> }}
                    <Show when=move || supervises.get()><Exceptions exceptions/></Show>
                    <div class="cols">
                        <div class="stack">
                            {move || view! { <NextJob next=next.get()/> }}
                            <section class="card" data-test="my-work">
                                <h2>{text::my_work()}" "<span class="muted">{move || text::left_count(mine.with(Vec::len))}</span></h2>
                                <div class="rows">
                                    {move || mine.with(Vec::is_empty).then(|| view! { <Empty says=text::my_work_empty()/> })}
                                    {move || mine.get().into_iter().map(|overview| view! { <OrderRow overview/> }).collect_view()}
                                </div>
                                <div class="acts">
                                    <a class="btn" href=Route::Work(WorkList::Open).hash() data-test="all-work">{text::all_work()}</a>
                                    <button class="btn" data-test="new-order" on:click=move |_| session.overlay.set(Some(Overlay::NewOrder(OrderFrom::Nothing)))>
                                        <Icon glyph=Glyph::Plus/>{text::new_order()}</button>
                                </div>
                            </section>
                            <WorkshopActions/>
                            <ExerciseActions/>
                        </div>
                        <div class="stack">
                            {move || view! { <Asking machines=asking.get()/> }}
                            <section class="card" data-test="requests">
                                <h2>{text::requests()}</h2>
                                <div class="rows">
                                    {move || requests.with(Vec::is_empty).then(|| view! { <Empty says=text::requests_empty()/> })}
                                    {move || requests.get().into_iter().map(|overview| view! { <RequestRow overview/> }).collect_view()}
                                </div>
                                <div class="acts"><button class="btn" data-test="raise-open" on:click=move |_| session.overlay.set(Some(Overlay::Raise { asset_id: None, part: None }))>{text::raise_request()}</button></div>
                            </section>
                            <Show when=move || !pending.with(Vec::is_empty)>
                                <section class="card" data-test="details-pending">
                                    <h2>{text::details_pending()}" "<span class="tag notice">{move || pending.with(Vec::len)}</span></h2>
                                    <div class="rows">{move || pending.get().into_iter().map(|overview| view! { <OrderRow overview/> }).collect_view()}</div>
                                </section>
                            </Show>
                        </div>
                    </div>
                }.into_any()
            })}
        </div>
    }
}
