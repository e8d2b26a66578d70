//! A QR code on the screen.

use leptos::prelude::*;

/// A QR code out of its rows, `#` for dark; black on white in every theme, since a camera reads it.
#[component]
pub(crate) fn QrCode(rows: Vec<String>, label: &'static str, test: &'static str) -> impl IntoView {
    let side = rows.len();
    let mut path = String::new();
    for (down, row) in rows.iter().enumerate() {
        for (across, module) in row.chars().enumerate() {
            if module == '#' {
                path.push_str(&format!("M{across} {down}h1v1h-1z"));
            }
        }
    }
    view! {
        <svg class="code" viewBox=format!("0 0 {side} {side}") role="img" aria-label=label data-test=test>
            <rect width=side height=side/><path d=path/>
        </svg>
    }
}
