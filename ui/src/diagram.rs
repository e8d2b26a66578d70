//! The diagram of a scenario's model: where its figures stand, which of them is under a finger, and how a figure is begun or
//! made of one more, in the language of models.

use std::collections::HashMap;

use millwright_charts::{Arrow, BOX_HIGH, BOX_WIDE, layers};
use millwright_model::{ScenarioFigure, ScenarioFigureKind, ScenarioPlace};

/// Around all boxes.
pub(crate) const EDGE: i32 = 24;
/// So many characters of a name stand in a box.
const NAME_CHARS: usize = 18;
/// So many of what it is.
const VALUE_CHARS: usize = 20;

/// A place in the diagram.
pub(crate) type Place = (i32, i32);

/// Where all figures stand: as somebody moved them, or where they fall.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Places {
    at: HashMap<String, Place>,
    /// The left upper corner of all, as places are kept: nothing is drawn left of it or above.
    corner: Place,
}

impl Places {
    pub(crate) fn of(figures: &[ScenarioFigure], moved: &[ScenarioPlace]) -> Self {
        let falls = layers(figures.len(), &arrows(figures));
        let mut at: HashMap<String, Place> =
            figures.iter().map(|figure| figure.name.clone()).zip(falls).collect();
        for place in moved {
            if let Some(at) = at.get_mut(&place.name) {
                *at = (place.x, place.y);
            }
        }
        // Whatever was moved to the left of all others or above them is seen, too.
        let least = |of: fn(&Place) -> i32| at.values().map(of).min().unwrap_or(0).min(0);
        let (left, top) = (least(|at| at.0), least(|at| at.1));
        at.values_mut().for_each(|at| *at = (at.0 - left, at.1 - top));
        Self { at, corner: (left, top) }
    }

    /// What is kept of a figure that is drawn at a place.
    pub(crate) fn kept(&self, at: Place) -> Place {
        (at.0 + self.corner.0, at.1 + self.corner.1)
    }

    /// Where a figure stands.
    pub(crate) fn of_figure(&self, name: &str) -> Place {
        self.at.get(name).copied().unwrap_or_default()
    }

    /// Up to where the diagram reaches, with its edge.
    pub(crate) fn extent(&self) -> Place {
        let most = |of: fn(&Place) -> i32| self.at.values().map(of).max().unwrap_or(0);
        (most(|at| at.0) + BOX_WIDE + 2 * EDGE, most(|at| at.1) + BOX_HIGH + 2 * EDGE)
    }

    /// The figure at a place; of several that lie over each other the last in the order of their names.
    pub(crate) fn figure_at(&self, (x, y): (f64, f64)) -> Option<&str> {
        let is_in = |place: &Place| {
            let (left, top) = (f64::from(place.0), f64::from(place.1));
            (left..left + f64::from(BOX_WIDE)).contains(&x) && (top..top + f64::from(BOX_HIGH)).contains(&y)
        };
        let found = self.at.iter().filter(|(_, place)| is_in(place)).map(|(name, _)| name.as_str());
        found.max()
    }
}

/// The arrows, by the figures' places in the list.
fn arrows(figures: &[ScenarioFigure]) -> Vec<Arrow> {
    let place: HashMap<&str, usize> =
        figures.iter().enumerate().map(|(at, figure)| (figure.name.as_str(), at)).collect();
    let into = |(to, figure): (usize, &ScenarioFigure)| {
        let from = figure.made_of.iter().filter_map(|of| place.get(of.as_str()).copied());
        from.map(move |from| (from, to)).collect::<Vec<_>>()
    };
    figures.iter().enumerate().flat_map(into).collect()
}

/// A figure's name as people read it, as much of it as there is room for.
pub(crate) fn short_name(name: &str) -> String {
    shortened(&name.replace('_', " "), NAME_CHARS)
}

/// What a figure is, as much of it as there is room for.
pub(crate) fn short_value(value: &str) -> String {
    shortened(value, VALUE_CHARS)
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(most - 1).collect();
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// A figure's outline in a diagram: each kind has a shape of its own, as is usual in influence diagrams (a decision is a
/// rectangle, what comes by chance an oval, what is asked for a hexagon).
pub(crate) fn outline(kind: ScenarioFigureKind) -> String {
    let (wide, high) = (BOX_WIDE, BOX_HIGH);
    let (middle, cut) = (high / 2, 14);
    match kind {
        ScenarioFigureKind::Decision => format!("M0 0H{wide}V{high}H0Z"),
        ScenarioFigureKind::Chance => {
            let straight = wide - high;
            format!(
                "M{middle} 0h{straight}a{middle} {middle} 0 0 1 0 {high}h-{straight}a{middle} {middle} 0 0 1 0 -{high}Z"
            )
        }
        ScenarioFigureKind::Result => {
            let right = wide - cut;
            format!("M{cut} 0H{right}L{wide} {middle}L{right} {high}H{cut}L0 {middle}Z")
        }
        ScenarioFigureKind::Disruption => {
            let (right, low) = (wide - cut, high - cut);
            format!("M{cut} 0H{right}L{wide} {cut}V{low}L{right} {high}H{cut}L0 {low}V{cut}Z")
        }
        ScenarioFigureKind::Given => format!("M{cut} 0H{wide}L{} {high}H0Z", wide - cut),
        // A stock has a second border, as a vessel has.
        ScenarioFigureKind::Stock => format!("M0 0H{wide}V{high}H0ZM5 5V{}H{}V5Z", high - 5, wide - 5),
        ScenarioFigureKind::Formula => {
            let (right, low) = (wide - 16, high - 16);
            format!("M8 0h{right}q8 0 8 8v{low}q0 8 -8 8h-{right}q-8 0 -8 -8v-{low}q0 -8 8 -8Z")
        }
    }
}

/// How a figure of a kind begins, in the language of models.
pub(crate) fn beginning(kind: ScenarioFigureKind, name: &str) -> String {
    match kind {
        ScenarioFigureKind::Given => format!("{name} = 10"),
        ScenarioFigureKind::Chance => format!("{name} = 5 to 10"),
        ScenarioFigureKind::Formula => format!("{name} = 2 * 10"),
        ScenarioFigureKind::Stock => format!("stock {name} = 100 pcs, change -1 pcs/day"),
        ScenarioFigureKind::Decision => format!("decision {name} = \"A\": 0, \"B\": 1"),
        ScenarioFigureKind::Disruption => {
            format!("disruption {name}: probability 10 %, start 0 to 10 weeks, lasts 2 to 6 weeks")
        }
        ScenarioFigureKind::Result => format!("result {name} = 2 * 10"),
    }
}

/// A figure's statement where it is made of one more; whoever drew the arrow says how.
pub(crate) fn made_of_one_more(says: &str, value: &str, more: &str) -> String {
    // What binds less than a plus stays together.
    let is_loose = value.starts_with("if ")
        || [" to ", " and ", " or ", "not ", " < ", " > ", " <= ", " >= ", " = ", " != "]
            .iter()
            .any(|loose| value.contains(loose));
    for before in ["= ", "probability "] {
        if let Some(at) = says.find(&format!("{before}{value}")) {
            let (from, to) = (at + before.len(), at + before.len() + value.len());
            let held = if is_loose { format!("({value})") } else { value.to_owned() };
            return format!("{}{held} + {more}{}", &says[..from], &says[to..]);
        }
    }
    format!("{says} + {more}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(name: &str, made_of: &[&str]) -> ScenarioFigure {
        ScenarioFigure {
            name: name.to_owned(),
            kind: ScenarioFigureKind::Formula,
            value: String::new(),
            says: String::new(),
            remarks: vec![],
            origin: None,
            made_of: made_of.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    fn moved(name: &str, x: i32, y: i32) -> ScenarioPlace {
        ScenarioPlace { name: name.to_owned(), x, y }
    }

    #[test]
    fn a_figure_stands_where_somebody_moved_it_and_the_others_where_they_fall() {
        let figures = [figure("a", &[]), figure("b", &["a"])];
        let places = Places::of(&figures, &[moved("b", 900, 400), moved("gone", 1, 1)]);
        assert_eq!(places.of_figure("b"), (900, 400));
        assert_eq!(places.of_figure("a"), (0, 0));
        assert_eq!(places.extent(), (900 + BOX_WIDE + 2 * EDGE, 400 + BOX_HIGH + 2 * EDGE));
    }

    #[test]
    fn what_was_moved_beyond_the_corner_is_seen_too() {
        let places = Places::of(&[figure("a", &[]), figure("b", &[])], &[moved("b", -100, -50)]);
        assert_eq!(places.of_figure("b"), (0, 0));
        assert_eq!(places.of_figure("a"), (100, 50));
    }

    #[test]
    fn a_figure_that_is_let_go_stays_there_also_where_another_is_beyond_the_corner() {
        let figures = [figure("a", &[]), figure("b", &[])];
        let before = Places::of(&figures, &[moved("b", -100, -50)]);
        let (x, y) = before.kept((300, 200));
        let after = Places::of(&figures, &[moved("b", -100, -50), moved("a", x, y)]);
        assert_eq!(after.of_figure("a"), (300, 200));
    }

    #[test]
    fn a_finger_finds_the_figure_under_it() {
        let places = Places::of(&[figure("a", &[]), figure("b", &["a"])], &[]);
        assert_eq!(places.figure_at((5.0, 5.0)), Some("a"));
        let (x, y) = places.of_figure("b");
        assert_eq!(places.figure_at((f64::from(x) + 1.0, f64::from(y) + 1.0)), Some("b"));
        assert_eq!(places.figure_at((f64::from(BOX_WIDE) + 3.0, 5.0)), None);
    }

    #[test]
    fn an_arrow_adds_a_figure_to_what_another_is_made_of_and_leaves_the_rest() {
        let says = "result cost in EUR = need * price, lower is better";
        assert_eq!(
            made_of_one_more(says, "need * price", "freight"),
            "result cost in EUR = need * price + freight, lower is better"
        );
        let says = "extra = if buy = 1 then 3 EUR else 0 EUR";
        assert_eq!(
            made_of_one_more(says, "if buy = 1 then 3 EUR else 0 EUR", "freight"),
            "extra = (if buy = 1 then 3 EUR else 0 EUR) + freight"
        );
        let says = "disruption stop: probability 5 %, lasts 3 days";
        assert_eq!(
            made_of_one_more(says, "5 %", "risk"),
            "disruption stop: probability 5 % + risk, lasts 3 days"
        );
        assert_eq!(made_of_one_more("a = 1", "2", "b"), "a = 1 + b");
    }

    #[test]
    fn every_kind_begins_with_something_that_is_a_model() {
        use millwright_methods::scenario::{FigureKind, Model};
        let kinds = [
            (ScenarioFigureKind::Given, FigureKind::Given),
            (ScenarioFigureKind::Chance, FigureKind::Chance),
            (ScenarioFigureKind::Formula, FigureKind::Given),
            (ScenarioFigureKind::Stock, FigureKind::Stock),
            (ScenarioFigureKind::Decision, FigureKind::Decision),
            (ScenarioFigureKind::Disruption, FigureKind::Disruption),
            (ScenarioFigureKind::Result, FigureKind::Result),
        ];
        for (kind, is) in kinds {
            let text =
                format!("horizon 20 weeks step 1 day\n{}\nresult more = 1\n", beginning(kind, "figure"));
            let model = Model::read(&text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(model.figures()[0].kind, is, "{text}");
        }
    }

    #[test]
    fn long_names_are_cut_where_a_box_ends() {
        assert_eq!(short_name("stock_reach"), "stock reach");
        assert_eq!(short_name("a_name_that_has_no_end_at_all"), "a name that has n…");
    }
}
