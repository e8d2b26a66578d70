//! Allocation: what to make, send or buy of each thing so that the most is gained or the least spent, within what there is.
//!
//! Resources have a capacity, activities use some of it and earn or cost something, demands want to be met. Demands are
//! served strictly by their priorities: first as much as can be of the first, then of the second, and so on; only what is
//! left decides by value. What cannot be met is a shortage in the result, not a failure.
//!
//! The solving is linear and mixed-integer programming (feature `native`): HiGHS through `good_lp`, and `microlp` beside
//! it. Neither is believed: every limit is checked again here, on the problem as it was given; that nothing better is there
//! is proved by prices where all amounts may be broken, and asked of both solvers where some are whole. The figures are
//! those of a C++ library: unlike everything else in this crate they may differ in their last digits between machines.

mod change;
mod outcome;
mod problem;
#[cfg(feature = "native")]
mod solve;

pub use change::{Difference, Moved, MovedWhat, differences, moved};
pub use outcome::{Allocation, Amount, Checked, Limit, Met, Missing, OneSolver, Use, Worth};
pub use problem::{
    ACTIVITIES_MAX, Activity, Aim, DEMANDS_MAX, Demand, FAR, LARGEST, Problem, RESOURCES_MAX, Resource,
    TERMS_MAX,
};
#[cfg(feature = "native")]
pub use solve::{LIMIT_MS, Look, Unsolved, allocate};
