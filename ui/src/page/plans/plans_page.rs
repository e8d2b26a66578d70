//! All maintenance plans, those with an order or due first in front.

use leptos::prelude::*;

use super::plans_card::PlansCard;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::route::{Route, WorkList};
use crate::text;

/// The list of all.
#[component]
pub(crate) fn PlansPage() -> impl IntoView {
    view! {
        <div class="page" data-test="page-plans">
            <div class="head"><a class="btn tight" aria-label=text::back() href=Route::Work(WorkList::Open).hash() data-test="back"><Icon glyph=Glyph::ChevronLeft/></a>
                <h1 class="grow">{text::plans()}</h1></div>
            <PlansCard asset_id=None/>
        </div>
    }
}
