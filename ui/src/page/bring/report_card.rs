//! What would happen, or happened: new, changed, as they were, refused; and the one button that brings it in.

use leptos::prelude::*;
use millwright_model::{DataReport, TakenRow};

use super::state::Bringing;
use crate::data_words;
use crate::icon::Glyph;
use crate::part::{Empty, Icon};
use crate::text;

/// Which rows are shown.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Tab {
    New,
    Changed,
    Same,
    Refused,
}

impl Tab {
    const ALL: [Self; 4] = [Self::New, Self::Changed, Self::Same, Self::Refused];

    fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Same => "same",
            Self::Refused => "refused",
        }
    }

    fn count(self, report: &DataReport) -> i64 {
        match self {
            Self::New => report.new,
            Self::Changed => report.changed,
            Self::Same => report.same,
            Self::Refused => report.refused,
        }
    }

    fn name(self, count: i64) -> String {
        match self {
            Self::New => text::bring_new(count),
            Self::Changed => text::bring_changed(count),
            Self::Same => text::bring_same(count),
            Self::Refused => text::bring_refused(count),
        }
    }

    /// The rows as lines.
    fn lines(self, report: &DataReport) -> Vec<String> {
        let taken = |rows: &[TakenRow]| {
            rows.iter()
                .map(|row| {
                    let changes = (!row.fields.is_empty()).then(|| {
                        format!(", {}", text::bring_changes(data_words::fields(row.fields.iter().copied())))
                    });
                    let row = text::bring_refused_row(row.row, &row.label);
                    format!("{row}{}", changes.unwrap_or_default())
                })
                .collect()
        };
        match self {
            Self::New => taken(&report.new_rows),
            Self::Changed => taken(&report.changed_rows),
            Self::Same => taken(&report.same_rows),
            Self::Refused => report.refused_rows.iter().map(data_words::refusal).collect(),
        }
    }
}

/// What the rows of the file do.
#[component]
pub(super) fn ReportCard(bringing: Bringing, report: DataReport) -> impl IntoView {
    let happened = report.done.is_some();
    let to_bring = report.new + report.changed;
    // What needs a person is shown first.
    let tab = RwSignal::new(if report.refused > 0 {
        Tab::Refused
    } else if report.new == 0 && report.changed > 0 {
        Tab::Changed
    } else {
        Tab::New
    });
    let report = StoredValue::new(report);
    let refused = report.with_value(|report| report.refused);
    view! {
        <section class="card form" data-test="bring-report">
            <h2>{if happened { text::bring_happened() } else { text::bring_would() }}</h2>
            <nav class="tags" role="tablist">
                {Tab::ALL.map(|choice| {
                    let on = move || tab.get() == choice;
                    let name = report.with_value(|report| choice.name(choice.count(report)));
                    view! { <button type="button" class="chip" role="tab" class:on=on aria-selected=move || on().to_string()
                        data-test=format!("bring-tab-{}", choice.as_str()) on:click=move |_| tab.set(choice)>{name}</button> }
                })}
            </nav>
            {move || {
                let tab = tab.get();
                let (lines, count) = report.with_value(|report| (tab.lines(report), tab.count(report)));
                let told = lines.len();
                let cut = told as i64 != count;
                view! {
                    <div class="rows brought selectable" data-test="bring-lines">
                        {lines.is_empty().then(|| view! { <Empty says=text::bring_none()/> })}
                        {lines.into_iter().map(|line| view! { <div class="row fit">{(tab == Tab::Refused).then(|| view! { <i class="sq"></i> })}<span class="grow pre">{line}</span></div> }).collect_view()}
                    </div>
                    {cut.then(|| view! { <p class="muted small">{text::bring_told(told, count)}</p> })}
                }
            }}
            {(refused > 0).then(|| view! {
                <p class="muted small">{text::bring_save_refused_more()}</p>
                <div class="acts"><button class="btn big" data-test="bring-save-refused" on:click=move |_| bringing.save_refused()>{text::bring_save_refused()}</button></div>
            })}
            {(!happened).then(|| if to_bring > 0 {
                view! { <div class="acts end"><button class="btn primary" data-test="bring-go" disabled=move || bringing.busy.get()
                    on:click=move |_| bringing.bring(false)><Icon glyph=Glyph::Check/>{text::bring_go(to_bring)}</button></div> }.into_any()
            } else {
                view! { <Empty says=text::bring_nothing()/> }.into_any()
            })}
        </section>
    }
}
