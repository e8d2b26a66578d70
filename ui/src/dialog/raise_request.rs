//! Something is wrong with a machine: three taps when the machine is known.

use leptos::prelude::*;
use millwright_model::{Asset, AssetId, AssetShow, CacheTag, Priority, RequestRaise};

use crate::dialog::PriorityChoice;
use crate::icon::Glyph;
use crate::part::{AssetPick, Icon, PhotoTake, Sheet, TextField};
use crate::query::query;
use crate::session::{Matter, Session};
use crate::text;

/// Asks what is wrong.
#[component]
pub(crate) fn RaiseRequest(
    asset_id: Option<AssetId>,
    /// The part of the machine that it is about.
    part: Option<String>,
    close: Callback<()>,
) -> impl IntoView {
    let session = Session::here();
    let machine = RwSignal::new(None::<Asset>);
    let part = RwSignal::new(part);
    let words = RwSignal::new(String::new());
    let priority = RwSignal::new(Priority::Medium);
    let down = RwSignal::new(false);
    let raised = RwSignal::new(None);
    if let Some(asset_id) = asset_id {
        let asset = query(move || AssetShow { asset_id }, Vec::<CacheTag>::new());
        Effect::new(move |_| machine.set(asset.ready().map(|view| view.asset)));
    }
    let usual = [
        text::wrong_noise(),
        text::wrong_leak(),
        text::wrong_heat(),
        text::wrong_stands(),
        text::wrong_loose(),
    ];
    let send = move |with_photo: bool| {
        let Some(asset_id) = machine.with_untracked(|machine| machine.as_ref().map(|asset| asset.asset_id))
        else {
            return;
        };
        let command = RequestRaise {
            asset_id,
            part: part.get_untracked(),
            text: words.get_untracked().trim().to_owned(),
            priority: priority.get_untracked(),
            machine_down: down.get_untracked(),
        };
        session.send(command, move |request_id| {
            session.say(Matter::Notice(text::request_sent().to_owned()));
            if with_photo {
                raised.set(Some(request_id));
            } else {
                close.run(());
            }
        });
    };
    let unready = move || machine.with(Option::is_none) || words.with(|words| words.trim().is_empty());
    view! {
        <Sheet title=text::raise_request() close test="raise-sheet">
            {move || match machine.get() {
                None => view! { <AssetPick picked=Callback::new(move |asset| machine.set(Some(asset)))/> }.into_any(),
                Some(asset) => view! { <div class="strong">{format!("{} {}", asset.code, asset.name)}</div> }.into_any(),
            }}
            {move || part.get().map(|named| view! {
                <div class="row fit" data-test="raise-part"><Icon glyph=Glyph::Box/><span class="grow">{text::request_part(named)}</span>
                    <button type="button" class="btn tight" aria-label=text::request_part_off() data-test="raise-part-off" on:click=move |_| part.set(None)><Icon glyph=Glyph::X/></button></div>
            })}
            <Show when=move || machine.with(Option::is_some)>
                <div class="choice">
                    {usual.map(|choice| view! {
                        <button type="button" class="btn" class:on=move || words.with(|words| words == choice) data-test="raise-choice"
                            on:click=move |_| { words.set(choice.to_owned()); down.update(|down| *down |= choice == text::wrong_stands()) }>{choice}</button>
                    })}
                </div>
                <TextField label=text::what_is_wrong() value=words test="raise-text"/>
                <label class="check"><input type="checkbox" data-test="raise-down" prop:checked=down
                    on:change=move |event| down.set(event_target_checked(&event))/>{text::machine_stands()}</label>
                <PriorityChoice priority/>
                <div class="acts end">
                    <button class="btn big" data-test="raise-send-photo" disabled=unready on:click=move |_| send(true)>{text::send_with_photo()}</button>
                    <button class="btn primary" data-test="raise-send" disabled=unready on:click=move |_| send(false)>{text::send_request()}</button>
                </div>
            </Show>
        </Sheet>
        {move || raised.get().map(|request_id| view! { <PhotoTake request_id close kept=Callback::new(|_| ())/> })}
    }
}
