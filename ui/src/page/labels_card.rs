//! The labels of a machine: hung, printed in true size, their bar measured, and which of them are surveyed.

use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::{
    AssetId, CacheTag, Fiducial, FiducialFamily, FiducialHang, FiducialId, FiducialList, FiducialMeasure,
    FiducialRemove, FileSave, LabelMedia, LabelPrint, PaperFile, PaperOpen,
};

use super::camera_check::CheckSheet;
use crate::figure;
use crate::icon::Glyph;
use crate::ipc;
use crate::part::{Empty, Icon, Sheet, TextField};
use crate::query::query;
use crate::session::{Matter, Session};
use crate::text;

/// What most labels are: read from two steps away, in millimetres between their corners.
const USUAL_SIZE: &str = "60";

/// The labels of a machine.
#[component]
pub(crate) fn LabelsCard(asset_id: AssetId) -> impl IntoView {
    let session = Session::here();
    let labels = query(move || FiducialList { asset_id }, vec![CacheTag::Guides]);
    let hanging = Memo::new(move |_| {
        let labels = labels.ready().unwrap_or_default();
        labels.into_iter().filter(|label| label.removed_at.is_none()).collect::<Vec<_>>()
    });
    let (adding, printing) = (RwSignal::new(false), RwSignal::new(false));
    let measuring = RwSignal::new(None::<Fiducial>);
    let checking = RwSignal::new(None::<Fiducial>);
    let take_down = move |fiducial_id| session.record(FiducialRemove { fiducial_id });
    view! {
        <section class="card" data-test="asset-labels"><h2>{text::labels()}</h2>
            {move || hanging.with(Vec::is_empty).then(|| view! { <Empty says=text::labels_empty()/> })}
            <div class="rows">{move || hanging.get().into_iter().map(|label| {
                let (fiducial_id, measured, held) = (label.fiducial_id, label.clone(), label.clone());
                view! {
                    <div class="row" data-test=format!("label-{}", label.number)>
                        <div class="grow">{label.name.clone()}<div class="muted small">{about(&label)}</div></div>
                        <button type="button" class="btn" data-test=format!("label-{}-bar", label.number) on:click=move |_| measuring.set(Some(measured.clone()))>{text::label_bar()}</button>
                        <button type="button" class="btn tight" aria-label=text::camera_check() data-test=format!("label-{}-check", label.number) on:click=move |_| checking.set(Some(held.clone()))><Icon glyph=Glyph::Camera/></button>
                        <button type="button" class="btn tight" aria-label=text::label_take_down() data-test=format!("label-{}-down", label.number) on:click=move |_| take_down(fiducial_id)><Icon glyph=Glyph::X/></button>
                    </div>
                }
            }).collect_view()}</div>
            <div class="acts">
                <button type="button" class="btn" data-test="label-new" on:click=move |_| adding.set(true)><Icon glyph=Glyph::Plus/>{text::label_new()}</button>
                <Show when=move || !hanging.with(Vec::is_empty)>
                    <button type="button" class="btn" data-test="label-print" on:click=move |_| printing.set(true)><Icon glyph=Glyph::Printer/>{text::label_print()}</button>
                </Show>
            </div>
            <Show when=move || adding.get()><HangSheet asset_id close=Callback::new(move |()| adding.set(false))/></Show>
            <Show when=move || printing.get()>
                <PrintSheet labels=hanging close=Callback::new(move |()| printing.set(false))/></Show>
            {move || checking.get().map(|label| view! { <CheckSheet label close=Callback::new(move |()| checking.set(None))/> })}
            {move || measuring.get().map(|label| view! { <BarSheet label close=Callback::new(move |()| measuring.set(None))/> })}
        </section>
    }
}

/// Its number, its size, and what is still to be done with it.
fn about(label: &Fiducial) -> String {
    let size = text::label_size(figure::plain((label.size_m * 10_000.0).round() / 10.0));
    let surveyed = if label.survey.is_some() { text::label_surveyed() } else { text::label_not_surveyed() };
    let bar = match label.bar_mm {
        Some(bar_mm) => text::label_bar_is(figure::plain(bar_mm)),
        None => text::label_bar_open().to_owned(),
    };
    format!("{} {} · {size} · {surveyed} · {bar}", label.family.as_str(), label.number)
}

#[component]
fn HangSheet(asset_id: AssetId, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let (name, size) = (RwSignal::new(String::new()), RwSignal::new(USUAL_SIZE.to_owned()));
    let size_mm = move || size.with(|size| size.trim().replace(',', ".").parse::<f64>().ok());
    let hang = move |_| {
        let Some(size_mm) = size_mm() else { return };
        let name = name.get_untracked().trim().to_owned();
        let hang = FiducialHang { asset_id, family: FiducialFamily::Tag36h11, number: None, size_mm, name };
        session.send(hang, move |_hung| close.run(()));
    };
    view! {
        <Sheet title=text::label_new() close test="label-sheet">
            <TextField label=text::label_name() value=name test="label-name"/>
            <TextField label=text::label_size_field() value=size test="label-size"/>
            <p class="muted small">{text::label_size_says()}</p>
            <div class="acts end"><button type="button" class="btn primary" data-test="label-hang"
                disabled=move || size_mm().is_none() || name.with(|name| name.trim().is_empty()) on:click=hang>{text::label_hang()}</button></div>
        </Sheet>
    }
}

#[component]
fn PrintSheet(labels: Memo<Vec<Fiducial>>, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let busy = RwSignal::new(false);
    let write = move |media: LabelMedia, print: bool| {
        busy.set(true);
        let fiducial_ids: Vec<FiducialId> =
            labels.with_untracked(|labels| labels.iter().map(|label| label.fiducial_id).collect());
        spawn_local(async move {
            let saved = async {
                let PaperFile { file_name, pages, bytes_base64 } =
                    ipc::call(LabelPrint { fiducial_ids, media }).await?;
                let saved = ipc::call(FileSave { file_name, bytes_base64 }).await?;
                session.say(Matter::Notice(text::paper_saved(pages, saved.path.clone())));
                if print {
                    ipc::call(PaperOpen { path: saved.path }).await?;
                }
                Ok(())
            };
            match saved.await {
                Ok(()) => close.run(()),
                Err(error) => session.refuse(&error),
            }
            busy.try_set(false);
        });
    };
    let die_cut = LabelMedia::DieCut { width_mm: 150.0, height_mm: 100.0 };
    let roll = LabelMedia::Zpl { width_mm: 100.0, height_mm: 150.0, dots_per_inch: 203 };
    view! {
        <Sheet title=text::label_print() close test="label-print-sheet">
            <p>{text::label_print_says()}</p>
            <div class="stack">
                <button type="button" class="btn big" data-test="print-a4" disabled=busy on:click=move |_| write(LabelMedia::A4, true)><Icon glyph=Glyph::Printer/>{text::label_on_a4()}</button>
                <button type="button" class="btn big" data-test="save-a4" disabled=busy on:click=move |_| write(LabelMedia::A4, false)><Icon glyph=Glyph::FileDown/>{text::label_save_a4()}</button>
                <button type="button" class="btn big" data-test="save-die-cut" disabled=busy on:click=move |_| write(die_cut, false)><Icon glyph=Glyph::FileDown/>{text::label_die_cut()}</button>
                <button type="button" class="btn big" data-test="save-zpl" disabled=busy on:click=move |_| write(roll, false)><Icon glyph=Glyph::FileDown/>{text::label_zpl()}</button>
            </div>
        </Sheet>
    }
}

#[component]
fn BarSheet(label: Fiducial, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let bar = RwSignal::new(label.bar_mm.map(|bar_mm| bar_mm.to_string()).unwrap_or_default());
    let bar_mm = move || bar.with(|bar| bar.trim().replace(',', ".").parse::<f64>().ok());
    let fiducial_id = label.fiducial_id;
    let keep = move |_| {
        let Some(bar_mm) = bar_mm() else { return };
        session.record_then(FiducialMeasure { fiducial_id, bar_mm }, move || close.run(()));
    };
    view! {
        <Sheet title=text::label_bar() close test="bar-sheet">
            <p>{text::label_bar_says()}</p>
            <TextField label=text::label_bar_field() value=bar test="bar-mm"/>
            <div class="acts end"><button type="button" class="btn primary" data-test="bar-keep" disabled=move || bar_mm().is_none() on:click=keep>{text::save()}</button></div>
        </Sheet>
    }
}
