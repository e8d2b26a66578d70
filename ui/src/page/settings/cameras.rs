//! Cameras that were measured, and measuring this device's one by the printed board.

use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::{
    BoardPrint, BoardProgress, CacheTag, CameraProfile, CameraProfileEnd, CameraProfileList, FileSave,
    PaperFile, PaperOpen, SightProfileKeep, SightPurpose,
};

use crate::figure;
use crate::icon::Glyph;
use crate::ipc;
use crate::page::camera_watch::CameraWatch;
use crate::part::{Camera, Empty, Icon, Sheet};
use crate::query::query;
use crate::session::{Matter, Session};
use crate::text;
use crate::words;

/// The profiles of cameras.
#[component]
pub(super) fn CameraSettings() -> impl IntoView {
    let session = Session::here();
    let profiles = query(|| CameraProfileList {}, vec![CacheTag::Guides]);
    let kept = Memo::new(move |_| {
        let all = profiles.ready().unwrap_or_default();
        all.into_iter().filter(|profile| profile.ended_at.is_none()).collect::<Vec<_>>()
    });
    let measuring = RwSignal::new(false);
    let print = move |_| {
        spawn_local(async move {
            let printed = async {
                let PaperFile { file_name, pages, bytes_base64 } = ipc::call(BoardPrint {}).await?;
                let saved = ipc::call(FileSave { file_name, bytes_base64 }).await?;
                session.say(Matter::Notice(text::paper_saved(pages, saved.path.clone())));
                ipc::call(PaperOpen { path: saved.path }).await
            };
            if let Err(error) = printed.await {
                session.refuse(&error);
            }
        });
    };
    view! {
        <section class="card" data-test="cameras"><h2>{text::cameras()}</h2>
            <p class="muted small">{text::cameras_says()}</p>
            {move || kept.with(Vec::is_empty).then(|| view! { <Empty says=text::cameras_empty()/> })}
            <div class="rows">{move || kept.get().into_iter().map(|profile| {
                let camera_profile_id = profile.camera_profile_id;
                view! {
                    <div class="row"><div class="grow">{profile.camera.clone()}<div class="muted small">{about(&profile)}</div></div>
                        <button type="button" class="btn tight" aria-label=text::camera_profile_end() on:click=move |_| session.record(CameraProfileEnd { camera_profile_id })><Icon glyph=Glyph::X/></button></div>
                }
            }).collect_view()}</div>
            <div class="acts">
                <button type="button" class="btn" data-test="camera-measure" on:click=move |_| measuring.set(true)><Icon glyph=Glyph::Camera/>{text::camera_measure()}</button>
                <button type="button" class="btn" data-test="board-print" on:click=print><Icon glyph=Glyph::Printer/>{text::board_print()}</button>
            </div>
            <Show when=move || measuring.get()><MeasureSheet close=Callback::new(move |()| measuring.set(false))/></Show>
        </section>
    }
}

fn about(profile: &CameraProfile) -> String {
    let two = |value: f64| figure::fixed(value, 2);
    text::camera_profile_about(
        profile.width_px,
        profile.height_px,
        two(profile.residual_px),
        figure::fixed(profile.coverage * 100.0, 0),
        profile.picture_count,
    )
}

/// The camera's picture while it is measured: pictures that show the board elsewhere are kept by themselves.
#[component]
fn MeasureSheet(close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let progress = RwSignal::new(None::<BoardProgress>);
    let CameraWatch { video, live, trouble } = CameraWatch::for_purpose(
        SightPurpose::Board,
        |_view| (),
        move |seen| {
            progress.try_set(seen.board);
        },
    );
    let enough = move || {
        progress.get().is_some_and(|board| {
            board.picture_count >= board.picture_goal && board.coverage >= board.coverage_goal
        })
    };
    let keep = move |_| {
        spawn_local(async move {
            match ipc::call(SightProfileKeep {}).await {
                Ok(profile) => {
                    session.say(Matter::Notice(text::camera_measured(figure::fixed(profile.residual_px, 2))));
                    close.run(());
                }
                Err(refused) => drop(trouble.try_set(Some(words::error(&refused)))),
            }
        });
    };
    let share = |part: f64, whole: f64| format!("{:.0}%", (part / whole.max(1e-9) * 100.0).clamp(0.0, 100.0));
    view! {
        <Sheet title=text::camera_measure() close test="measure-sheet">
            <p>{text::camera_measure_says()}</p>
            <Camera video live/>
            {move || trouble.get().map(|said| view! { <div class="error-box" role="alert" data-test="measure-trouble">{said}</div> })}
            {move || progress.get().map(|board| view! {
                <div class="stack tight-stack" data-test="measure-progress">
                    <div class="muted small">{text::camera_pictures(board.picture_count, board.picture_goal)}</div>
                    <div class="bar" role="progressbar"><i style:width=share(f64::from(board.picture_count), f64::from(board.picture_goal))></i></div>
                    <div class="muted small">{text::camera_coverage(figure::fixed(board.coverage * 100.0, 0), figure::fixed(board.coverage_goal * 100.0, 0))}</div>
                    <div class="bar" role="progressbar"><i style:width=share(board.coverage, board.coverage_goal)></i></div>
                </div>
            })}
            <div class="acts end"><button type="button" class="btn primary" data-test="measure-keep" disabled=move || !enough() on:click=keep>{text::camera_keep()}</button></div>
        </Sheet>
    }
}
