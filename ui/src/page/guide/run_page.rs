//! A guide that is worked by: the picture at one side, the step in hand at the other; as practice, without an order.

use leptos::prelude::*;
use millwright_model::{
    CacheTag, GuideId, GuideReadSign, GuideRun, GuideShow, GuideStepId, GuideView, StepTimeAdd, WorkOrderId,
};

use super::camera_view::FrozenPicture;
use super::checklist::Checklist;
use super::practised::Practised;
use super::stage::Stage;
use super::step_panel::StepPanel;
use crate::guide_run::Running;
use crate::icon::Glyph;
use crate::kept_fields::KeptFields;
use crate::part::{Empty, Icon};
use crate::query::{query, shown};
use crate::route::Route;
use crate::session::Session;
use crate::shell;
use crate::text;

/// An order that is worked by its guide.
#[component]
pub(crate) fn GuideRunPage(work_order_id: WorkOrderId) -> impl IntoView {
    let tags = vec![CacheTag::WorkOrder(work_order_id), CacheTag::Guides];
    let run = query(move || GuideRun { work_order_id }, tags);
    let practised = Practised::new();
    view! {
        {shown(run, move |view| {
            let running = Memo::new(move |_| Running::of_order(view.get()));
            view! { <RunView running=running.into() practised way_back=Route::Order(work_order_id)/> }.into_any()
        })}
    }
}

/// A guide that is practised: nothing of it leaves the screen.
#[component]
pub(crate) fn GuidePracticePage(guide_id: GuideId) -> impl IntoView {
    let guide = query(move || GuideShow { guide_id }, vec![CacheTag::Guides]);
    let practised = Practised::new();
    view! {
        {shown(guide, move |view| match view.get_untracked() {
            GuideView { approved: Some(revision), asset, .. } => {
                // A revision that is withdrawn under a person's hands stays until they leave.
                let approved = RwSignal::new((revision, asset));
                Effect::new(move |_| {
                    if let GuideView { approved: Some(revision), asset, .. } = view.get() {
                        approved.set((revision, asset));
                    }
                });
                let running = Memo::new(move |_| {
                    let (revision, asset) = approved.get();
                    Running::practice(revision, asset, &practised.0.get())
                });
                view! { <RunView running=running.into() practised way_back=Route::Guide(guide_id)/> }.into_any()
            }
            GuideView { .. } => view! { <div class="page"><Empty says=text::guide_none_approved()/></div> }.into_any(),
        })}
    }
}

#[component]
fn RunView(running: Signal<Running>, practised: Practised, way_back: Route) -> impl IntoView {
    let session = Session::here();
    let language = Memo::new(move |_| session.language());
    let practice = running.with_untracked(|running| running.order.is_none());
    // Where the person is: first where the guide stands, and then only where they went.
    let chosen = RwSignal::new(running.with_untracked(|running| running.at));
    let at = Memo::new(move |_| {
        running.with(|running| {
            let chosen =
                chosen.get().filter(|chosen| running.step(*chosen).is_some_and(|step| !step.passed_over));
            chosen.or(running.at).or_else(|| running.steps.last().map(|step| step.step.step_id))
        })
    });
    // What is frozen over the machine can be what a step asks for.
    provide_context(FrozenPicture(RwSignal::new(None)));
    let expert = RwSignal::new(false);
    let go = Callback::new(move |step: GuideStepId| chosen.set(Some(step)));
    let leave = Callback::new(move |()| shell::go(way_back));
    count_times(running, at, practice);
    if let Some(order) = running.with_untracked(|running| running.order.as_ref().map(|(order, _)| *order)) {
        // A device that dies comes back here.
        KeptFields::at(Route::GuideRun(order));
    }
    let news = Memo::new(move |_| {
        running.with(|running| {
            running.to_read.then(|| {
                (running.revision.guide_revision_id, running.revision.number, running.revision.news.clone())
            })
        })
    });
    view! {
        <div class="page guide-run" data-test="page-guide-run" class:practice=practice>
            <div class="head">
                <a class="btn tight" aria-label=text::back() href=way_back.hash() data-test="back"><Icon glyph=Glyph::ChevronLeft/></a>
                <h2 class="grow">{move || running.with(|running| {
                    let of = running.asset.as_ref().map(|asset| format!("{} · ", asset.code)).unwrap_or_default();
                    format!("{of}{}", running.say(&running.revision.content.title, &language.get()))
                })}</h2>
                {practice.then(|| view! { <span class="chip warns" data-test="practice">{text::practice_badge()}</span> })}
                <button type="button" class="btn" data-test="mode" aria-pressed=move || expert.get().to_string() on:click=move |_| expert.update(|expert| *expert = !*expert)>
                    <Icon glyph=Glyph::ListChecks/>{move || if expert.get() { text::mode_guided() } else { text::mode_checklist() }}</button>
            </div>
            {move || news.get().map(|(guide_revision_id, number, news)| view! {
                <div class="notice-box" role="note" data-test="to-read"><div class="grow"><b>{text::revision_new(number)}</b><div>{news}</div></div>
                    <button type="button" class="btn big" data-test="read-sign" on:click=move |_| session.record(GuideReadSign { guide_revision_id })>{text::read_and_sign()}</button></div>
            })}
            {move || running.with(|running| running.newer_number.map(|number| view! { <div class="notice-box" role="note" data-test="newer">{text::newer_revision(number, running.revision.number)}</div> }))}
            {move || if expert.get() {
                view! { <Checklist running language practised open=Callback::new(move |step| { chosen.set(Some(step)); expert.set(false) })/> }.into_any()
            } else {
                view! {
                    <div class="guide-cols">
                        <Stage running at/>
                        <StepPanel running at practised go leave/>
                    </div>
                }.into_any()
            }}
        </div>
    }
}

/// Counts how long each step is in hand, while the screen is looked at; nothing of it in practice.
fn count_times(running: Signal<Running>, at: Memo<Option<GuideStepId>>, practice: bool) {
    if practice {
        return;
    }
    let session = Session::here();
    let since = StoredValue::new(None::<(GuideStepId, i64)>);
    let left = move |next: Option<GuideStepId>| {
        let now = js_sys::Date::now() as i64;
        let before = since.try_get_value().flatten();
        if let Some((step_id, began)) = before.filter(|(step_id, _)| Some(*step_id) != next) {
            let (revision, order) = running.with_untracked(|running| {
                (running.revision.guide_revision_id, running.order.as_ref().map(|(id, _)| *id))
            });
            let time = StepTimeAdd {
                guide_revision_id: revision,
                step_id,
                work_order_id: order,
                took_ms: now - began,
            };
            session.send(time, |()| ());
        }
        if before.is_none_or(|(step_id, _)| Some(step_id) != next) {
            since.try_update_value(|since| *since = next.map(|next| (next, now)));
        }
    };
    Effect::new(move |_| left(at.get()));
    on_cleanup(move || left(None));
}
