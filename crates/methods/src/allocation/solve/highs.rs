//! HiGHS, by `good_lp`: one thread and no gap, so that a run is the same again on this machine.

use good_lp::solvers::highs::{HighsParallelType, highs};
use good_lp::solvers::{DualValues, SolutionWithDual};
use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution, SolutionStatus, SolverModel, Variable, variable,
};

use super::program::{Program, Said, Side, power_of_two_near};

/// Makes the goal least.
pub(super) fn solve(program: &Program, goal: &[f64], limit_ms: u64) -> Said {
    let mut variables = ProblemVariables::new();
    let columns: Vec<Variable> = program
        .columns
        .iter()
        .map(|column| {
            let range = variable().min(column.least).max(column.most);
            variables.add(if column.is_whole { range.integer() } else { range })
        })
        .collect();
    let goal_scale = power_of_two_near(goal.iter().map(|figure| figure.abs()).fold(0.0, f64::max));
    let mut objective = Expression::with_capacity(columns.len());
    for (column, figure) in columns.iter().zip(goal) {
        objective.add_mul(figure * goal_scale, *column);
    }
    let model = variables.minimise(objective).using(highs);
    let model = model.set_threads(1).set_parallel(HighsParallelType::Off);
    let mut model = model
        .set_time_limit(limit_ms as f64 / 1000.0)
        .set_option("mip_rel_gap", 0.0)
        .set_option("mip_abs_gap", 1e-9);
    let mut rows = Vec::with_capacity(program.rows.len());
    for row in &program.rows {
        let scale = row.scale();
        let mut sum = Expression::with_capacity(row.terms.len());
        for (column, figure) in &row.terms {
            sum.add_mul(figure * scale, columns[*column]);
        }
        let limit = match row.side {
            Side::AtMost => sum.leq(row.bound * scale),
            Side::AtLeast => sum.geq(row.bound * scale),
        };
        rows.push((model.add_constraint(limit), scale));
    }
    let mut solution = match model.solve() {
        Ok(solution) => solution,
        Err(ResolutionError::Infeasible) => return Said::Infeasible,
        Err(ResolutionError::Unbounded) => return Said::Unbounded,
        // It found nothing before its time was up.
        Err(ResolutionError::Other("NoSolutionFound")) => return Said::TooLong,
        Err(error) => return Said::Failed(error.to_string()),
    };
    if matches!(solution.status(), SolutionStatus::TimeLimit) {
        return Said::TooLong;
    }
    let values = columns.iter().map(|column| solution.value(*column)).collect();
    let prices = (!program.has_whole()).then(|| {
        let duals = solution.compute_dual();
        rows.into_iter().map(|(row, scale)| duals.dual(row) * scale / goal_scale).collect()
    });
    Said::Best { values, prices }
}
