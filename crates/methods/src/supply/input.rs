//! Sites, the parts that they give, and what is made of what; names become places, and what cannot be is named.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::discrete::Invalid;

/// More sites are not looked at.
pub const SITES_MAX: usize = 2_000;
/// More parts are not.
pub const PARTS_MAX: usize = 5_000;
/// More lanes, components and stocks of all parts together are not, of each.
pub const LANES_MAX: usize = 20_000;
/// No figure is larger.
const LARGEST: f64 = 1e12;

/// Everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// What can go down.
    pub sites: Vec<Site>,
    /// What is bought, made and sold.
    pub parts: Vec<Part>,
}

/// A supplier's place, a plant, a warehouse.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// By which lanes and stocks name it.
    pub name: String,
    /// From going down to working as before.
    pub time_to_recover_d: f64,
}

/// A part or a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// By which components name it.
    pub name: String,
    /// Sold as it is, beside what goes into others.
    #[serde(default)]
    pub demand_per_d: f64,
    /// Lost with each that is not sold.
    #[serde(default)]
    pub margin_per_unit: f64,
    /// Where it lies.
    #[serde(default)]
    pub stocks: Vec<Stock>,
    /// What one is made of: the bill of materials. Nothing, for what is bought.
    #[serde(default)]
    pub components: Vec<Component>,
    /// Where it comes from.
    #[serde(default)]
    pub lanes: Vec<Lane>,
}

/// Some of a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// Where: out of reach while this is down.
    pub site: String,
    /// How much.
    pub units: f64,
}

/// What goes into a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Which.
    pub part: String,
    /// How many in each.
    pub quantity: f64,
}

/// A way by which a part is supplied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    /// From where: stands while this is down.
    pub site: String,
    /// At most so many; as many as are wanted, if nothing is said.
    #[serde(default)]
    pub capacity_per_d: Option<f64>,
    /// An alternate: from the call to the first delivery. 0 for a lane that is in use.
    #[serde(default)]
    pub lead_time_d: f64,
}

/// The network with places instead of names.
pub(super) struct Linked {
    /// Products before what they are made of.
    pub order: Vec<usize>,
    /// Of each part: component and quantity.
    pub components: Vec<Vec<(usize, f64)>>,
    /// Of each part: site and units.
    pub stocks: Vec<Vec<(usize, f64)>>,
    /// Of each part: site, capacity and lead time.
    pub lanes: Vec<Vec<(usize, f64, f64)>>,
}

impl Network {
    /// Whether it can be looked at.
    ///
    /// # Errors
    /// [`Invalid`] names the first place at which it cannot: a figure, a name that is unknown or twice there, a circle.
    pub fn check(&self) -> Result<(), Invalid> {
        self.link().map(drop)
    }

    pub(super) fn link(&self) -> Result<Linked, Invalid> {
        within("network", "sites", self.sites.len(), SITES_MAX)?;
        within("network", "parts", self.parts.len(), PARTS_MAX)?;
        within("network", "lanes", self.parts.iter().map(|part| part.lanes.len()).sum(), LANES_MAX)?;
        within(
            "network",
            "components",
            self.parts.iter().map(|part| part.components.len()).sum(),
            LANES_MAX,
        )?;
        within("network", "stocks", self.parts.iter().map(|part| part.stocks.len()).sum(), LANES_MAX)?;
        let sites = places("site", self.sites.iter().map(|site| &site.name))?;
        let parts = places("part", self.parts.iter().map(|part| &part.name))?;
        for site in &self.sites {
            not_negative(&format!("site «{}»", site.name), "time to recover", site.time_to_recover_d)?;
        }
        let mut linked =
            Linked { order: Vec::new(), components: Vec::new(), stocks: Vec::new(), lanes: Vec::new() };
        for part in &self.parts {
            let place = format!("part «{}»", part.name);
            let site = |name: &String| known(&sites, name, &place, "site");
            not_negative(&place, "demand", part.demand_per_d)?;
            not_negative(&place, "margin", part.margin_per_unit)?;
            let mut components = Vec::with_capacity(part.components.len());
            for Component { part: name, quantity } in &part.components {
                if !(*quantity > 0.0 && *quantity <= LARGEST) {
                    return Err(Invalid::new(place, format!("quantity of «{name}» must be above 0")));
                }
                components.push((known(&parts, name, &place, "part")?, *quantity));
            }
            let mut stocks = Vec::with_capacity(part.stocks.len());
            for stock in &part.stocks {
                not_negative(&place, &format!("stock at «{}»", stock.site), stock.units)?;
                stocks.push((site(&stock.site)?, stock.units));
            }
            let mut lanes = Vec::with_capacity(part.lanes.len());
            for lane in &part.lanes {
                let of_lane = format!("{place}: lane from «{}»", lane.site);
                not_negative(&of_lane, "lead time", lane.lead_time_d)?;
                if let Some(capacity_per_d) = lane.capacity_per_d {
                    not_negative(&of_lane, "capacity", capacity_per_d)?;
                }
                lanes.push((
                    site(&lane.site)?,
                    lane.capacity_per_d.unwrap_or(f64::INFINITY),
                    lane.lead_time_d,
                ));
            }
            linked.components.push(components);
            linked.stocks.push(stocks);
            linked.lanes.push(lanes);
        }
        linked.order = self.products_first(&linked.components)?;
        Ok(linked)
    }

    /// Each part after all that it goes into.
    fn products_first(&self, components: &[Vec<(usize, f64)>]) -> Result<Vec<usize>, Invalid> {
        let mut uses = vec![0_usize; components.len()];
        components.iter().flatten().for_each(|(component, _)| uses[*component] += 1);
        let mut order: Vec<usize> = (0..components.len()).filter(|part| uses[*part] == 0).collect();
        let mut next = 0;
        while let Some(part) = order.get(next).copied() {
            next += 1;
            for (component, _) in &components[part] {
                uses[*component] -= 1;
                if uses[*component] == 0 {
                    order.push(*component);
                }
            }
        }
        let Some(left) = uses.iter().position(|uses| *uses > 0) else { return Ok(order) };
        // From a part that is left over, by components that are, one comes round.
        let mut way = vec![left];
        let mut at = left;
        // A part that only goes into a circle's parts is left over too, but always has a user that is; go against the uses.
        while let Some(user) = (0..components.len())
            .find(|user| uses[*user] > 0 && components[*user].iter().any(|(component, _)| *component == at))
        {
            if let Some(first) = way.iter().position(|part| *part == user) {
                way.drain(..first);
                way.push(user);
                break;
            }
            way.push(user);
            at = user;
        }
        let names: Vec<String> =
            way.iter().rev().map(|part| format!("«{}»", self.parts[*part].name)).collect();
        let place = format!("part {}", names.first().map_or("", String::as_str));
        Err(Invalid::new(place, format!("must not be made of itself: {}", names.join(" needs "))))
    }
}

fn places<'a>(
    what: &str,
    names: impl Iterator<Item = &'a String>,
) -> Result<HashMap<&'a str, usize>, Invalid> {
    let mut places = HashMap::new();
    for (place, name) in names.enumerate() {
        if places.insert(name.as_str(), place).is_some() {
            return Err(Invalid::new(format!("{what} «{name}»"), "must be there only once"));
        }
    }
    Ok(places)
}

fn known(places: &HashMap<&str, usize>, name: &str, place: &str, what: &str) -> Result<usize, Invalid> {
    let unknown = || Invalid::new(place, format!("must not name the {what} «{name}», which is unknown"));
    places.get(name).copied().ok_or_else(unknown)
}

fn within(place: &str, what: &str, many: usize, most: usize) -> Result<(), Invalid> {
    if many <= most {
        Ok(())
    } else {
        Err(Invalid::new(place, format!("number of {what} must be at most {most}")))
    }
}

fn not_negative(place: &str, name: &str, value: f64) -> Result<(), Invalid> {
    if (0.0..=LARGEST).contains(&value) {
        Ok(())
    } else {
        Err(Invalid::new(place, format!("{name} must be 0 or more, and below a million millions")))
    }
}
