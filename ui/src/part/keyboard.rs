//! Our own keyboard at the foot of the screen: types into the field that has the focus.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

use crate::icon::Glyph;
use crate::part::Icon;
use crate::session::{KeysFor, Session};
use crate::text::{self, Language};

/// The on-screen keyboard, while a text field has the focus.
#[component]
pub(crate) fn Keyboard() -> impl IntoView {
    let session = Session::here();
    let upper = RwSignal::new(false);
    let rows: [&'static str; 4] = match text::language() {
        Language::German => ["1234567890ß", "qwertzuiopü", "asdfghjklöä", "yxcvbnm,.-"],
        Language::English | Language::Pseudo => ["1234567890", "qwertyuiop", "asdfghjkl'", "zxcvbnm,.-"],
    };
    let key = move |character: char| {
        let label =
            move || if upper.get() { character.to_uppercase().to_string() } else { character.to_string() };
        view! {
            <button type="button" class="btn" tabindex="-1" on:click=move |_| { type_text(&label()); upper.set(false) }>{label}</button>
        }
    };
    view! {
        <Show when=move || session.keys_for.get() == KeysFor::Field>
            <div class="keys over" role="group" aria-label=text::keyboard() on:mousedown=|event| event.prevent_default()
                on:pointerdown=|event| event.prevent_default()>
                {rows.iter().enumerate().map(|(place, row)| view! {
                    <div>
                        {(place == 3).then(|| view! {
                            <button type="button" class="btn wide-key" class:on=upper tabindex="-1" aria-label=text::key_shift()
                                on:click=move |_| upper.update(|upper| *upper = !*upper)><Icon glyph=Glyph::ArrowBigUp/></button>
                        })}
                        {row.chars().map(key).collect_view()}
                        {(place == 3).then(|| view! {
                            <button type="button" class="btn wide-key" tabindex="-1" aria-label=text::key_back() on:click=|_| take_back()>
                                <Icon glyph=Glyph::Delete/></button>
                        })}
                    </div>
                }).collect_view()}
                <div>
                    {"@/:_+".chars().map(key).collect_view()}
                    <button type="button" class="btn space" tabindex="-1" aria-label=text::key_space() on:click=|_| type_text(" ")></button>
                    <button type="button" class="btn wide-key" tabindex="-1" aria-label=text::key_line() on:click=|_| type_text("\n")>
                        <Icon glyph=Glyph::CornerDownLeft/></button>
                    <button type="button" class="btn wide-key" tabindex="-1" on:click=move |_| session.keys_for.set(KeysFor::Nobody)>
                        {text::key_hide()}</button>
                </div>
            </div>
        </Show>
    }
}

fn type_text(text: &str) {
    replace(text, false);
}

fn take_back() {
    replace("", true);
}

/// Puts `text` where the cursor is; `back` takes the character before it where nothing is marked.
fn replace(text: &str, back: bool) {
    let Some(element) = document().active_element() else { return };
    let start_of = |start: u32, end: u32| if back && start == end { start.saturating_sub(1) } else { start };
    let changed = if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        let (start, end) = span(area.selection_start(), area.selection_end(), &area.value());
        area.set_range_text_with_start_and_end(text, start_of(start, end), end).and_then(|()| {
            let cursor = start_of(start, end) + text.encode_utf16().count() as u32;
            area.set_selection_range(cursor, cursor)
        })
    } else if let Some(input) = element.dyn_ref::<HtmlInputElement>().filter(|_| text != "\n") {
        let (start, end) = span(input.selection_start(), input.selection_end(), &input.value());
        input.set_range_text_with_start_and_end(text, start_of(start, end), end).and_then(|()| {
            let cursor = start_of(start, end) + text.encode_utf16().count() as u32;
            input.set_selection_range(cursor, cursor)
        })
    } else {
        return;
    };
    let told =
        changed.and_then(|()| web_sys::Event::new("input")).and_then(|event| element.dispatch_event(&event));
    if told.is_err() {
        // The field takes no text; a real keyboard could not type there either.
    }
}

fn span<E>(start: Result<Option<u32>, E>, end: Result<Option<u32>, E>, value: &str) -> (u32, u32) {
    let length = value.encode_utf16().count() as u32;
    (start.ok().flatten().unwrap_or(length), end.ok().flatten().unwrap_or(length))
}
