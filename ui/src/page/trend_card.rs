//! The trend of a tag: ranges, following live, every spike kept, gaps shown as gaps.

use std::time::Duration;

use leptos::prelude::*;
use millwright_charts::{Bucket, Trend, trend};
use millwright_model::{TagBinding, TagHistory, TimestampMs, TrendView};

use crate::calendar;
use crate::figure;
use crate::query::{query, shown};
use crate::session::Session;
use crate::text;
use crate::words;

const HOUR_MS: i64 = 3_600_000;
/// As many as there are pixels to show them.
const BUCKETS: u32 = 360;

/// How far back.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Range {
    Hour,
    Shift,
    Day,
    Month,
}

impl Range {
    const ALL: [Self; 4] = [Self::Hour, Self::Shift, Self::Day, Self::Month];

    fn span_ms(self) -> i64 {
        match self {
            Self::Hour => HOUR_MS,
            Self::Shift => 8 * HOUR_MS,
            Self::Day => 24 * HOUR_MS,
            Self::Month => 30 * 24 * HOUR_MS,
        }
    }

    fn name(self) -> String {
        match self {
            Self::Hour => text::span_hours(1),
            Self::Shift => text::span_hours(8),
            Self::Day => text::span_days(1),
            Self::Month => text::span_days(30),
        }
    }
}

/// A tag's trend.
#[component]
pub(crate) fn TrendCard(binding: TagBinding) -> impl IntoView {
    let session = Session::here();
    let range = RwSignal::new(Range::Hour);
    let follow = RwSignal::new(true);
    let until = RwSignal::new(session.now.get_untracked());
    let ticking = set_interval_with_handle(
        move || {
            if follow.get_untracked() {
                until.set(session.now.get_untracked())
            }
        },
        Duration::from_secs(5),
    );
    on_cleanup(move || {
        if let Ok(handle) = ticking {
            handle.clear()
        }
    });
    let series = binding.series.clone();
    let history = query(
        move || {
            let to = until.get();
            TagHistory {
                series: series.clone(),
                from: to.plus_ms(-range.get().span_ms()),
                to,
                buckets: BUCKETS,
            }
        },
        Vec::new(),
    );
    let title = format!("{}, {}", binding.name, figure::unit(&binding.unit));
    let usual = words::usual(&binding);
    let shown_binding = StoredValue::new(binding);
    let area = NodeRef::<leptos::html::Div>::new();
    view! {
        <section class="card" data-test="trend">
            <div class="head"><h2 class="grow">{title}</h2>
                <div class="tags">
                    {Range::ALL.map(|choice| view! { <button class="chip" class:on=move || range.get() == choice
                        data-test=format!("trend-{}", choice.span_ms() / HOUR_MS) on:click=move |_| { until.set(session.now.get_untracked()); range.set(choice) }>{choice.name()}</button> })}
                    <button class="chip" class:on=follow data-test="trend-follow" on:click=move |_| follow.update(|follow| *follow = !*follow)>{text::follow_live()}</button>
                </div>
            </div>
            <div node_ref=area>
            {shown(history, move |history| {
                let picture = move || {
                    let width = area.get().map_or(760, |area| area.client_width()).clamp(280, 1600) as u32;
                    let size = (width, 300);
                    let inner = history.with(|history| shown_binding.with_value(|binding| draw(history, binding, until.get_untracked(), range.get_untracked(), size)));
                    view! { <svg class="chart" viewBox=format!("0 0 {} {}", size.0, size.1) role="img" aria-label=text::trend() inner_html=inner></svg> }
                };
                let usual = usual.clone();
                let below = move || {
                    let samples = history.with(|history| history.samples);
                    [usual.clone(), Some(text::trend_shade().to_owned()), Some(text::samples(figure::grouped(samples)))].into_iter().flatten().collect::<Vec<_>>().join(" · ")
                };
                view! { {picture}<div class="muted small">{below}</div> }.into_any()
            })}
            </div>
        </section>
    }
}

fn draw(
    history: &TrendView,
    binding: &TagBinding,
    to: TimestampMs,
    range: Range,
    size: (u32, u32),
) -> String {
    let buckets: Vec<Bucket> = history
        .buckets
        .iter()
        .map(|bucket| Bucket { at_ms: bucket.at.0, min: bucket.min, max: bucket.max, mean: bucket.mean })
        .collect();
    let by_day = matches!(range, Range::Month);
    let asked = Trend {
        buckets: &buckets,
        bucket_ms: history.bucket_ms.max(1),
        from_ms: to.0 - range.span_ms(),
        to_ms: to.0,
        usual: (binding.usual_low, binding.usual_high),
        limits: (binding.limit_low, binding.limit_high),
        time_label: &|at| {
            if by_day { calendar::day(TimestampMs(at)) } else { calendar::time(TimestampMs(at)) }
        },
        number_label: &figure::measured,
        limit_label: &|limit| text::limit_named(figure::plain(limit)),
    };
    trend(&asked, size).unwrap_or_default()
}
