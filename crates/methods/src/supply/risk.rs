//! Each site's time-to-survive beside its time-to-recover, and what its going down would cost.

use serde::Serialize;

use super::flow::{Situation, last_not_above_0};
use super::input::{Linked, Network};
use crate::discrete::{Cancelled, Invalid};

/// What is survived for ten years is survived.
pub const HORIZON_D: f64 = 3_650.0;

/// What happens if a site goes down.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SiteRisk {
    /// Which.
    pub site: String,
    /// So long all demand is met; nothing, if that is beyond [`HORIZON_D`].
    pub time_to_survive_d: Option<f64>,
    /// As said.
    pub time_to_recover_d: f64,
    /// How long something is short; 0 if it is survived.
    pub gap_d: f64,
    /// Something is lost, TTR being above TTS.
    pub is_hidden_risk: bool,
    /// The part that runs out, however far it is from what is sold.
    pub runs_out: Option<String>,
    /// Of all products until recovery.
    pub lost_units: f64,
    /// What they would have brought.
    pub lost_margin: f64,
    /// Product by product, those that lose something.
    pub losses: Vec<ProductLoss>,
}

/// What of a product cannot be sold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProductLoss {
    /// Which.
    pub part: String,
    /// Until recovery.
    pub units: f64,
    /// What they would have brought.
    pub margin: f64,
}

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Stopped {
    /// The input cannot be.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Nobody waits any more.
    #[error("cancelled")]
    Cancelled,
}

/// All sites, in their order.
///
/// # Errors
/// [`Stopped::Invalid`] names what cannot be, also a network that cannot meet its demand with all sites up;
/// [`Stopped::Cancelled`] where nobody waited any more, which is asked before each site.
pub fn risks(network: &Network, cancelled: Cancelled<'_>) -> Result<Vec<SiteRisk>, Stopped> {
    let linked = network.link()?;
    let undisturbed = Situation::new(network, &linked, None);
    if let (Some(short_d), Some(part)) = survival(&undisturbed) {
        let place = format!("part «{}»", network.parts[part].name);
        let must =
            format!("must not run out after {short_d:.1} d with all sites up: more lanes, capacity or stock");
        return Err(Invalid::new(place, must).into());
    }
    let sites = 0..network.sites.len();
    sites
        .map(|site| if cancelled() { Err(Stopped::Cancelled) } else { Ok(risk(network, &linked, site)) })
        .collect()
}

/// How long all demand is met, if not beyond the horizon, and which part then runs out.
fn survival(situation: &Situation<'_>) -> (Option<f64>, Option<usize>) {
    let all = |end_d: f64| move |part: usize| situation.demand_per_d(part) * end_d;
    let mut high_d = 1.0_f64;
    let mut low_d = 0.0;
    while situation.shortage(high_d, &all(high_d)).0 <= 0.0 {
        if high_d >= HORIZON_D {
            return (None, None);
        }
        low_d = high_d;
        high_d = (high_d * 2.0).min(HORIZON_D);
    }
    let survived_d = last_not_above_0(low_d, high_d, &mut |end_d| situation.shortage(end_d, &all(end_d)).0);
    // A moment later it is short.
    let after_d = survived_d + 1e-6 * survived_d.max(1e-3);
    (Some(survived_d), situation.shortage(after_d, &all(after_d)).1)
}

fn risk(network: &Network, linked: &Linked, site: usize) -> SiteRisk {
    let situation = Situation::new(network, linked, Some(site));
    let (time_to_survive_d, runs_out) = survival(&situation);
    let time_to_recover_d = network.sites[site].time_to_recover_d;
    let gap_d = time_to_survive_d.map_or(0.0, |survived_d| (time_to_recover_d - survived_d).max(0.0));
    let losses = if gap_d > 0.0 { losses(network, &situation, time_to_recover_d) } else { Vec::new() };
    SiteRisk {
        site: network.sites[site].name.clone(),
        time_to_survive_d,
        time_to_recover_d,
        gap_d,
        is_hidden_risk: gap_d > 0.0,
        runs_out: runs_out.map(|part| network.parts[part].name.clone()),
        lost_units: losses.iter().map(|loss| loss.units).sum(),
        lost_margin: losses.iter().map(|loss| loss.margin).sum(),
        losses,
    }
}

/// As much as can be is sold of the product with the highest margin, then of the next.
fn losses(network: &Network, situation: &Situation<'_>, recovered_d: f64) -> Vec<ProductLoss> {
    let mut products: Vec<usize> = situation.products().collect();
    let margin = |part: usize| network.parts[part].margin_per_unit;
    products.sort_by(|one, other| margin(*other).total_cmp(&margin(*one)).then(one.cmp(other)));
    let mut sold = vec![0.0; network.parts.len()];
    let mut losses = Vec::new();
    for part in products {
        let wanted = situation.demand_per_d(part) * recovered_d;
        let mut shortage = |units: f64| {
            let of = |other: usize| if other == part { units } else { sold[other] };
            situation.shortage(recovered_d, &of).0
        };
        let units = if shortage(wanted) <= 0.0 {
            wanted
        } else if shortage(0.0) > 0.0 {
            0.0
        } else {
            last_not_above_0(0.0, wanted, &mut shortage)
        };
        sold[part] = units;
        let lost = wanted - units;
        if lost > 1e-9 * wanted {
            losses.push(ProductLoss {
                part: network.parts[part].name.clone(),
                units: lost,
                margin: lost * margin(part),
            });
        }
    }
    losses
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Component, Lane, Part, Site, Stock};
    use super::*;

    fn site(name: &str, time_to_recover_d: f64) -> Site {
        Site { name: name.to_owned(), time_to_recover_d }
    }

    fn lane(site: &str, capacity_per_d: Option<f64>, lead_time_d: f64) -> Lane {
        Lane { site: site.to_owned(), capacity_per_d, lead_time_d }
    }

    fn stock(site: &str, units: f64) -> Vec<Stock> {
        vec![Stock { site: site.to_owned(), units }]
    }

    fn needs(part: &str, quantity: f64) -> Component {
        Component { part: part.to_owned(), quantity }
    }

    fn part(name: &str) -> Part {
        Part {
            name: name.to_owned(),
            demand_per_d: 0.0,
            margin_per_unit: 0.0,
            stocks: Vec::new(),
            components: Vec::new(),
            lanes: Vec::new(),
        }
    }

    /// 100 a day of a part from one site, 300 in reach, and 40 a day from another.
    fn one_part() -> Network {
        Network {
            sites: vec![site("Maker", 14.0), site("Other maker", 2.0), site("Warehouse", 1.0)],
            parts: vec![Part {
                demand_per_d: 100.0,
                margin_per_unit: 25.0,
                stocks: stock("Warehouse", 300.0),
                lanes: vec![lane("Maker", None, 0.0), lane("Other maker", Some(40.0), 0.0)],
                ..part("Pump")
            }],
        }
    }

    fn risks_of(network: &Network) -> Vec<SiteRisk> {
        risks(network, &|| false).unwrap()
    }

    fn near(found: f64, known: f64) {
        assert!((found - known).abs() <= 1e-9 * known.abs().max(1e-3), "{found} is not {known}");
    }

    #[test]
    fn a_hidden_risk_is_found_as_in_the_vector() {
        let risks = risks_of(&one_part());
        let maker = &risks[0];
        near(maker.time_to_survive_d.unwrap(), 5.0);
        near(maker.gap_d, 9.0);
        near(maker.lost_units, 540.0);
        near(maker.lost_margin, 13_500.0);
        assert!(maker.is_hidden_risk);
        assert_eq!(maker.runs_out.as_deref(), Some("Pump"));
        assert!(
            risks[1..].iter().all(|risk| risk.time_to_survive_d.is_none() && !risk.is_hidden_risk),
            "{risks:?}"
        );
    }

    #[test]
    fn an_alternate_helps_from_its_lead_time_on() {
        let mut network = one_part();
        network.parts[0].lanes[1] = lane("Other maker", Some(40.0), 2.0);
        // 300 − 100 t, from day 2 on − 60 t: 100 left, 5/3 days more.
        let maker = &risks_of(&network)[0];
        near(maker.time_to_survive_d.unwrap(), 2.0 + 5.0 / 3.0);
        near(maker.lost_units, 1_400.0 - 300.0 - 40.0 * 12.0);
        network.parts[0].lanes[1] = lane("Other maker", Some(500.0), 4.0);
        // Nothing for a day, then more than enough: only the third day's end to the fourth's is short.
        let maker = &risks_of(&network)[0];
        near(maker.time_to_survive_d.unwrap(), 3.0);
        near(maker.lost_units, 100.0);
    }

    #[test]
    fn stock_at_the_site_that_is_down_is_out_of_reach() {
        let mut network = one_part();
        network.parts[0].stocks = stock("Maker", 300.0);
        near(risks_of(&network)[0].time_to_survive_d.unwrap(), 0.0);
        near(risks_of(&network)[0].lost_units, 14.0 * 60.0);
    }

    /// Screws (4 in a pump, 2 in a valve) from one site; both made by the plant, which has pumps in stock.
    fn two_products() -> Network {
        Network {
            sites: vec![site("Plant", 1.0), site("Screws & Co", 20.0), site("Warehouse", 0.0)],
            parts: vec![
                Part {
                    demand_per_d: 10.0,
                    margin_per_unit: 50.0,
                    stocks: stock("Warehouse", 60.0),
                    components: vec![needs("Screw", 4.0), needs("Housing", 1.0)],
                    lanes: vec![lane("Plant", Some(25.0), 0.0)],
                    ..part("Pump")
                },
                Part {
                    demand_per_d: 20.0,
                    margin_per_unit: 10.0,
                    components: vec![needs("Screw", 2.0)],
                    lanes: vec![lane("Plant", Some(30.0), 0.0)],
                    ..part("Valve")
                },
                Part { lanes: vec![lane("Warehouse", None, 0.0)], ..part("Housing") },
                Part {
                    stocks: stock("Warehouse", 400.0),
                    lanes: vec![lane("Screws & Co", None, 0.0)],
                    ..part("Screw")
                },
            ],
        }
    }

    #[test]
    fn a_part_of_several_products_lasts_until_both_need_it() {
        // Valves take 40 a day. Pumps come out of stock for 6 days, then take 40 a day too: 400 − 240 = 160 for 2 days.
        let risks = risks_of(&two_products());
        let screws = &risks[1];
        near(screws.time_to_survive_d.unwrap(), 8.0);
        assert_eq!(screws.runs_out.as_deref(), Some("Screw"));
        // 400 screws are 100 pumps and, with 60 in stock, 160 of 200 pumps in 20 days; none is left for 400 valves.
        let lost: Vec<(&str, f64)> =
            screws.losses.iter().map(|loss| (loss.part.as_str(), loss.units.round())).collect();
        assert_eq!(lost, [("Pump", 40.0), ("Valve", 400.0)]);
        near(screws.lost_margin, 40.0 * 50.0 + 400.0 * 10.0);
        // Without the plant, valves are short at once.
        near(risks[0].time_to_survive_d.unwrap(), 0.0);
        assert_eq!(risks[0].runs_out.as_deref(), Some("Valve"));
    }

    #[test]
    fn what_can_only_be_made_slowly_is_begun_early() {
        // A second plant makes 6 of the 10 pumps a day, 9 in stock there; the first is down. From day 5 it makes 20. By day 5
        // 50 are sold and 30 + 20 there: just enough, if it begins at once.
        let mut network = two_products();
        network.sites.push(site("Second plant", 0.0));
        network.parts.truncate(1);
        network.parts[0].components.clear();
        network.parts[0].stocks = stock("Warehouse", 20.0);
        network.parts[0].lanes.push(lane("Second plant", Some(6.0), 0.0));
        network.parts[0].lanes.push(lane("Second plant", Some(14.0), 5.0));
        assert_eq!(risks_of(&network)[0].time_to_survive_d, None);
        network.parts[0].stocks[0].units = 19.0;
        near(risks_of(&network)[0].time_to_survive_d.unwrap(), 19.0 / 4.0);
    }

    #[test]
    fn errors_name_the_place() {
        let error = |change: fn(&mut Network)| {
            let mut network = two_products();
            change(&mut network);
            risks(&network, &|| false).unwrap_err().to_string()
        };
        assert_eq!(
            error(|network| network.parts[3].components = vec![needs("Valve", 1.0)]),
            "part «Valve»: must not be made of itself: «Valve» needs «Screw» needs «Valve»"
        );
        assert_eq!(
            error(|network| network.parts[0].components[0].part = "Bolt".to_owned()),
            "part «Pump»: must not name the part «Bolt», which is unknown"
        );
        assert_eq!(
            error(|network| network.parts[1].lanes[0].site = "Nowhere".to_owned()),
            "part «Valve»: must not name the site «Nowhere», which is unknown"
        );
        assert_eq!(
            error(|network| network.parts[0].components[0].quantity = 0.0),
            "part «Pump»: quantity of «Screw» must be above 0"
        );
        assert_eq!(
            error(|network| network.sites[1].name = "Plant".to_owned()),
            "site «Plant»: must be there only once"
        );
        assert_eq!(
            error(|network| network.parts[3].lanes[0].capacity_per_d = Some(-1.0)),
            "part «Screw»: lane from «Screws & Co»: capacity must be 0 or more, and below a million millions"
        );
        assert_eq!(
            error(|network| network.parts[1].lanes[0].capacity_per_d = Some(15.0)),
            "part «Valve»: must not run out after 0.0 d with all sites up: more lanes, capacity or stock"
        );
    }

    #[test]
    fn a_look_for_which_nobody_waits_ends() {
        assert_eq!(risks(&two_products(), &|| true), Err(Stopped::Cancelled));
    }

    const STEP_D: f64 = 0.002;

    /// By small steps of time: as much as can be is made of everything at each, for a chain of parts. Lanes begin with a step:
    /// then all that was made up to its end is exact, however slowly a stock runs dry.
    fn chain_survives_d(stocks: &[f64], capacities: &[f64], lead_steps: &[u32], demand_per_d: f64) -> f64 {
        let mut held = stocks.to_vec();
        for step in 0..50_000 {
            // From the raw part, which is the last, to the product.
            for part in (0..held.len()).rev() {
                let can = if step >= lead_steps[part] { capacities[part] * STEP_D } else { 0.0 };
                let made = if part + 1 < held.len() { can.min(held[part + 1]) } else { can };
                held[part] += made;
                if part + 1 < held.len() {
                    held[part + 1] -= made;
                }
            }
            held[0] -= demand_per_d * STEP_D;
            if held[0] < -1e-9 {
                return f64::from(step) * STEP_D;
            }
        }
        f64::INFINITY
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// A chain is short exactly when it runs dry with everything made as soon as can be.
        #[test]
        fn a_chain_survives_as_long_as_step_by_step(
            tiers in prop::collection::vec((0.0_f64..200.0, 0.0_f64..20.0, 0_u32..3_000), 1..5),
        ) {
            let name = |tier: usize| format!("tier {tier}");
            let parts = tiers.iter().enumerate().map(|(tier, (units, capacity, lead_steps))| Part {
                demand_per_d: if tier == 0 { 10.0 } else { 0.0 },
                stocks: stock("Warehouse", *units),
                components: if tier + 1 < tiers.len() { vec![needs(&name(tier + 1), 1.0)] } else { Vec::new() },
                lanes: vec![lane("Down", None, 0.0), lane("Warehouse", Some(*capacity), f64::from(*lead_steps) * STEP_D)],
                ..part(&name(tier))
            });
            let network = Network { sites: vec![site("Down", 1.0), site("Warehouse", 1.0)], parts: parts.collect() };
            let found = risks_of(&network)[0].time_to_survive_d.unwrap_or(f64::INFINITY);
            let of = |which: fn(&(f64, f64, u32)) -> f64| tiers.iter().map(which).collect::<Vec<f64>>();
            let lead_steps: Vec<u32> = tiers.iter().map(|tier| tier.2).collect();
            let stepped = chain_survives_d(&of(|tier| tier.0), &of(|tier| tier.1), &lead_steps, 10.0);
            if stepped < 99.0 {
                prop_assert!((found - stepped).abs() < 2.0 * STEP_D, "{} is not {}", found, stepped);
            } else {
                prop_assert!(found > 98.0, "{} lasts", found);
            }
        }
    }
}
