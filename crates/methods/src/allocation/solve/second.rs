//! The second solver, `microlp`: it shares no code with the first, and looks at small problems only.

use std::time::Duration;

use microlp::{ComparisonOp, Error, OptimizationDirection, Problem, SolveOptions, Variable};

use super::program::{Program, Said, Side, power_of_two_near};

/// More columns than these are not looked at.
const COLUMNS_MAX: usize = 300;
/// More rows are not.
const ROWS_MAX: usize = 300;
/// More columns that must be whole are not.
const WHOLE_MAX: usize = 60;

/// Whether it looks at one of this size.
pub(super) fn takes(program: &Program) -> bool {
    program.columns.len() <= COLUMNS_MAX
        && program.rows.len() <= ROWS_MAX
        && program.columns.iter().filter(|column| column.is_whole).count() <= WHOLE_MAX
}

/// Makes the goal least.
pub(super) fn solve(program: &Program, goal: &[f64], limit_ms: u64) -> Said {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let goal_scale = power_of_two_near(goal.iter().map(|figure| figure.abs()).fold(0.0, f64::max));
    let columns: Vec<Variable> = program
        .columns
        .iter()
        .zip(goal)
        .map(|(column, figure)| {
            let figure = figure * goal_scale;
            if column.is_whole {
                problem.add_integer_var(figure, (column.least.ceil() as i32, column.most.floor() as i32))
            } else {
                problem.add_var(figure, (column.least, column.most))
            }
        })
        .collect();
    for row in &program.rows {
        let scale = row.scale();
        let terms: Vec<(Variable, f64)> =
            row.terms.iter().map(|(column, figure)| (columns[*column], figure * scale)).collect();
        let side = match row.side {
            Side::AtMost => ComparisonOp::Le,
            Side::AtLeast => ComparisonOp::Ge,
        };
        problem.add_constraint(terms, side, row.bound * scale);
    }
    let mut options = SolveOptions::default();
    options.time_limit = Some(Duration::from_millis(limit_ms));
    match problem.solve_with(options) {
        Ok(outcome) if outcome.is_optimal() => match outcome.into_solution() {
            Ok(solution) => {
                let values = columns.iter().map(|column| solution.var_value(*column)).collect();
                Said::Best { values, prices: None }
            }
            Err(_interrupted) => Said::TooLong,
        },
        Ok(_stopped) => Said::TooLong,
        Err(Error::Infeasible) => Said::Infeasible,
        Err(Error::Unbounded) => Said::Unbounded,
        Err(error) => Said::Failed(error.to_string()),
    }
}
