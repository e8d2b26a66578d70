//! Briefs of the scenarios that come with the app, as their readers get them: on two pages, on slides, as text, and their
//! assumptions as a workbook that comes in again.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod assumptions;
mod told;
mod world;

/// Every template in every language.
const TEMPLATES: [&str; 6] =
    ["cyber-attack", "demand-shock", "energy-price", "key-supplier", "new-technology", "people-leaving"];
