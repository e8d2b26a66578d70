//! Runs a model's trials: in blocks that any thread may take, with the same bits whichever does.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use thiserror::Error;

use super::build::{Built, BuiltResult};
use super::column;
use super::fault::{Counted, Fault, ModelFault, Place};
use super::outcome::Figures;
use super::program::{CHUNK, Chances, Draw, Operand, Program, Sheet};
use crate::random::{Chance, Stream, fill};
use crate::sobol::Dimension;

/// Trials that one thread takes at once.
pub const BLOCK: usize = 4_096;
/// The most trials.
pub const TRIALS_MAX: usize = 10_000_000;
/// The most single steps of a run.
const WORK_MAX: u64 = 20_000_000_000_000;

/// How a model is run.
#[derive(Clone, Debug)]
pub struct Run {
    /// How many trials.
    pub trials: usize,
    /// What all chance follows from.
    pub seed: u64,
    /// How trials are spread over all that may come.
    pub spread: Spread,
    /// How many threads reckon; with one, none is begun.
    pub threads: usize,
    /// The option of each decision by its place; the first where none is named.
    pub choice: BTreeMap<String, usize>,
}

impl Default for Run {
    fn default() -> Self {
        Self { trials: 10_000, seed: 1, spread: Spread::default(), threads: 1, choice: BTreeMap::new() }
    }
}

/// How trials are spread over all that may come.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Spread {
    /// Each by chance: what a mean may be off by is known.
    #[default]
    ByChance,
    /// Evenly, by Sobol's sequence, scrambled by the seed: means and percentiles come nearer the truth with fewer trials.
    /// That holds for the first 128 figures by chance; what is drawn anew in each step of time stays by chance.
    Even,
}

/// How far a run is, and whether it is to end.
#[derive(Debug, Default)]
pub struct Watch {
    /// Set by whoever wants it to end.
    pub is_cancelled: AtomicBool,
    /// The trials that are done.
    pub done: AtomicU64,
}

/// Why a run told nothing.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum RunFault {
    /// The model is wrong at a place.
    #[error(transparent)]
    Model(#[from] ModelFault),
    /// Somebody ended it.
    #[error("the run was cancelled")]
    Cancelled,
}

/// The shares of a block's draws, chunk by chunk.
struct BlockChances<'a, S: Source> {
    draws: &'a [Draw],
    /// Of each draw: whether others are mixed of it, so that its shares are asked for again.
    is_mixed: &'a [bool],
    source: &'a S,
    block: u64,
    /// Where in the block the chunk begins.
    from: usize,
    /// For each draw: what it goes on from, where that is, and the chunk before it.
    ready: Vec<Option<Ready<S::State>>>,
}

/// A draw's chunk.
struct Ready<T> {
    state: T,
    /// Where in the block the chunk after this one begins.
    next: usize,
    /// Those of this chunk, where they are asked for again.
    shares: Vec<f64>,
}

/// Of each draw, whether any is mixed of it.
fn mixed(draws: &[Draw]) -> Vec<bool> {
    let mut is_mixed = vec![false; draws.len()];
    for (other, _) in draws.iter().flat_map(|draw| &draw.mixed) {
        if let Some(is_mixed) = is_mixed.get_mut(*other) {
            *is_mixed = true;
        }
    }
    is_mixed
}

impl<'a, S: Source> BlockChances<'a, S> {
    fn new(draws: &'a [Draw], is_mixed: &'a [bool], source: &'a S, block: u64) -> Self {
        Self { draws, is_mixed, source, block, from: 0, ready: draws.iter().map(|_| None).collect() }
    }
}

/// Where shares come from.
pub(super) trait Source: Sync {
    /// What the shares of a draw go on from, within a block.
    type State;

    /// Before a block's first share.
    fn begin(&self, draw: usize, purpose: u64, block: u64) -> Self::State;

    /// The next chunk of shares.
    fn next(&self, state: &mut Self::State, to: &mut [f64]);

    /// The shares of a chunk for a step of time.
    fn step(&self, draw: usize, purpose: u64, chunk: u64, to: &mut [f64]);
}

/// By chance.
#[derive(Copy, Clone, Debug)]
pub(super) struct ByChance {
    pub(super) seed: u64,
}

impl Source for ByChance {
    type State = Chance;

    fn begin(&self, _draw: usize, purpose: u64, block: u64) -> Chance {
        Chance::new(Stream { seed: self.seed, purpose, block })
    }

    fn next(&self, state: &mut Chance, to: &mut [f64]) {
        state.fill(to);
    }

    fn step(&self, _draw: usize, purpose: u64, chunk: u64, to: &mut [f64]) {
        fill(Stream { seed: self.seed, purpose, block: chunk }, to);
    }
}

/// One way or the other.
#[derive(Clone, Debug)]
pub(super) enum Spreading {
    ByChance(ByChance),
    Evenly(Evenly),
}

/// What either goes on from.
#[derive(Clone, Debug)]
pub(super) enum SpreadingState {
    ByChance(Box<Chance>),
    Evenly(EvenlyState),
}

impl Source for Spreading {
    type State = SpreadingState;

    fn begin(&self, draw: usize, purpose: u64, block: u64) -> SpreadingState {
        match self {
            Self::ByChance(source) => SpreadingState::ByChance(Box::new(source.begin(draw, purpose, block))),
            Self::Evenly(source) => SpreadingState::Evenly(source.begin(draw, purpose, block)),
        }
    }

    fn next(&self, state: &mut SpreadingState, to: &mut [f64]) {
        match (self, state) {
            (_, SpreadingState::ByChance(shares)) => shares.fill(to),
            (Self::Evenly(source), SpreadingState::Evenly(state)) => source.next(state, to),
            (Self::ByChance(_), SpreadingState::Evenly(_)) => {}
        }
    }

    fn step(&self, draw: usize, purpose: u64, chunk: u64, to: &mut [f64]) {
        match self {
            Self::ByChance(source) => source.step(draw, purpose, chunk, to),
            Self::Evenly(source) => source.step(draw, purpose, chunk, to),
        }
    }
}

/// Evenly: a dimension for each draw that is made once.
#[derive(Clone, Debug)]
pub(super) struct Evenly {
    seed: u64,
    dimensions: Vec<Option<Dimension>>,
}

impl Evenly {
    fn new(seed: u64, draws: &[Draw]) -> Self {
        let mut next = 0;
        let dimensions = draws.iter().map(|draw| {
            let dimension = (!draw.each_step).then(|| Dimension::new(next, seed)).flatten();
            next += usize::from(dimension.is_some());
            dimension
        });
        Self { seed, dimensions: dimensions.collect() }
    }
}

/// A draw's dimension and the next point, or its chance where it has none.
#[derive(Clone, Debug)]
pub(super) enum EvenlyState {
    Dimension { draw: usize, next: u64 },
    ByChance(Box<Chance>),
}

impl Source for Evenly {
    type State = EvenlyState;

    fn begin(&self, draw: usize, purpose: u64, block: u64) -> EvenlyState {
        match self.dimensions.get(draw) {
            Some(Some(_)) => EvenlyState::Dimension { draw, next: block * BLOCK as u64 },
            _ => EvenlyState::ByChance(Box::new(ByChance { seed: self.seed }.begin(draw, purpose, block))),
        }
    }

    fn next(&self, state: &mut EvenlyState, to: &mut [f64]) {
        match state {
            EvenlyState::ByChance(shares) => shares.fill(to),
            EvenlyState::Dimension { draw, next } => {
                if let Some(Some(dimension)) = self.dimensions.get(*draw) {
                    dimension.fill(*next, to);
                }
                *next += to.len() as u64;
            }
        }
    }

    fn step(&self, draw: usize, purpose: u64, chunk: u64, to: &mut [f64]) {
        ByChance { seed: self.seed }.step(draw, purpose, chunk, to);
    }
}

impl<S: Source> Chances for BlockChances<'_, S> {
    fn shares(&mut self, draw: usize, time_step: u32, to: &mut [f64]) {
        let Some(Draw { purpose, each_step, .. }) = self.draws.get(draw) else { return };
        if *each_step {
            // A stream for each step: the step goes where no other purpose of the model does.
            let purpose = purpose
                .rotate_left(32)
                .wrapping_add(u64::from(time_step).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let chunk = self.block * (BLOCK / CHUNK) as u64 + (self.from / CHUNK) as u64;
            self.source.step(draw, purpose, chunk, to);
            return;
        }
        let (source, block, from) = (self.source, self.block, self.from);
        let Some(slot) = self.ready.get_mut(draw) else { return };
        let ready = slot.get_or_insert_with(|| Ready {
            state: source.begin(draw, *purpose, block),
            next: 0,
            shares: vec![],
        });
        if ready.next == from && self.is_mixed.get(draw) == Some(&false) {
            source.next(&mut ready.state, to);
            ready.next += CHUNK;
            return;
        }
        ready.shares.resize(CHUNK, 0.0);
        // Chunks come one after the other; one may be asked for again.
        while ready.next <= from {
            source.next(&mut ready.state, &mut ready.shares);
            ready.next += CHUNK;
        }
        if let Some(shares) = ready.shares.get(..to.len()) {
            to.copy_from_slice(shares);
        }
    }
}

/// A block's part of all columns that are asked for.
type Parts<'a> = Vec<&'a mut [f64]>;

/// A column that is known already: all of its figures.
pub(super) type Given<'a> = (super::program::Column, &'a [f64]);

/// Runs `trials` trials of a program and tells what `wanted` comes out as. Nothing but what is told by `source` decides the
/// bits.
pub(super) fn run_columns<S: Source>(
    program: &Program,
    wanted: &[Operand],
    source: &S,
    trials: usize,
    threads: usize,
    watch: &Watch,
) -> Result<Vec<Vec<f64>>, RunFault> {
    run_with(program, wanted, &[], source, trials, threads, watch)
}

/// The same, where some columns are known already.
pub(super) fn run_with<S: Source>(
    program: &Program,
    wanted: &[Operand],
    given: &[Given<'_>],
    source: &S,
    trials: usize,
    threads: usize,
    watch: &Watch,
) -> Result<Vec<Vec<f64>>, RunFault> {
    // Each by itself: its memory is not touched before a thread writes it.
    let mut columns: Vec<Vec<f64>> = wanted.iter().map(|_| vec![0.0; trials]).collect();
    let mut blocks: Vec<(u64, Parts<'_>)> =
        (0..trials.div_ceil(BLOCK) as u64).map(|block| (block, Vec::with_capacity(wanted.len()))).collect();
    for column in &mut columns {
        for (part, (_, parts)) in column.chunks_mut(BLOCK).zip(&mut blocks) {
            parts.push(part);
        }
    }
    blocks.reverse();
    let blocks = Mutex::new(blocks);
    let next = || blocks.lock().map_or(None, |mut blocks| blocks.pop());
    let is_mixed = mixed(&program.draws);
    let work = || {
        let mut sheet = Sheet::default();
        while let Some((block, mut parts)) = next() {
            if watch.is_cancelled.load(Ordering::Relaxed) {
                break;
            }
            let long = parts.first().map_or(0, |part| part.len());
            let mut chances = BlockChances::new(&program.draws, &is_mixed, source, block);
            for from in (0..long).step_by(CHUNK) {
                let count = CHUNK.min(long - from);
                chances.from = from;
                let start = block as usize * BLOCK + from;
                for (column, figures) in given {
                    sheet.load(program, *column, figures.get(start..start + count).unwrap_or_default());
                }
                sheet.run(program, count, &mut chances);
                for (part, operand) in parts.iter_mut().zip(wanted) {
                    let Some(part) = part.get_mut(from..from + count) else { continue };
                    match operand {
                        Operand::Fixed(value) => part.fill(*value),
                        Operand::Column(column) => part.copy_from_slice(sheet.column(*column)),
                    }
                }
            }
            watch.done.fetch_add(long as u64, Ordering::Relaxed);
        }
    };
    if threads <= 1 {
        work();
    } else {
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(work);
            }
            work();
        });
    }
    if watch.is_cancelled.load(Ordering::Relaxed) {
        return Err(RunFault::Cancelled);
    }
    Ok(columns)
}

/// Checks that a run is not too much.
pub(super) fn check_work(built: &Built, trials: usize, runs: u64) -> Result<(), ModelFault> {
    let place = built.results.first().map_or(Place::default(), |result| result.place);
    if trials == 0 || trials > TRIALS_MAX {
        return Err(ModelFault { place, fault: Fault::TooMany { what: Counted::Trials, most: TRIALS_MAX } });
    }
    let work = built.program.steps_per_trial().saturating_mul(trials as u64).saturating_mul(runs);
    if work > WORK_MAX {
        return Err(ModelFault { place, fault: Fault::TooMuchWork(work) });
    }
    Ok(())
}

/// Runs what was built, and tells the figures of all results, in the units that they are read in.
pub(super) fn run(built: &Built, run: &Run, watch: &Watch) -> Result<Vec<Figures>, RunFault> {
    check_work(built, run.trials, 1)?;
    let wanted: Vec<Operand> =
        built.results.iter().flat_map(|result| result.cells.iter().map(|(_, operand)| *operand)).collect();
    let source = shares_of(run, &built.program);
    let columns = run_columns(&built.program, &wanted, &source, run.trials, run.threads, watch)?;
    figures_of(built, columns, &source, run)
}

/// Where a run's shares come from.
pub(super) fn shares_of(run: &Run, program: &Program) -> Spreading {
    match run.spread {
        Spread::ByChance => Spreading::ByChance(ByChance { seed: run.seed }),
        Spread::Even => Spreading::Evenly(Evenly::new(run.seed, &program.draws)),
    }
}

/// The figures of all results, from their columns.
pub(super) fn figures_of<S: Source>(
    built: &Built,
    columns: Vec<Vec<f64>>,
    source: &S,
    run: &Run,
) -> Result<Vec<Figures>, RunFault> {
    let mut columns = columns.into_iter();
    let mut figures = vec![];
    for result in &built.results {
        for (members, _) in &result.cells {
            let Some(trials) = columns.next() else { continue };
            let told = column::tell(trials, result.unit.scale, run.threads);
            let told = told.map_err(|trial| turned(built, result, source, run.trials, trial))?;
            let name = (result.name.clone(), members.clone());
            figures.push(Figures::new(name, result.unit.name.clone(), result.is_truth, result.better, told));
        }
    }
    Ok(figures)
}

/// Where in the model a trial first turned into no number.
fn turned<S: Source>(
    built: &Built,
    result: &BuiltResult,
    source: &S,
    trials: usize,
    trial: usize,
) -> ModelFault {
    let (block, within) = (trial / BLOCK, trial % BLOCK);
    let from = within / CHUNK * CHUNK;
    let is_mixed = mixed(&built.program.draws);
    let mut chances = BlockChances::new(&built.program.draws, &is_mixed, source, block as u64);
    chances.from = from;
    let count = CHUNK.min(trials - block * BLOCK - from);
    let place = Sheet::default().find_turn(&built.program, count, within - from, &mut chances);
    ModelFault { place: place.unwrap_or(result.place), fault: Fault::NoNumber(result.name.clone()) }
}
