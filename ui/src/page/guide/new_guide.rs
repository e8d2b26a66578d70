//! A new guide: its name and what it is for, or a file that holds one.

use leptos::prelude::*;
use millwright_model::{Asset, GuideCreate, GuideImport};

use crate::icon::Glyph;
use crate::part::{AssetPick, Icon, Sheet, TextField, picked_file, read_file};
use crate::route::Route;
use crate::session::{Matter, Session};
use crate::shell;
use crate::text;

/// The sheet.
#[component]
pub(super) fn NewGuide(close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let name = RwSignal::new(String::new());
    let asset = RwSignal::new(None::<Asset>);
    let (picking, whole_class) = (RwSignal::new(false), RwSignal::new(false));
    let class = move || asset.with(|asset| asset.as_ref().and_then(|asset| asset.class.clone()));
    let for_what = move || {
        let class = class().filter(|_| whole_class.get_untracked());
        let machine = asset.with_untracked(|asset| asset.as_ref().map(|asset| asset.asset_id));
        (if class.is_some() { None } else { machine }, class)
    };
    let begin = Callback::new(move |()| {
        let (asset_id, asset_class) = for_what();
        let command = GuideCreate {
            name: name.get_untracked().trim().to_owned(),
            language: session.language(),
            asset_id,
            asset_class,
        };
        session.send(command, move |guide_id| {
            close.run(());
            shell::go(Route::GuideDraft(guide_id));
        });
    });
    let picked = move |event: web_sys::Event| {
        let Some(file) = picked_file(&event) else { return };
        read_file(file, move |file| {
            let Some(file) = file else {
                return session.say(Matter::Problem(text::photo_unreadable().to_owned()));
            };
            let (asset_id, asset_class) = for_what();
            let command = GuideImport {
                file_name: file.file_name,
                bytes_base64: file.bytes_base64,
                asset_id,
                asset_class,
            };
            session.send(command, move |came| {
                let left_out = if came.left_out.is_empty() {
                    String::new()
                } else {
                    format!(" {}", text::guide_left_out(came.left_out.join(", ")))
                };
                session.say(Matter::Notice(format!("{}{left_out}", text::guide_came(came.step_count))));
                close.run(());
                shell::go(Route::GuideDraft(came.guide_id));
            });
        });
    };
    view! {
        <Sheet title=text::guide_new() close test="guide-new-sheet">
            <div class="form">
                <TextField label=text::guide_name() value=name test="guide-name" focused=true entered=begin/>
                <div class="field"><span>{text::guide_for()}</span>
                    <button type="button" class="btn start-aligned" data-test="guide-machine" on:click=move |_| picking.update(|picking| *picking = !*picking)>
                        <Icon glyph=Glyph::Activity/>{move || asset.with(|asset| asset.as_ref().map_or_else(|| text::guide_for_any().to_owned(), |asset| format!("{} {}", asset.code, asset.name)))}</button></div>
                <Show when=move || picking.get()><AssetPick picked=Callback::new(move |one| { asset.set(Some(one)); picking.set(false) })/></Show>
                {move || class().map(|class| view! {
                    <label class="check"><input type="checkbox" data-test="guide-class" prop:checked=whole_class on:change=move |event| whole_class.set(event_target_checked(&event))/>
                        {text::guide_for_class(class)}</label>
                })}
            </div>
            <div class="acts end">
                <label class="btn big"><Icon glyph=Glyph::FolderOpen/>{text::guide_from_file()}
                    <input class="hidden-input" type="file" accept=".json,.md,.zip" data-test="guide-file" on:change=picked/></label>
                <button type="button" class="btn primary grow" data-test="guide-begin" disabled=move || name.with(|name| name.trim().is_empty()) on:click=move |_| begin.run(())>{text::guide_begin()}</button>
            </div>
        </Sheet>
    }
}
