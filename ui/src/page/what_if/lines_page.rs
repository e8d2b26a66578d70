//! The lines that can be tried out.

use leptos::prelude::*;
use millwright_model::{CacheTag, WhatIfLine, WhatIfLines};

use crate::icon::Glyph;
use crate::page::plan_tabs::PlanTabs;
use crate::part::{Empty, Icon};
use crate::query::{query, shown};
use crate::route::Route;
use crate::text;

/// The list.
#[component]
pub(crate) fn WhatIfLinesPage() -> impl IntoView {
    let lines = query(|| WhatIfLines {}, vec![CacheTag::Assets]);
    view! {
        <div class="page" data-test="page-what-if-lines">
            <div class="head"><h1 class="grow">{text::what_if()}</h1><PlanTabs here=Route::WhatIfLines/></div>
            <p class="muted">{text::what_if_about()}</p>
            {shown(lines, move |lines| view! {
                {move || {
                    let all = lines.get();
                    if all.is_empty() {
                        return view! { <section class="card"><Empty says=text::what_if_no_lines()/></section> }.into_any();
                    }
                    view! { <section class="card"><div class="rows">{all.into_iter().map(row).collect_view()}</div></section> }.into_any()
                }}
            }.into_any())}
        </div>
    }
}

fn row(line: WhatIfLine) -> impl IntoView {
    let test = format!("line-{}", line.code);
    let count = text::what_if_machines(line.machine_count);
    view! {
        <a class="row fit" href=Route::WhatIf(line.line_id).hash() data-test=test><Icon glyph=Glyph::ChartLine/>
            <span class="grow"><b>{line.name}</b><div class="muted small">{line.code}" · "{count}</div></span><Icon glyph=Glyph::ChevronRight/></a>
    }
}
