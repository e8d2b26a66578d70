//! Holding this device's camera against a label: is its profile still right? Some seconds, the label in the middle and at
//! every edge.

use leptos::prelude::*;
use millwright_model::{Fiducial, ProfileAnswer, ProfileCheck, ProfileMisfit, ShowLabel, SightPurpose};

use super::camera_watch::CameraWatch;
use crate::figure;
use crate::part::{Camera, Sheet};
use crate::text;

/// The sheet.
#[component]
pub(super) fn CheckSheet(label: Fiducial, close: Callback<()>) -> impl IntoView {
    let check = RwSignal::new(None::<ProfileCheck>);
    let is_measured = RwSignal::new(true);
    let in_view = RwSignal::new(false);
    let CameraWatch { video, live, trouble } = CameraWatch::for_purpose(
        SightPurpose::Check { fiducial_id: label.fiducial_id },
        move |view| {
            is_measured.try_set(view.is_measured);
        },
        move |seen| {
            in_view.try_set(!seen.labels.is_empty());
            check.try_set(seen.check);
        },
    );
    view! {
        <Sheet title=text::camera_check() close test="check-sheet">
            <p>{text::camera_check_says(label.name)}</p>
            {move || trouble.get().map(|said| view! { <div class="error-box" role="alert">{said}</div> })}
            <Show when=move || !is_measured.get()><div class="notice-box" role="note" data-test="check-unmeasured">{text::camera_check_unmeasured()}</div></Show>
            {move || check.get().map(|check| view! {
                <div class="stack tight-stack" aria-live="polite" data-test="check-answer">
                    <b>{if in_view.get() || !matches!(check.answer, ProfileAnswer::NotYet { .. }) { says(check.answer) } else { text::camera_check_no_label().to_owned() }}</b>
                    <div class="muted small">{text::camera_check_pictures(check.picture_count)}</div>
                </div>
            })}
            <Camera video live/>
            <div class="acts end"><button type="button" class="btn primary" data-test="check-done" on:click=move |_| close.run(())>{text::close()}</button></div>
        </Sheet>
    }
}

fn says(answer: ProfileAnswer) -> String {
    let off = |scale_off: f64, edge_off_px: f64| {
        (figure::fixed(scale_off.abs() * 100.0, 1), figure::fixed(edge_off_px.abs(), 1))
    };
    match answer {
        ProfileAnswer::NotYet { show } => match show {
            ShowLabel::Longer => text::show_label_longer(),
            ShowLabel::Middle => text::show_label_middle(),
            ShowLabel::Left => text::show_label_left(),
            ShowLabel::Right => text::show_label_right(),
            ShowLabel::Top => text::show_label_top(),
            ShowLabel::Bottom => text::show_label_bottom(),
            ShowLabel::Tilted => text::show_label_tilted(),
        }
        .to_owned(),
        ProfileAnswer::Fits { scale_off, edge_off_px } => {
            let (percent, px) = off(scale_off, edge_off_px);
            text::camera_fits(percent, px)
        }
        ProfileAnswer::DoesNotFit { misfit, scale_off, edge_off_px } => {
            let (percent, px) = off(scale_off, edge_off_px);
            match misfit {
                ProfileMisfit::FocalLength => text::camera_misfit_focal(percent),
                ProfileMisfit::Distortion => text::camera_misfit_distortion(px),
                ProfileMisfit::Unexplained => text::camera_misfit_unexplained().to_owned(),
            }
        }
    }
}
