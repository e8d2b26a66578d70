//! One guide: what people work by, its revisions, and what can be done with it.

use leptos::prelude::*;
use millwright_model::*;

use crate::calendar;
use crate::figure;
use crate::guide_words;
use crate::icon::Glyph;
use crate::page::order::ReasonSheet;
use crate::part::{Empty, Icon, OnPaper, Sheet, TextField, save_file};
use crate::query::{query, shown};
use crate::route::Route;
use crate::session::{Matter, Session};
use crate::text;

/// What is asked before it is done.
#[derive(Copy, Clone, PartialEq)]
enum Asking {
    Submit,
    Return(GuideRevisionId),
    Withdraw(GuideRevisionId),
}

/// The page of a guide.
#[component]
pub(crate) fn GuidePage(guide_id: GuideId) -> impl IntoView {
    let session = Session::here();
    let taking_out = RwSignal::new(false);
    let guide = query(move || GuideShow { guide_id }, vec![CacheTag::Guides, CacheTag::People]);
    let asking = RwSignal::new(None::<Asking>);
    let shut = Callback::new(move |()| asking.set(None));
    let news = RwSignal::new(String::new());
    let submit = Callback::new(move |()| {
        let command = GuideSubmit { guide_id, news: news.get_untracked().trim().to_owned() };
        session.send(command, move |_| {
            session.say(Matter::Notice(text::guide_submitted().to_owned()));
            shut.run(());
        });
    });
    view! {
        <div class="page" data-test="page-guide">
            {shown(guide, move |view| {
                let language = session.language();
                let name = view.with_untracked(|view| view.guide.name.clone());
                let of = view.with_untracked(|view| view.asset.as_ref().map(|asset| format!("{} {}", asset.code, asset.name)).or(view.guide.asset_class.clone()).unwrap_or_else(|| text::guide_for_any().to_owned()));
                let approved = Memo::new(move |_| view.with(|view| view.approved.clone()));
                let to_read = Memo::new(move |_| view.with(|view| view.to_read));
                view! {
                    <div class="head"><a class="btn tight" aria-label=text::back() href=Route::Guides.hash() data-test="back"><Icon glyph=Glyph::ChevronLeft/></a>
                        <div class="grow"><div class="muted small">{of}</div><h1>{name}</h1></div></div>
                    <div class="acts">
                        <Show when=move || approved.with(Option::is_some)>
                            <a class="btn big" href=Route::GuidePractice(guide_id).hash() data-test="guide-practice"><Icon glyph=Glyph::Play/>{text::guide_practice()}</a>
                        </Show>
                        <a class="btn big" href=Route::GuideDraft(guide_id).hash() data-test="guide-write"><Icon glyph=Glyph::Pencil/>{text::guide_write()}</a>
                        <button type="button" class="btn big" data-test="guide-submit" on:click=move |_| { news.set(String::new()); asking.set(Some(Asking::Submit)) }><Icon glyph=Glyph::Send/>{text::guide_hand_in()}</button>
                    </div>
                    {move || (to_read.get()).then(|| approved.get()).flatten().map(|revision| { let guide_revision_id = revision.guide_revision_id; view! {
                        <div class="notice-box" role="note" data-test="to-read"><div class="grow"><b>{text::revision_new(revision.number)}</b><div>{revision.news}</div></div>
                            <button type="button" class="btn big" data-test="read-sign" on:click=move |_| session.record(GuideReadSign { guide_revision_id })>{text::read_and_sign()}</button></div> } })}
                    <div class="cols">
                        <section class="card" data-test="guide-steps"><h2>{text::steps()}</h2>
                            {move || match approved.get() {
                                Some(revision) => outline(&revision, &view.with(|view| view.times.clone()), &language).into_any(),
                                None => view! { <Empty says=text::guide_none_approved()/> }.into_any(),
                            }}
                        </section>
                        <div class="stack">
                            <section class="card" data-test="guide-revisions"><h2>{text::revisions()}</h2><div class="rows">
                                {move || view.with(|view| view.revisions.is_empty()).then(|| view! { <Empty says=text::revisions_empty()/> })}
                                {move || view.with(|view| view.revisions.clone()).into_iter().map(|revision| revision_row(revision, asking)).collect_view()}
                            </div></section>
                            {move || approved.get().map(|revision| { let guide_revision_id = revision.guide_revision_id; view! {
                                <section class="card"><h2>{text::guide_take_out()}</h2>
                                    <div class="acts"><OnPaper subject=PaperSubject::Guide { guide_revision_id }/>
                                        {[(GuideFormat::Json, text::format_json()), (GuideFormat::Markdown, text::format_markdown()), (GuideFormat::Arlem, text::format_arlem())].map(|(format, label)| view! {
                                            <button type="button" class="btn" data-test=format!("export-{label}") disabled=taking_out on:click=move |_| save_file(GuideExport { guide_revision_id, format }, |out| FileSave { file_name: out.file_name, bytes_base64: out.bytes_base64 }, taking_out)><Icon glyph=Glyph::FileDown/>{label}</button> })}
                                    </div></section> } })}
                        </div>
                    </div>
                }.into_any()
            })}
            {move || asking.get().map(|asking| match asking {
                Asking::Submit => view! {
                    <Sheet title=text::guide_hand_in() close=shut test="submit-sheet">
                        <p>{text::guide_hand_in_says()}</p>
                        <TextField label=text::field_news() value=news test="submit-news" lines=true focused=true/>
                        <div class="acts end"><button type="button" class="btn primary" data-test="submit-confirm" disabled=move || news.with(|news| news.trim().is_empty()) on:click=move |_| submit.run(())>{text::guide_hand_in()}</button></div>
                    </Sheet> }.into_any(),
                Asking::Return(guide_revision_id) => view! {
                    <ReasonSheet title=text::guide_return_title() act=text::guide_return() test="return" choices=vec![text::return_unclear(), text::return_wrong(), text::return_missing()]
                        close=shut given=Callback::new(move |reason| session.record_then(GuideReturn { guide_revision_id, reason }, move || shut.run(())))/> }.into_any(),
                Asking::Withdraw(guide_revision_id) => view! {
                    <ReasonSheet title=text::guide_withdraw_title() act=text::guide_withdraw() test="withdraw" choices=vec![text::withdraw_wrong(), text::withdraw_machine()]
                        close=shut given=Callback::new(move |reason| session.record_then(GuideWithdraw { guide_revision_id, reason }, move || shut.run(())))/> }.into_any(),
            })}
        </div>
    }
}

/// Tasks and steps of a revision, with how long each takes where that is known.
fn outline(revision: &GuideRevision, times: &[StepTimes], language: &str) -> impl IntoView + use<> {
    let original = revision.content.language.clone();
    let mut number = 0;
    let tasks: Vec<AnyView> = revision.content.tasks.iter().map(|task| {
        let title = task.title.read(language, &original).to_owned();
        let steps: Vec<AnyView> = task.steps.iter().map(|step| {
            number += 1;
            let took = times.iter().find(|time| time.step_id == step.step_id);
            let took = took.map(|took| text::step_takes(figure::span(took.median_ms), took.count));
            view! { <div class="row fit"><span class="step-mark" aria-hidden="true">{number}</span>
                <span class="grow">{step.title.read(language, &original).to_owned()}{step.mandatory.then(|| view! { <span class="muted small">" · "{text::mandatory()}</span> })}</span>
                {took.map(|took| view! { <span class="muted small">{took}</span> })}</div> }.into_any()
        }).collect();
        view! { <div>{(!title.is_empty()).then(|| view! { <h3>{title}</h3> })}<div class="rows">{steps}</div></div> }.into_any()
    }).collect();
    view! { <div class="stack tight-stack">{tasks}</div> }
}

fn revision_row(revision: RevisionOverview, asking: RwSignal<Option<Asking>>) -> impl IntoView {
    let session = Session::here();
    let guide_revision_id = revision.guide_revision_id;
    let by = match (&revision.decided_by_name, revision.decided_at) {
        (Some(name), Some(at)) => text::revision_decided(name, calendar::moment(at)),
        _ => text::revision_handed_in(calendar::moment(revision.submitted_at)),
    };
    let (authors, readers) = (revision.author_names.join(", "), revision.reader_names.join(", "));
    view! {
        <div class="row fit" data-test=format!("revision-{}", revision.number)>
            <div class="grow">
                <b>{text::revision_number(revision.number)}</b>" · "{guide_words::revision_status(revision.status)}
                <div>{revision.news}</div>
                {revision.status_reason.map(|reason| view! { <div class="notice-box">{reason}</div> })}
                <div class="muted small">{text::revision_authors(authors)}" · "{by}</div>
                {(!readers.is_empty()).then(|| view! { <div class="muted small">{text::revision_read_by(readers)}</div> })}
                {revision.may_decide.then(|| view! {
                    <div class="acts">
                        <button type="button" class="btn primary" data-test="revision-approve" on:click=move |_| session.record(GuideApprove { guide_revision_id })><Icon glyph=Glyph::Check/>{text::guide_approve()}</button>
                        <button type="button" class="btn big" data-test="revision-return" on:click=move |_| asking.set(Some(Asking::Return(guide_revision_id)))>{text::guide_return()}</button>
                    </div> })}
                {(revision.status == RevisionStatus::InReview && !revision.may_decide).then(|| view! { <div class="muted small">{text::guide_own_work()}</div> })}
            </div>
            {(revision.status == RevisionStatus::Approved).then(|| view! {
                <button type="button" class="btn link" data-test="revision-withdraw" on:click=move |_| asking.set(Some(Asking::Withdraw(guide_revision_id)))>{text::guide_withdraw()}</button> })}
        </div>
    }
}
