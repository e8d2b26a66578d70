//! A sparkline of the last hour.

use leptos::prelude::*;
use millwright_charts::{Bucket, spark};
use millwright_model::{TagBinding, TrendBucket};

/// The buckets of the model as the charts take them.
pub(crate) fn buckets(buckets: &[TrendBucket]) -> Vec<Bucket> {
    buckets
        .iter()
        .map(|bucket| Bucket { at_ms: bucket.at.0, min: bucket.min, max: bucket.max, mean: bucket.mean })
        .collect()
}

/// Draws a small trend.
#[component]
pub(crate) fn Spark(shown: Vec<TrendBucket>, binding: TagBinding) -> impl IntoView {
    let width_ms = shown
        .windows(2)
        .map(|pair| pair.last().zip(pair.first()).map_or(0, |(b, a)| b.at.since_ms(a.at)))
        .min();
    let picture = spark(
        &buckets(&shown),
        width_ms.unwrap_or(60_000),
        (binding.usual_low, binding.usual_high),
        (120, 40),
    );
    view! { <svg width="120" height="40" viewBox="0 0 120 40" aria-hidden="true" inner_html=picture></svg> }
}
