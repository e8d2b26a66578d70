//! A supply network under disruption: how long it survives without one of its sites, and what is lost until that recovers.
//!
//! Time-to-survive (TTS) is the longest that all demand can be met after a site went down; time-to-recover (TTR) is how long
//! the site takes to come back. Where TTR is above TTS, something is lost: the site is a hidden risk, however small its own
//! turnover. Method: Simchi-Levi et al., «Identifying Risks and Mitigating Disruptions in the Automotive Supply Chain»,
//! Interfaces 45(5), 2015, doi 10.1287/inte.2015.0804.
//!
//! What is assumed, beside what the input says:
//! - All flows are even over the day and start at once; what is in transit counts as stock if it is put there. Making a part
//!   takes its components at the moment it is made.
//! - Demand that is not met is lost, not put off. Stock at the site that is down cannot be reached until it recovers.
//! - Capacities are each lane's own. A lane that starts later is called at the moment of the disruption.
//! - One site is down at a time, and as a whole.
//!
//! Under these the time-to-survive is exact, also for parts of several products, over any number of tiers: each part is made
//! as late as its capacity allows, which needs the least of everything before it, and what is needed is compared with what
//! there is at every moment (see `flow`). What is lost until recovery is the least possible where one product is affected;
//! of several, those of the higher margin are served first.

mod curve;
mod flow;
mod input;
mod risk;

pub use input::{Component, LANES_MAX, Lane, Network, PARTS_MAX, Part, SITES_MAX, Site, Stock};
pub use risk::{HORIZON_D, ProductLoss, SiteRisk, Stopped, risks};
