//! A sheet over the page: title, way out by button, Escape or the shade, and what it asks.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::icon::Glyph;
use crate::part::Icon;
use crate::text;

/// A modal sheet.
#[component]
pub(crate) fn Sheet(
    #[prop(into)] title: String,
    /// Leaves it.
    close: Callback<()>,
    /// Its name in tests.
    test: &'static str,
    /// More room.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    let box_ref = NodeRef::<leptos::html::Div>::new();
    let before = document().active_element();
    Effect::new(move |_| {
        if let Some(sheet) = box_ref.get() {
            // An input that asks for the focus itself keeps it.
            let inside = document().active_element().is_some_and(|element| sheet.contains(Some(&element)));
            if !inside && sheet.focus().is_err() {
                // Without focus the sheet still works by touch.
            }
        }
    });
    let before = StoredValue::new_local(before);
    on_cleanup(move || {
        use wasm_bindgen::JsCast;
        let back = before
            .try_get_value()
            .flatten()
            .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        if back.is_some_and(|element| element.focus().is_err()) {
            // The element is gone: the page keeps the focus.
        }
    });
    let keydown = move |event: KeyboardEvent| match event.key().as_str() {
        "Escape" => {
            event.stop_propagation();
            close.run(());
        }
        "Tab" => keep_inside(&event, box_ref),
        _ => {}
    };
    let title_shown = title.clone();
    view! {
        <div class="shade" on:mousedown=move |event| { if event.target() == event.current_target() { close.run(()) } }>
            <div class="dialog" class:wide=wide role="dialog" aria-modal="true" aria-label=title tabindex="-1"
                data-test=test node_ref=box_ref on:keydown=keydown>
                <header>
                    <h2>{title_shown}</h2>
                    <button class="btn tight" aria-label=text::close() data-test="sheet-close" on:click=move |_| close.run(())>
                        <Icon glyph=Glyph::X/>
                    </button>
                </header>
                {children()}
            </div>
        </div>
    }
}

/// Tab goes round inside the sheet.
fn keep_inside(event: &KeyboardEvent, box_ref: NodeRef<leptos::html::Div>) {
    use wasm_bindgen::JsCast;
    let Some(sheet) = box_ref.get_untracked() else { return };
    let Ok(stops) = sheet.query_selector_all("button:not([disabled]), input, textarea, select, a[href]")
    else {
        return;
    };
    let at = |place: u32| stops.item(place).and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok());
    let (Some(first), Some(last)) = (at(0), at(stops.length().saturating_sub(1))) else { return };
    let active = document().active_element();
    let is = |element: &web_sys::HtmlElement| {
        active.as_ref().is_some_and(|active| active.is_same_node(Some(element)))
    };
    let target = if event.shift_key() && is(&first) {
        Some(last)
    } else if !event.shift_key() && is(&last) {
        Some(first)
    } else {
        None
    };
    if let Some(target) = target {
        event.prevent_default();
        if target.focus().is_err() {
            // It cannot take the focus; the browser's own order stands.
        }
    }
}
