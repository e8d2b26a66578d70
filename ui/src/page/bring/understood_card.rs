//! How a file is understood, each point to be said otherwise, and a number that is asked back.

use leptos::prelude::*;
use millwright_model::*;

use super::state::Bringing;
use crate::data_words;
use crate::text;

/// How the file is understood.
#[component]
pub(super) fn UnderstoodCard(bringing: Bringing, preview: DataPreviewView) -> impl IntoView {
    let DataPreviewView { understood, open_number, remembered, .. } = preview;
    let file_name = bringing
        .file
        .with_untracked(|file| file.as_ref().map(|file| file.file_name.clone()))
        .unwrap_or_default();
    let reading = bringing.reading.get_untracked();
    let is_text = understood.format == FileFormat::Csv;
    view! {
        <section class="card form" data-test="bring-understood">
            <h2>{text::bring_understood(file_name)}</h2>
            <div class="tags"><span class="tag">{data_words::format(understood.format)}</span>
                <span class="tag" data-test="bring-rows">{text::bring_rows(understood.rows)}</span></div>
            <div class="form two">
                {is_text.then(|| view! {
                    <Choice label=text::bring_encoding() test="bring-encoding" chosen=reading.encoding
                        found=understood.encoding.map(data_words::encoding).unwrap_or_default()
                        all=TextEncoding::ALL.iter().map(|one| (*one, data_words::encoding(*one))).collect()
                        said=Callback::new(move |encoding| bringing.read(|reading| reading.encoding = encoding))/>
                    <Choice label=text::bring_separator() test="bring-separator" chosen=reading.separator
                        found=understood.separator.map(data_words::separator).unwrap_or_default()
                        all=CellSeparator::ALL.iter().map(|one| (*one, data_words::separator(*one))).collect()
                        said=Callback::new(move |separator| bringing.read(|reading| reading.separator = separator))/>
                })}
                <Choice label=text::bring_decimal() test="bring-decimal" chosen=reading.decimal_mark
                    found=understood.decimal_mark.map_or(text::bring_decimal_none(), data_words::decimal_mark)
                    all=DecimalMark::ALL.iter().map(|one| (*one, data_words::decimal_mark(*one))).collect()
                    said=Callback::new(move |mark| bringing.read(|reading| reading.decimal_mark = mark))/>
                {(!understood.sheets.is_empty()).then(|| {
                    let (sheet, sheets) = (understood.sheet.clone().unwrap_or_default(), understood.sheets.clone());
                    view! { <SheetChoice bringing sheet sheets/> }
                })}
                <HeaderChoice bringing header_row=understood.header_row/>
            </div>
            {understood.matrix.then(|| view! { <p class="muted small" data-test="bring-matrix">{text::bring_matrix()}</p> })}
            {understood.from_1904.then(|| view! { <p class="muted small">{text::bring_from_1904()}</p> })}
            {(understood.formulas > 0).then(|| view! { <div class="notice-box" data-test="bring-formulas">{text::bring_formulas(understood.formulas)}</div> })}
            {remembered.then(|| view! { <p class="muted small" data-test="bring-remembered">{text::bring_remembered()}</p> })}
            {open_number.map(|open| view! { <OpenNumberBox bringing open/> })}
        </section>
    }
}

/// One point of how a file is understood: as found, or as the person says.
#[component]
fn Choice<T: Copy + PartialEq + Send + Sync + 'static>(
    label: &'static str,
    test: &'static str,
    chosen: Option<T>,
    found: &'static str,
    all: Vec<(T, &'static str)>,
    said: Callback<Option<T>>,
) -> impl IntoView {
    let values: Vec<T> = all.iter().map(|(one, _)| *one).collect();
    let changed = move |event: web_sys::Event| {
        let place = event_target_value(&event).parse::<usize>().ok();
        said.run(place.and_then(|place| values.get(place).copied()));
    };
    view! {
        <label class="field"><span>{label}</span>
            <select data-test=test on:change=changed>
                <option value="" selected=chosen.is_none()>{format!("{found} ({})", text::bring_by_itself())}</option>
                {all.into_iter().enumerate().map(|(place, (one, name))| view! {
                    <option value=place.to_string() selected=chosen == Some(one)>{name}</option>
                }).collect_view()}
            </select>
        </label>
    }
}

/// The sheet of a workbook.
#[component]
fn SheetChoice(bringing: Bringing, sheet: String, sheets: Vec<String>) -> impl IntoView {
    let changed = move |event: web_sys::Event| {
        let sheet = event_target_value(&event);
        bringing.read(|reading| {
            reading.sheet = Some(sheet);
            reading.header_row = None;
        });
    };
    view! {
        <label class="field"><span>{text::bring_sheet()}</span>
            <select data-test="bring-sheet" on:change=changed>
                {sheets.into_iter().map(|name| { let selected = name == sheet; view! { <option value=name.clone() selected=selected>{name.clone()}</option> } }).collect_view()}
            </select>
        </label>
    }
}

/// The row with the names of the columns, by steps.
#[component]
fn HeaderChoice(bringing: Bringing, header_row: u32) -> impl IntoView {
    let to = move |row: u32| bringing.read(|reading| reading.header_row = Some(row));
    view! {
        <div class="field"><span>{text::bring_header_row()}</span>
            <div class="stepper" role="group" aria-label=text::bring_header_row()>
                <button type="button" class="btn tight" aria-label=text::fewer() data-test="bring-header-fewer" disabled=header_row <= 1
                    on:click=move |_| to(header_row.saturating_sub(1))>"−"</button>
                <output data-test="bring-header">{header_row}</output>
                <button type="button" class="btn tight" aria-label=text::more_of_it() data-test="bring-header-more"
                    on:click=move |_| to(header_row.saturating_add(1))>"+"</button>
            </div>
        </div>
    }
}

/// A number that can be read in two ways: the person says which it is, for the whole file.
#[component]
fn OpenNumberBox(bringing: Bringing, open: OpenNumber) -> impl IntoView {
    let cell = format!("{}{}", open.column, open.row);
    let say = move |mark: DecimalMark| bringing.read(|reading| reading.decimal_mark = Some(mark));
    view! {
        <div class="notice-box" role="alert" data-test="bring-open-number">
            <p>{text::bring_open_number(cell, open.given)}</p>
            <div class="acts">
                <button type="button" class="btn big" data-test="bring-with-comma" on:click=move |_| say(DecimalMark::Comma)>{data_words::shown(&open.with_comma)}</button>
                <button type="button" class="btn big" data-test="bring-with-point" on:click=move |_| say(DecimalMark::Point)>{data_words::shown(&open.with_point)}</button>
            </div>
        </div>
    }
}
