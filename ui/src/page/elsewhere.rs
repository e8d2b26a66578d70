//! Work that goes on elsewhere: taking an order over, what a device holds, and what happened on other devices.

use leptos::prelude::*;
use millwright_model::{
    AlertSubject, CacheTag, DeedView, DeviceId, ReservationView, TeamDeviceOrders, TeamHappening,
    TeamNoticeSeen, TeamNoticeView, WorkOrderContinue, WorkOrderId, WorkOrderOverview, WorkOrderRelease,
    WorkOrderReserve, WorkOrderStatus,
};

use crate::calendar;
use crate::icon::Glyph;
use crate::page::order::ReasonSheet;
use crate::part::{Empty, Icon, Sheet};
use crate::query::{query, shown};
use crate::route::Route;
use crate::session::Session;
use crate::text;
use crate::words;

/// Asks why an order is taken over, and takes it.
#[component]
pub(crate) fn ContinueSheet(work_order_id: WorkOrderId, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let take = Callback::new(move |reason: String| {
        session.record_then(WorkOrderContinue { work_order_id, reason }, move || close.run(()));
    });
    view! {
        <ReasonSheet title=text::continue_title() act=text::continue_elsewhere() test="continue"
            choices=vec![text::continue_broken(), text::continue_away(), text::continue_relief()] close given=take/>
    }
}

/// Asks for how long an order is laid aside for the person, and lays it aside.
#[component]
pub(crate) fn ReserveSheet(work_order_id: WorkOrderId, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let choice = move |hours: u32| {
        let take = move |_| {
            session.record_then(WorkOrderReserve { work_order_id, hours }, move || close.run(()));
        };
        view! {
            <button class="btn big grow" data-test=format!("reserve-{hours}") on:click=take>{text::reserve_hours(i64::from(hours))}</button>
        }
    };
    view! {
        <Sheet title=text::reserve_title() close test="reserve">
            <p class="muted">{text::reserve_says()}</p>
            <div class="acts">{[2, 4, 8, 24].map(choice).collect_view()}</div>
        </Sheet>
    }
}

/// For whom an order is laid aside, with the next act: to give it back, or to take it over with a reason.
#[component]
pub(crate) fn ReservationBox(
    work_order_id: WorkOrderId,
    reservation: ReservationView,
    take_over: Callback<()>,
) -> impl IntoView {
    let session = Session::here();
    let until = calendar::moment(reservation.until);
    let says = match reservation.is_mine {
        true => text::reserved_mine(until),
        false => text::reserved_for(words::whereabouts(&reservation.who), until),
    };
    view! {
        <div class="notice-box acts" data-test="order-reservation">
            <span class="grow">{says}</span>
            {match reservation.is_mine {
                true => view! {
                    <button class="btn big" data-test="reserve-back" on:click=move |_| session.record(WorkOrderRelease { work_order_id })>{text::reserve_back()}</button>
                }.into_any(),
                false => view! {
                    <button class="btn big" data-test="continue-open" on:click=move |_| take_over.run(())><Icon glyph=Glyph::Play/>{text::continue_elsewhere()}</button>
                }.into_any(),
            }}
        </div>
    }
}

/// The open orders of a device, each with the way to go on with it here.
#[component]
pub(crate) fn DeviceOrdersSheet(device_id: DeviceId, name: String, close: Callback<()>) -> impl IntoView {
    let taking = RwSignal::new(None::<WorkOrderId>);
    let name = StoredValue::new(name);
    view! {
        {move || match taking.get() {
            Some(work_order_id) => view! {
                <ContinueSheet work_order_id close=Callback::new(move |()| taking.set(None))/>
            }.into_any(),
            None => view! { <DeviceOrders device_id name=name.get_value() close taking/> }.into_any(),
        }}
    }
}

#[component]
fn DeviceOrders(
    device_id: DeviceId,
    name: String,
    close: Callback<()>,
    taking: RwSignal<Option<WorkOrderId>>,
) -> impl IntoView {
    let orders = query(move || TeamDeviceOrders { device_id }, vec![CacheTag::WorkOrders, CacheTag::Sync]);
    let row = move |(place, overview): (usize, WorkOrderOverview)| {
        let order = overview.order;
        let work_order_id = order.work_order_id;
        let may_begin = order.status != WorkOrderStatus::Planned;
        let mut more = vec![order.number().to_owned(), words::status(order.status).to_owned()];
        more.extend(overview.asset_code);
        more.extend(overview.assignee_name);
        view! {
            <div class="row fit" data-test=format!("device-order-{place}")>
                <div class="grow"><b>{order.title}</b><div class="muted small">{more.join(" · ")}</div></div>
                <div class="acts">
                    <a class="btn" href=Route::Order(work_order_id).hash()>{text::act_order()}</a>
                    {may_begin.then(|| view! {
                        <button class="btn primary" data-test=format!("device-order-{place}-continue")
                            on:click=move |_| taking.set(Some(work_order_id))>{text::continue_elsewhere()}</button>
                    })}
                </div>
            </div>
        }
    };
    view! {
        <Sheet title=text::device_orders(&name) close test="device-orders" wide=true>
            {shown(orders, move |orders| view! {
                <div class="rows">
                    {move || orders.with(Vec::is_empty).then(|| view! { <Empty says=text::device_orders_empty()/> })}
                    {move || orders.get().into_iter().enumerate().map(row).collect_view()}
                </div>
            }.into_any())}
        </Sheet>
    }
}

/// What happened to the person's orders on other devices, ahead of Today; nothing where all was seen.
#[component]
pub(crate) fn NoticesCard(notices: Vec<TeamNoticeView>) -> impl IntoView {
    (!notices.is_empty()).then(|| {
        view! {
            <section class="card next" data-test="team-notices">
                <h2>{text::notices_title()}</h2>
                <div class="rows">{notices.into_iter().enumerate().map(|(place, notice)| view! { <NoticeRow place notice/> }).collect_view()}</div>
            </section>
        }
    })
}

/// Where it is seen; requests stand on the first screen.
pub(crate) fn route_of(about: AlertSubject) -> Route {
    match about {
        AlertSubject::WorkOrder(work_order_id) => Route::Order(work_order_id),
        AlertSubject::Request(_) => Route::Today,
    }
}

#[component]
fn NoticeRow(place: usize, notice: TeamNoticeView) -> impl IntoView {
    let says = happened(&notice.happened);
    view! {
        <div class="row fit" data-test=format!("team-notice-{place}")>
            <i class="tri"></i>
            <div class="grow"><b>{notice.title}</b>" "<span class="muted">{notice.number}</span><div class="selectable">{says}</div></div>
            <div class="acts">
                <a class="btn" href=route_of(notice.about).hash() data-test=format!("team-notice-{place}-order")>{text::act_see()}</a>
                <SeenButton notice_id=notice.notice_id test=format!("team-notice-{place}-seen")/>
            </div>
        </div>
    }
}

/// The same on the order's own page.
#[component]
pub(crate) fn NoticeBox(notice: TeamNoticeView) -> impl IntoView {
    let says = happened(&notice.happened);
    view! {
        <div class="notice-box" role="status" data-test="order-notice">
            <p class="selectable">{says}</p>
            <div class="acts end"><SeenButton notice_id=notice.notice_id test="order-notice-seen".to_owned()/></div>
        </div>
    }
}

#[component]
fn SeenButton(notice_id: uuid::Uuid, test: String) -> impl IntoView {
    let session = Session::here();
    let seen = move |_| session.send(TeamNoticeSeen { notice_id }, |()| {});
    view! { <button class="btn big" data-test=test on:click=seen><Icon glyph=Glyph::Check/>{text::notice_seen()}</button> }
}

/// What happened to an order on two devices.
pub(crate) fn happened(what: &TeamHappening) -> String {
    match what {
        TeamHappening::Continued { from, by, at, reason } => text::notice_continued(
            words::whereabouts(by),
            words::whereabouts(from),
            calendar::moment(*at),
            reason,
        ),
        TeamHappening::WorkedTwice { first, second } => text::notice_twice(deed(first), deed(second)),
        TeamHappening::TakenBefore { by, second: _ } => text::notice_taken(words::whereabouts(by)),
    }
}

fn deed(deed: &DeedView) -> String {
    let (who, moment) = (words::whereabouts(&deed.who), calendar::moment(deed.at));
    match deed.did {
        WorkOrderStatus::Completed => text::deed_finished(who, moment),
        WorkOrderStatus::Planned
        | WorkOrderStatus::Released
        | WorkOrderStatus::InProgress
        | WorkOrderStatus::OnHold
        | WorkOrderStatus::Cancelled => text::deed_began(who, moment),
    }
}
