//! Writing a step: what is to be done, what it asks for, whether the order may be closed without it.

use leptos::prelude::*;
use millwright_model::StepDraft;

use crate::draft::{StepKind, Typed};
use crate::icon::Glyph;
use crate::part::{Icon, Stepper, TextField};
use crate::text;

/// As many choices as a step can have.
const OPTIONS_MAX: usize = 12;

/// What is being typed, field by field. It lives as long as the component that made it, whatever opens the form.
#[derive(Copy, Clone)]
pub(crate) struct StepEntry {
    title: RwSignal<String>,
    kind: RwSignal<StepKind>,
    unit: RwSignal<String>,
    low: RwSignal<String>,
    high: RwSignal<String>,
    decimals: RwSignal<i64>,
    options: [RwSignal<String>; OPTIONS_MAX],
    option_count: RwSignal<usize>,
    meaning: RwSignal<String>,
    mandatory: RwSignal<bool>,
}

impl StepEntry {
    /// An empty form.
    pub(crate) fn new() -> Self {
        let field = || RwSignal::new(String::new());
        Self {
            title: field(),
            kind: RwSignal::new(StepKind::default()),
            unit: field(),
            low: field(),
            high: field(),
            decimals: RwSignal::new(0),
            options: std::array::from_fn(|_| field()),
            option_count: RwSignal::new(2),
            meaning: field(),
            mandatory: RwSignal::new(false),
        }
    }

    /// Begins with a step that is to be changed, or with nothing.
    pub(crate) fn fill(self, draft: Option<&StepDraft>) {
        let typed = draft.map(Typed::of).unwrap_or_default();
        self.option_count.set(typed.options.len().clamp(2, OPTIONS_MAX));
        let mut options = typed.options.into_iter();
        for option in self.options {
            option.set(options.next().unwrap_or_default());
        }
        self.title.set(typed.title);
        self.meaning.set(typed.meaning);
        self.kind.set(typed.kind);
        self.unit.set(typed.unit);
        self.low.set(typed.low);
        self.high.set(typed.high);
        self.decimals.set(i64::from(typed.decimals));
        self.mandatory.set(typed.mandatory);
    }

    fn typed(self) -> Typed {
        Typed {
            title: self.title.get(),
            kind: self.kind.get(),
            unit: self.unit.get(),
            low: self.low.get(),
            high: self.high.get(),
            decimals: self.decimals.get().clamp(0, 6) as u8,
            options: self.options.iter().take(self.option_count.get()).map(|option| option.get()).collect(),
            meaning: self.meaning.get(),
            mandatory: self.mandatory.get(),
        }
    }

    /// The step, once everything it needs is there.
    pub(crate) fn draft(self) -> Option<StepDraft> {
        self.typed().draft()
    }
}

fn kind_name(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Check => text::step_kind_check(),
        StepKind::Inspection => text::step_kind_inspection(),
        StepKind::Number => text::step_kind_number(),
        StepKind::Text => text::step_kind_text(),
        StepKind::Choice => text::step_kind_choice(),
        StepKind::Photo => text::step_kind_photo(),
        StepKind::Signature => text::step_kind_signature(),
    }
}

/// The form of a step.
#[component]
pub(crate) fn StepEdit(
    entry: StepEntry,
    /// Enter was pressed in the title.
    entered: Callback<()>,
) -> impl IntoView {
    let StepEntry { title, kind, unit, low, high, decimals, options, option_count, meaning, mandatory } =
        entry;
    let crossed = Memo::new(move |_| entry.typed().limits_cross());
    view! {
        <div class="form">
            <TextField label=text::step_title() value=title test="step-add-title" focused=true entered/>
            <div class="choice" role="radiogroup" aria-label=text::step_kind()>
                {StepKind::ALL.map(|choice| view! {
                    <button type="button" class="btn" role="radio" class:on=move || kind.get() == choice aria-checked=move || (kind.get() == choice).to_string()
                        data-test=format!("step-kind-{}", choice.as_str()) on:click=move |_| kind.set(choice)>{kind_name(choice)}</button>
                })}
            </div>
            <Show when=move || kind.get() == StepKind::Number>
                <div class="form two">
                    <TextField label=text::tag_unit() value=unit test="step-unit"/>
                    <TextField label=text::limit_from() value=low test="step-low"/>
                    <TextField label=text::limit_to() value=high test="step-high"/>
                    <div class="field"><span>{text::step_decimals()}</span><Stepper count=decimals least=0 most=6 test="step-decimals"/></div>
                </div>
                <Show when=move || crossed.get()><div class="notice-box" role="alert">{text::limits_wrong()}</div></Show>
            </Show>
            <Show when=move || kind.get() == StepKind::Choice>
                <div class="form two">
                    {move || options.into_iter().take(option_count.get()).enumerate().map(|(place, option)| view! {
                        <TextField label=text::step_option(place + 1) value=option test=format!("step-option-{place}")/>
                    }).collect_view()}
                </div>
                <div class="acts"><button type="button" class="btn" data-test="step-option-add" disabled={move || option_count.get() >= OPTIONS_MAX}
                    on:click=move |_| option_count.update(|count| *count += 1)><Icon glyph=Glyph::Plus/>{text::step_option_add()}</button></div>
            </Show>
            <Show when=move || kind.get() == StepKind::Signature>
                <TextField label=text::sign_meaning() value=meaning test="step-meaning"/>
            </Show>
            <label class="check"><input type="checkbox" data-test="step-mandatory" prop:checked=mandatory
                on:change=move |event| mandatory.set(event_target_checked(&event))/>{text::step_mandatory()}</label>
        </div>
    }
}
