//! A line of machines with buffers between them: what it gives, what its time goes to, what it costs, and what a change would.
//!
//! Pieces go through all machines in turn. A machine that has finished a piece keeps it while the buffer behind it is full
//! (blocking after service); one with nothing before it starves. There is always material at the head, and room at the end.
//! Machines fail by the time they have worked, and wait for a crew where all are busy. What a machine holds while it is
//! down, or while the line is off shift, it goes on with afterwards.

mod figures;
mod input;
mod plant;
mod shifts;
mod what_if;

pub use figures::{Figures, MachineFigures, Ratios, Times};
pub use input::{
    BUFFER_CAPACITY_MAX, Buffer, Condition, Costs, Crews, Failures, HORIZON_MAX_H, Line, MACHINES_MAX,
    Machine, Maintenance, Period,
};
pub use plant::simulate;
pub use shifts::{SPANS_MAX, Shifts, WorkingSpan};
pub use what_if::{
    Comparison, Difference, Measure, Outlook, REPLICATIONS_MAX, Replications, compare, outlook,
};

#[cfg(test)]
mod tests;
