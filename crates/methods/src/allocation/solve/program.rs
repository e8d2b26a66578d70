//! Columns, rows and a goal to be made least: what solvers are asked, and what holds of their answers.

/// As it is asked: an answer keeps a limit when it breaks it by no more than this share of the largest figure in it.
pub(in crate::allocation) const KEPT_TO: f64 = 1e-6;
/// Two goals within this share of each other are the same.
pub(super) const SAME_TO: f64 = 1e-6;

/// All but the goal.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

/// An amount.
#[derive(Copy, Clone, Debug)]
pub(super) struct Column {
    pub least: f64,
    pub most: f64,
    pub is_whole: bool,
}

/// A limit on several amounts.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub terms: Vec<(usize, f64)>,
    pub side: Side,
    pub bound: f64,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Side {
    AtMost,
    AtLeast,
}

/// What a solver says; nothing of it is believed.
#[derive(Clone, Debug)]
pub(super) enum Said {
    /// The best values of the columns; what the goal changes by with each row's bound where no column is whole.
    Best {
        values: Vec<f64>,
        prices: Option<Vec<f64>>,
    },
    Infeasible,
    Unbounded,
    TooLong,
    Failed(String),
}

impl Column {
    pub const fn between(least: f64, most: f64) -> Self {
        Self { least, most, is_whole: false }
    }

    pub const fn switch() -> Self {
        Self { least: 0.0, most: 1.0, is_whole: true }
    }
}

impl Row {
    /// By a power of two, which rounds nothing: solvers want rows whose largest figure is about 1.
    pub fn scale(&self) -> f64 {
        power_of_two_near(self.terms.iter().map(|(_, figure)| figure.abs()).fold(0.0, f64::max))
    }

    fn is_kept(&self, values: &[f64]) -> bool {
        let mut sum = 0.0;
        let mut largest = self.bound.abs();
        for (column, figure) in &self.terms {
            let term = figure * values[*column];
            sum += term;
            // Beside an amount of nothing, a millionth of one unit is nothing.
            largest = largest.max(term.abs()).max(figure.abs());
        }
        let over = match self.side {
            Side::AtMost => sum - self.bound,
            Side::AtLeast => self.bound - sum,
        };
        over <= KEPT_TO * largest
    }
}

impl Program {
    pub fn has_whole(&self) -> bool {
        self.columns.iter().any(|column| column.is_whole)
    }

    pub fn add(&mut self, column: Column) -> usize {
        self.columns.push(column);
        self.columns.len() - 1
    }

    pub fn limit(&mut self, terms: Vec<(usize, f64)>, side: Side, bound: f64) -> usize {
        self.rows.push(Row { terms, side, bound });
        self.rows.len() - 1
    }

    /// Whether values keep all bounds and rows, and are whole where they must be.
    pub fn is_kept_by(&self, values: &[f64]) -> bool {
        let column = |(column, value): (&Column, &f64)| {
            let off = KEPT_TO * value.abs().max(1.0);
            value.is_finite()
                && *value >= column.least - off
                && *value <= column.most + off
                && (!column.is_whole || (value - value.round()).abs() <= KEPT_TO)
        };
        values.len() == self.columns.len()
            && self.columns.iter().zip(values).all(column)
            && self.rows.iter().all(|row| row.is_kept(values))
    }

    /// What is nearly whole and must be made whole, where everything is kept like that.
    pub fn rounded(&self, values: &[f64]) -> Option<Vec<f64>> {
        let round = |(column, value): (&Column, &f64)| if column.is_whole { value.round() } else { *value };
        let rounded: Vec<f64> = self.columns.iter().zip(values).map(round).collect();
        self.is_kept_by(&rounded).then_some(rounded)
    }

    /// With what must be whole held at the values: what is left can be broken.
    pub fn held_at(&self, values: &[f64]) -> Self {
        let mut held = self.clone();
        for (column, value) in held.columns.iter_mut().zip(values) {
            if column.is_whole {
                *column = Column::between(value.round(), value.round());
            }
        }
        held
    }

    /// The least that the goal can be at all, as prices of the rows prove it: by weak duality, whatever the prices are.
    pub fn proved_least(&self, goal: &[f64], prices: &[f64]) -> f64 {
        let mut rest = goal.to_vec();
        let mut sizes: Vec<f64> = goal.iter().map(|figure| figure.abs()).collect();
        let mut proved = 0.0;
        for (row, price) in self.rows.iter().zip(prices) {
            // More room never makes the goal larger: a price of the other sign is noise.
            let price = match row.side {
                Side::AtMost => price.min(0.0),
                Side::AtLeast => price.max(0.0),
            };
            proved += price * row.bound;
            for (column, figure) in &row.terms {
                rest[*column] -= price * figure;
                sizes[*column] += (price * figure).abs();
            }
        }
        for ((rest, size), column) in rest.iter().zip(sizes).zip(&self.columns) {
            // What rounding leaves of figures that cancel out is nothing, however far the column may go.
            if rest.abs() > 1e-10 * size {
                proved += if *rest > 0.0 { rest * column.least } else { rest * column.most };
            }
        }
        proved
    }
}

/// The goal at values.
pub(super) fn reckoned(goal: &[f64], values: &[f64]) -> f64 {
    goal.iter().zip(values).map(|(figure, value)| figure * value).sum()
}

/// How large the parts of the goal are: what a difference in it is held against. Beside an amount of nothing, a millionth
/// of one unit is nothing, if it need not be whole.
pub(super) fn size(program: &Program, goal: &[f64], values: &[f64]) -> f64 {
    let parts = program.columns.iter().zip(goal).zip(values).map(|((column, figure), value)| {
        let least = if column.is_whole { 0.0 } else { 1.0 };
        figure.abs() * value.abs().max(least)
    });
    parts.fold(0.0, f64::max)
}

/// What makes figures of this size about 1.
pub(super) fn power_of_two_near(largest: f64) -> f64 {
    if largest > 0.0 && largest.is_finite() { (-largest.log2().round()).exp2() } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two amounts, of which no more than 4 together; 2 of one and 1 of the other, no more than 6.
    fn program() -> Program {
        let mut program = Program::default();
        let one = program.add(Column::between(0.0, 10.0));
        let other = program.add(Column::between(0.0, 10.0));
        program.limit(vec![(one, 1.0), (other, 1.0)], Side::AtMost, 4.0);
        program.limit(vec![(one, 2.0), (other, 1.0)], Side::AtMost, 6.0);
        program
    }

    #[test]
    fn an_answer_that_breaks_a_limit_is_told_from_one_that_keeps_it() {
        let mut program = program();
        assert!(program.is_kept_by(&[2.0, 2.0]) && program.is_kept_by(&[2.0, 2.000_000_1]));
        assert!(!program.is_kept_by(&[2.0, 2.001]) && !program.is_kept_by(&[-0.001, 0.0]));
        assert!(!program.is_kept_by(&[2.0]) && !program.is_kept_by(&[f64::NAN, 0.0]));
        program.columns[0].is_whole = true;
        assert!(program.is_kept_by(&[2.0, 1.5]) && !program.is_kept_by(&[1.5, 1.0]));
    }

    #[test]
    fn prices_prove_a_best_value_and_wrong_ones_prove_less() {
        // 3 and 2 are gained: at (2, 2), by prices 1 and 1, 10.
        let goal = [-3.0, -2.0];
        assert_eq!(program().proved_least(&goal, &[-1.0, -1.0]), -10.0);
        assert_eq!(reckoned(&goal, &[2.0, 2.0]), -10.0);
        for prices in [[0.0, 0.0], [-2.0, 0.0], [5.0, -1.0]] {
            assert!(program().proved_least(&goal, &prices) < -10.0, "{prices:?}");
        }
    }
}
