//! Scanning: the camera's picture, a code to type, a scanner that types; an unknown code is asked about once.

use leptos::prelude::*;
use millwright_model::{Asset, CodeFound, LabelLearn, ScanFinding, ScanResolve};

use crate::dialog::search_sheet::HitRow;
use crate::icon::Glyph;
use crate::part::{AssetPick, Camera, CodeLook, Icon, Sheet};
use crate::route::Route;
use crate::session::{Matter, Overlay, Session};
use crate::shell::go;
use crate::text;

const CODE_LENGTH: usize = 6;

/// Goes where a scan leads; what needs a question opens the scan sheet with it.
pub(crate) fn follow_scan(session: Session, finding: ScanFinding) {
    match finding {
        ScanFinding::Asset { open_order: Some(work_order_id), .. }
        | ScanFinding::WorkOrder { work_order_id } => {
            session.overlay.set(None);
            go(Route::Order(work_order_id));
        }
        ScanFinding::Asset { asset, open_order: None } => {
            session.overlay.set(None);
            go(Route::Asset(asset.asset_id));
        }
        ScanFinding::Part { part_id } => {
            session.overlay.set(None);
            go(Route::Part(part_id));
        }
        ScanFinding::Candidates { .. } | ScanFinding::Unknown { .. } => {
            asked().set(Some(finding));
            // A sheet that is open asks the question itself; opened anew it would forget it.
            if session.overlay.with_untracked(|overlay| *overlay != Some(Overlay::Scan)) {
                session.overlay.set(Some(Overlay::Scan));
            }
        }
    }
}

/// The question of the last scan; it outlives the sheet that asks it.
fn asked() -> ArcRwSignal<Option<ScanFinding>> {
    thread_local! {
        static ASKED: ArcRwSignal<Option<ScanFinding>> = ArcRwSignal::new(None);
    }
    ASKED.with(Clone::clone)
}

/// The scan sheet.
#[component]
pub(crate) fn ScanSheet(close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let typed = RwSignal::new(String::new());
    let (video, live) = (NodeRef::<leptos::html::Video>::new(), RwSignal::new(false));
    let question = asked();
    on_cleanup(|| asked().set(None));
    let resolve = move |code: String| {
        if !code.is_empty() {
            session.send(ScanResolve { code }, move |finding| follow_scan(session, finding));
        }
    };
    let key = move |character: char| {
        view! {
            <button type="button" class="btn" data-test=format!("scan-key-{character}") on:click=move |_| typed.update(|typed| {
                typed.push(character);
            })>{character}</button>
        }
    };
    view! {
        <Sheet title=text::scan() close test="scan-sheet" wide=true>
            {move || match question.get() {
                Some(ScanFinding::Unknown { code }) => view! { <Unknown code close/> }.into_any(),
                Some(ScanFinding::Candidates { hits }) => view! {
                    <p>{text::scan_several()}</p>
                    <div class="rows">{hits.into_iter().map(|hit| view! { <HitRow hit followed=close/> }).collect_view()}</div>
                }.into_any(),
                _ => view! {
                    <div class="cols even">
                        <div class="stack">
                            <Camera video live/>
                            <CodeLook video live found=Callback::new(move |code: CodeFound| resolve(code.text))/>
                        </div>
                        <div class="stack">
                            <h3>{text::scan_type_instead()}</h3>
                            <div class="acts">
                                <label class="entry grow"><input class="wide" type="text" inputmode="none" autocapitalize="characters" autocomplete="off"
                                    placeholder="–".repeat(CODE_LENGTH) aria-label=text::scan_code() data-test="scan-code" prop:value=typed
                                    on:input=move |event| typed.set(event_target_value(&event))
                                    on:keydown=move |event| { if event.key() == "Enter" { resolve(typed.get_untracked()) } }/></label>
                            </div>
                            <div class="pad six">{"123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0-./_:#+".chars().map(key).collect_view()}
                                <button type="button" class="btn two-keys" aria-label=text::key_back() data-test="scan-back" on:click=move |_| typed.update(|typed| { typed.pop(); })>
                                    <Icon glyph=Glyph::Delete/></button></div>
                            <p class="muted small">{text::scan_hint()}</p>
                            <button class="btn primary" data-test="scan-go" disabled=move || typed.with(String::is_empty) on:click=move |_| resolve(typed.get_untracked())>
                                {text::scan_open()}</button>
                        </div>
                    </div>
                }.into_any(),
            }}
        </Sheet>
    }
}

/// Nobody knows this code: which machine does it hang on?
#[component]
fn Unknown(code: String, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let shown = code.clone();
    let learn = move |asset: Asset| {
        let command = LabelLearn { code: code.clone(), asset_id: asset.asset_id };
        session.record_then(command, move || {
            session.say(Matter::Notice(text::label_learnt(asset.code)));
            close.run(());
            go(Route::Asset(asset.asset_id));
        });
    };
    view! {
        <p class="strong" data-test="scan-unknown">{text::scan_unknown(shown)}</p>
        <AssetPick picked=Callback::new(learn)/>
    }
}
