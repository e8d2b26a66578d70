//! Our own number pad: no act needs the system's keyboard.

use leptos::prelude::*;

use crate::icon::Glyph;
use crate::pad::{PadKey, pressed};
use crate::part::Icon;
use crate::text;

/// A number pad that types into `entry`.
#[component]
pub(crate) fn NumberPad(
    entry: RwSignal<String>,
    /// How many decimals can be typed.
    decimals: u8,
    /// Whether numbers below zero make sense.
    #[prop(optional)]
    signed: bool,
) -> impl IntoView {
    let press = move |key: PadKey| entry.update(|entry| *entry = pressed(entry, key, decimals));
    let digit = move |digit: char| {
        view! {
            <button type="button" class="btn" data-test=format!("pad-{digit}") on:mousedown=|event| event.prevent_default()
                on:click=move |_| press(PadKey::Digit(digit))>{digit}</button>
        }
    };
    let mark = text::language().decimal_mark();
    let corner = if decimals > 0 {
        view! { <button type="button" class="btn" data-test="pad-mark" aria-label=text::decimal_mark()
            on:mousedown=|event| event.prevent_default() on:click=move |_| press(PadKey::Mark(mark))>{mark}</button> }
        .into_any()
    } else if signed {
        sign(press).into_any()
    } else {
        view! { <span></span> }.into_any()
    };
    view! {
        <div class="pad" role="group" aria-label=text::number_pad()>
            {"789456123".chars().map(digit).collect_view()}
            {corner}
            {digit('0')}
            <button type="button" class="btn" data-test="pad-back" aria-label=text::key_back()
                on:mousedown=|event| event.prevent_default() on:click=move |_| press(PadKey::Back)><Icon glyph=Glyph::Delete/></button>
            {(signed && decimals > 0).then(|| sign(press))}
        </div>
    }
}

fn sign(press: impl Fn(PadKey) + Copy + 'static) -> impl IntoView {
    view! {
        <button type="button" class="btn" data-test="pad-sign" on:mousedown=|event| event.prevent_default()
            on:click=move |_| press(PadKey::Sign)>"±"</button>
    }
}
