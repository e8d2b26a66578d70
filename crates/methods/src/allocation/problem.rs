//! What is to be allocated: resources, activities and demands by their names; what cannot be is named.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::discrete::Invalid;

/// More resources are not looked at.
pub const RESOURCES_MAX: usize = 1_000;
/// More activities are not.
pub const ACTIVITIES_MAX: usize = 5_000;
/// More demands are not.
pub const DEMANDS_MAX: usize = 2_000;
/// More uses of resources and ways of meeting demands together are not.
pub const TERMS_MAX: usize = 50_000;
/// No figure is larger.
pub const LARGEST: f64 = 1e12;
/// No amount of an activity is larger: what would go beyond has no limit.
pub const FAR: f64 = 1e9;
/// Figures of one resource or demand lie within this ratio: solvers lose the small ones beside the large ones.
const SPREAD_MOST: f64 = 1e9;
const NAME_MAX: usize = 200;

/// Everything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// What it is about.
    #[serde(default)]
    pub title: String,
    /// What is best.
    #[serde(default)]
    pub aim: Aim,
    /// In what gain and cost are told.
    #[serde(default)]
    pub unit: String,
    /// What there is.
    #[serde(default, rename = "resource", alias = "resources")]
    pub resources: Vec<Resource>,
    /// What can be done with it.
    #[serde(rename = "activity", alias = "activities")]
    pub activities: Vec<Activity>,
    /// What is wanted.
    #[serde(default, rename = "demand", alias = "demands")]
    pub demands: Vec<Demand>,
}

/// What is best, once demands are served.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aim {
    /// Gains less costs, as high as can be.
    #[default]
    MostGain,
    /// Costs less gains, as low as can be.
    LeastCost,
}

/// Machine hours, energy, material, room on a truck.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// By which activities name it.
    pub name: String,
    /// No more than this is used.
    pub capacity: f64,
    /// In what that is told.
    #[serde(default)]
    pub unit: String,
}

/// Making a product, sending along a lane, an hour of overtime.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// By which demands name it.
    pub name: String,
    /// In what its amount is told.
    #[serde(default)]
    pub unit: String,
    /// At least so much.
    #[serde(default)]
    pub least: f64,
    /// At most so much; as much as the rest allows, if nothing is said.
    #[serde(default)]
    pub most: Option<f64>,
    /// Whether only whole amounts are possible.
    #[serde(default)]
    pub whole: bool,
    /// Of each resource, for one unit. Below 0 where the activity gives it instead, as overtime gives hours.
    #[serde(default)]
    pub uses: BTreeMap<String, f64>,
    /// By each unit.
    #[serde(default)]
    pub gain: f64,
    /// By each unit.
    #[serde(default)]
    pub cost: f64,
    /// Once, if it is done at all: a set-up, a lease.
    #[serde(default)]
    pub fixed_cost: f64,
    /// If it is done at all, then so much: the smallest lot.
    #[serde(default)]
    pub least_if_any: f64,
    /// As much of it as can be, before what has a higher number and before value. 1 comes first.
    #[serde(default)]
    pub priority: Option<u8>,
}

/// What somebody wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// Of whom, or what for.
    pub name: String,
    /// So much.
    pub amount: f64,
    /// In what that is told.
    #[serde(default)]
    pub unit: String,
    /// Which activities meet it, and by how much with each of their units.
    pub met_by: BTreeMap<String, f64>,
    /// 1 comes first. Without one it must be met, or there is no allocation.
    #[serde(default)]
    pub priority: Option<u8>,
}

/// The problem with places instead of names.
#[derive(Debug)]
pub(super) struct Linked {
    /// Of each resource: activity, and use by one unit.
    pub uses: Vec<Vec<(usize, f64)>>,
    /// Of each demand: activity, and how much one unit meets.
    pub meets: Vec<Vec<(usize, f64)>>,
}

impl Activity {
    /// By one unit, for the aim of the most gain.
    #[cfg(feature = "native")]
    pub(super) fn earns(&self) -> f64 {
        self.gain - self.cost
    }

    /// Whether being done at all is a choice of its own.
    pub(super) fn has_switch(&self) -> bool {
        self.fixed_cost > 0.0 || self.least_if_any > 0.0
    }

    /// No more than this, in any case.
    pub(super) fn bound(&self) -> f64 {
        self.most.unwrap_or(FAR)
    }

    fn check(&self) -> Result<(), Invalid> {
        let place = format!("activity «{}»", self.name);
        let wrong = |must: &str| Err(Invalid::new(&place, must));
        if !(0.0..=FAR).contains(&self.least) || !self.most.is_none_or(|most| (0.0..=FAR).contains(&most)) {
            return wrong("least and most must be 0 or more, and at most a thousand millions");
        }
        if self.most.is_some_and(|most| most < self.least) {
            return wrong("most must not be below least");
        }
        if self.whole && self.most.is_some_and(|most| most.floor() < self.least.ceil()) {
            return wrong("a whole number must lie between least and most");
        }
        for (name, figure) in [("gain", self.gain), ("cost", self.cost)] {
            within(&place, name, figure)?;
        }
        for (name, figure) in [("fixed cost", self.fixed_cost), ("least if any", self.least_if_any)] {
            not_negative(&place, name, figure)?;
        }
        if self.has_switch() && self.most.is_none() {
            return wrong("most must be said where there is a fixed cost or a smallest lot");
        }
        if self.least_if_any > self.bound() {
            return wrong("least if any must not be above most");
        }
        if self.priority.is_some() && self.most.is_none() {
            return wrong("most must be said where there is a priority: up to there it comes first");
        }
        priority(&place, self.priority)
    }
}

impl Problem {
    /// Whether it can be looked at.
    ///
    /// # Errors
    /// [`Invalid`] names the first place at which it cannot: a figure, a name that is unknown or twice there.
    pub fn check(&self) -> Result<(), Invalid> {
        self.link().map(drop)
    }

    pub(super) fn link(&self) -> Result<Linked, Invalid> {
        few("resources", self.resources.len(), RESOURCES_MAX)?;
        few("activities", self.activities.len(), ACTIVITIES_MAX)?;
        few("demands", self.demands.len(), DEMANDS_MAX)?;
        let uses = self.activities.iter().map(|activity| activity.uses.len());
        let meets = self.demands.iter().map(|demand| demand.met_by.len());
        few("uses and ways to meet demands", uses.chain(meets).sum(), TERMS_MAX)?;
        if self.activities.is_empty() {
            return Err(Invalid::new("allocation", "there must be an activity"));
        }
        let resources = places("resource", self.resources.iter().map(|resource| &resource.name))?;
        let activities = places("activity", self.activities.iter().map(|activity| &activity.name))?;
        places("demand", self.demands.iter().map(|demand| &demand.name))?;
        for resource in &self.resources {
            not_negative(&format!("resource «{}»", resource.name), "capacity", resource.capacity)?;
        }
        let mut linked = Linked {
            uses: vec![Vec::new(); self.resources.len()],
            meets: Vec::with_capacity(self.demands.len()),
        };
        for (number, activity) in self.activities.iter().enumerate() {
            activity.check()?;
            let place = format!("activity «{}»", activity.name);
            for (name, figure) in &activity.uses {
                within(&place, &format!("use of «{name}»"), *figure)?;
                let resource = known(&resources, name, &place, "resource")?;
                if *figure != 0.0 {
                    linked.uses[resource].push((number, *figure));
                }
            }
        }
        for demand in &self.demands {
            let place = format!("demand «{}»", demand.name);
            if !(demand.amount > 0.0 && demand.amount <= LARGEST) {
                return Err(Invalid::new(place, "amount must be above 0, and below a million millions"));
            }
            priority(&place, demand.priority)?;
            let mut meets = Vec::with_capacity(demand.met_by.len());
            for (name, figure) in &demand.met_by {
                let activity = known(&activities, name, &place, "activity")?;
                if !(*figure > 0.0 && *figure <= LARGEST) {
                    return Err(Invalid::new(place, format!("what «{name}» meets must be above 0")));
                }
                meets.push((activity, *figure));
            }
            if meets.is_empty() {
                return Err(Invalid::new(place, "an activity must meet it"));
            }
            linked.meets.push(meets);
        }
        for (resource, uses) in self.resources.iter().zip(&linked.uses) {
            alike(&format!("resource «{}»", resource.name), "uses", uses)?;
        }
        for (demand, meets) in self.demands.iter().zip(&linked.meets) {
            alike(&format!("demand «{}»", demand.name), "what activities meet of it", meets)?;
        }
        Ok(linked)
    }
}

fn few(what: &str, many: usize, most: usize) -> Result<(), Invalid> {
    if many <= most {
        Ok(())
    } else {
        Err(Invalid::new("allocation", format!("number of {what} must be at most {most}")))
    }
}

fn places<'a>(
    what: &str,
    names: impl Iterator<Item = &'a String>,
) -> Result<HashMap<&'a str, usize>, Invalid> {
    let mut places = HashMap::new();
    for (place, name) in names.enumerate() {
        if name.trim().is_empty() || name.chars().count() > NAME_MAX {
            let must = format!("must have a name of at most {NAME_MAX} letters");
            return Err(Invalid::new(format!("{what} {}", place + 1), must));
        }
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

fn within(place: &str, name: &str, figure: f64) -> Result<(), Invalid> {
    if (-LARGEST..=LARGEST).contains(&figure) {
        Ok(())
    } else {
        Err(Invalid::new(place, format!("{name} must be a figure within a million millions")))
    }
}

fn not_negative(place: &str, name: &str, figure: f64) -> Result<(), Invalid> {
    if (0.0..=LARGEST).contains(&figure) {
        Ok(())
    } else {
        Err(Invalid::new(place, format!("{name} must be 0 or more, and below a million millions")))
    }
}

fn priority(place: &str, priority: Option<u8>) -> Result<(), Invalid> {
    if priority.is_none_or(|priority| (1..=9).contains(&priority)) {
        Ok(())
    } else {
        Err(Invalid::new(place, "priority must be from 1, which comes first, to 9"))
    }
}

fn alike(place: &str, what: &str, terms: &[(usize, f64)]) -> Result<(), Invalid> {
    let sizes = terms.iter().map(|(_, figure)| figure.abs());
    let (smallest, largest) =
        sizes.fold((f64::INFINITY, 0.0_f64), |(small, large), size| (small.min(size), large.max(size)));
    if largest > smallest * SPREAD_MOST {
        return Err(Invalid::new(place, format!("{what} must not differ by more than a thousand millions")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem() -> Problem {
        let pump = Activity {
            name: "Pump".to_owned(),
            uses: BTreeMap::from([("Assembly".to_owned(), 2.0)]),
            gain: 5.0,
            ..Activity::default()
        };
        let anna = Demand {
            name: "Anna".to_owned(),
            amount: 3.0,
            unit: String::new(),
            met_by: BTreeMap::from([("Pump".to_owned(), 1.0)]),
            priority: Some(1),
        };
        let assembly = Resource { name: "Assembly".to_owned(), capacity: 10.0, unit: "h".to_owned() };
        Problem {
            resources: vec![assembly],
            activities: vec![pump],
            demands: vec![anna],
            ..Problem::default()
        }
    }

    #[test]
    fn what_cannot_be_is_named_with_its_place() {
        let error = |change: fn(&mut Problem)| {
            let mut problem = problem();
            change(&mut problem);
            problem.check().unwrap_err().to_string()
        };
        assert_eq!(problem().check(), Ok(()));
        assert_eq!(error(|problem| problem.activities.clear()), "allocation: there must be an activity");
        assert_eq!(
            error(|problem| problem.resources[0].capacity = f64::NAN),
            "resource «Assembly»: capacity must be 0 or more, and below a million millions"
        );
        assert_eq!(
            error(|problem| problem.activities[0].uses = BTreeMap::from([("Room".to_owned(), 1.0)])),
            "activity «Pump»: must not name the resource «Room», which is unknown"
        );
        assert_eq!(
            error(|problem| problem.activities[0].gain = f64::INFINITY),
            "activity «Pump»: gain must be a figure within a million millions"
        );
        assert_eq!(
            error(|problem| problem.activities[0].most = Some(-1.0)),
            "activity «Pump»: least and most must be 0 or more, and at most a thousand millions"
        );
        assert_eq!(
            error(|problem| {
                let pump = &mut problem.activities[0];
                (pump.least, pump.most, pump.whole) = (1.2, Some(1.8), true);
            }),
            "activity «Pump»: a whole number must lie between least and most"
        );
        assert_eq!(
            error(|problem| problem.activities[0].fixed_cost = 3.0),
            "activity «Pump»: most must be said where there is a fixed cost or a smallest lot"
        );
        assert_eq!(
            error(|problem| problem.demands[0].met_by = BTreeMap::from([("Valve".to_owned(), 1.0)])),
            "demand «Anna»: must not name the activity «Valve», which is unknown"
        );
        assert_eq!(
            error(|problem| problem.demands[0].met_by.clear()),
            "demand «Anna»: an activity must meet it"
        );
        assert_eq!(
            error(|problem| problem.demands[0].priority = Some(0)),
            "demand «Anna»: priority must be from 1, which comes first, to 9"
        );
        assert_eq!(
            error(|problem| problem.demands.push(problem.demands[0].clone())),
            "demand «Anna»: must be there only once"
        );
        assert_eq!(
            error(|problem| problem.resources[0].name = " ".to_owned()),
            "resource 1: must have a name of at most 200 letters"
        );
        assert_eq!(
            error(|problem| {
                let many = vec![problem.resources[0].clone(); RESOURCES_MAX + 1];
                problem.resources = many;
            }),
            "allocation: number of resources must be at most 1000"
        );
    }

    #[test]
    fn figures_too_far_apart_are_refused() {
        let mut problem = problem();
        let mut small = problem.activities[0].clone();
        small.name = "Screw".to_owned();
        small.uses = BTreeMap::from([("Assembly".to_owned(), 1e-9)]);
        problem.activities.push(small);
        let told = problem.check().unwrap_err().to_string();
        assert_eq!(told, "resource «Assembly»: uses must not differ by more than a thousand millions");
    }
}
