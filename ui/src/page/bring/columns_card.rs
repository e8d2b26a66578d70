//! What each column of a file means, above its first rows.

use leptos::prelude::*;
use millwright_model::*;

use super::state::Bringing;
use crate::data_words;
use crate::text;

/// The columns, what they mean, and the first rows.
#[component]
pub(super) fn ColumnsCard(bringing: Bringing, preview: DataPreviewView) -> impl IntoView {
    let DataPreviewView { columns, rows, matches, missing, .. } = preview;
    let ready = missing.is_empty();
    let kind = bringing.kind.get_untracked();
    let meant =
        move |column: usize| matches.iter().find(|one| one.column as usize == column).map(|one| one.field);
    view! {
        <section class="card form" data-test="bring-matches">
            <h2>{text::bring_first_rows()}</h2>
            {(!ready).then(|| view! { <div class="notice-box" role="alert" data-test="bring-missing">{text::bring_missing(data_words::fields(missing))}</div> })}
            <div class="sheet-grid" tabindex="0" role="region" aria-label=text::bring_first_rows()>
                <table>
                    <thead><tr><th scope="col">{text::bring_row()}</th>
                        {columns.into_iter().enumerate().map(|(place, column)| view! {
                            <ColumnHead bringing kind place column field=meant(place)/>
                        }).collect_view()}</tr></thead>
                    <tbody>{rows.into_iter().map(|row| view! {
                        <tr><th scope="row">{row.row}</th>{row.cells.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view()}</tr>
                    }).collect_view()}</tbody>
                </table>
            </div>
            <div class="acts end"><button class="btn primary" data-test="bring-try" disabled=move || !ready || bringing.busy.get()
                on:click=move |_| bringing.bring(true)>{text::bring_try()}</button></div>
        </section>
    }
}

/// A column: its name in the file, and what it means.
#[component]
fn ColumnHead(
    bringing: Bringing,
    kind: DataKind,
    place: usize,
    column: FileColumn,
    field: Option<DataField>,
) -> impl IntoView {
    let changed = move |event: web_sys::Event| {
        let field = DataField::parse(&event_target_value(&event));
        if let Ok(column) = u32::try_from(place) {
            bringing.match_column(column, field);
        }
    };
    let label = text::bring_column(&column.letter, &column.header);
    view! {
        <th scope="col">
            <label class="field"><span>{format!("{} · {}", column.letter, column.header)}</span>
                <select aria-label=label data-test=format!("bring-column-{}", column.letter) on:change=changed>
                    <option value="" selected=field.is_none()>{text::bring_not_used()}</option>
                    {kind.fields().iter().map(|(one, needed)| {
                        let name = data_words::field(*one);
                        let name = if *needed { format!("{name} *") } else { name.to_owned() };
                        view! { <option value=one.as_str() selected=field == Some(*one)>{name}</option> }
                    }).collect_view()}
                </select>
            </label>
        </th>
    }
}
