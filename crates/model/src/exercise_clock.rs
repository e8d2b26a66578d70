//! The clock of an exercise: what it reads is reckoned from the moves that were recorded, never ticked.

use serde::{Deserialize, Serialize};

use crate::{ExerciseAct, ExerciseFault, ExerciseInject, ExerciseMove, TimestampMs};

/// Where an exercise stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExerciseState {
    /// It was not begun.
    #[default]
    Planned,
    /// Its clock runs.
    Running,
    /// Its clock stands still.
    Paused,
    /// It is over.
    Ended,
}

/// The clock of an exercise as its moves leave it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExerciseClock {
    /// Where the exercise stands.
    pub state: ExerciseState,
    /// What the clock read at `since`, in milliseconds of exercise time.
    pub read_ms: i64,
    /// The last move that counted.
    pub since: Option<TimestampMs>,
    /// How fast it runs: 100 as fast as a clock on the wall.
    pub speed_percent: u32,
    /// When it was started.
    pub started_at: Option<TimestampMs>,
    /// When it was ended.
    pub ended_at: Option<TimestampMs>,
}

impl Default for ExerciseClock {
    fn default() -> Self {
        Self {
            state: ExerciseState::Planned,
            read_ms: 0,
            since: None,
            speed_percent: 100,
            started_at: None,
            ended_at: None,
        }
    }
}

impl ExerciseClock {
    /// The speeds that a clock can be set to, in hundredths.
    pub const SPEED_MIN: u32 = 25;
    /// The fastest.
    pub const SPEED_MAX: u32 = 6_000;

    /// The clock after some moves, in whichever order they came: of two that exclude each other, the first counts, on every
    /// device.
    pub fn of(moves: &[ExerciseMove]) -> Self {
        let mut ordered: Vec<&ExerciseMove> = moves.iter().collect();
        ordered.sort_by_key(|one| (one.moved_at, one.exercise_move_id));
        ordered.into_iter().fold(Self::default(), |clock, one| clock.after(one.act, one.moved_at))
    }

    /// What it reads at an instant, in milliseconds of exercise time.
    pub fn reading_ms(&self, now: TimestampMs) -> i64 {
        let ran_ms = match (self.state, self.since) {
            (ExerciseState::Running, Some(since)) => now.since_ms(since).max(0),
            _ => 0,
        };
        let exercise_ms = ran_ms.saturating_mul(i64::from(self.speed_percent)) / 100;
        self.read_ms.saturating_add(exercise_ms).min(ExerciseInject::AT_MAX_MS)
    }

    /// Whether an inject has come by an instant.
    pub fn has_come(&self, inject: &ExerciseInject, now: TimestampMs) -> bool {
        self.state != ExerciseState::Planned && inject.at_ms <= self.reading_ms(now)
    }

    /// Whether the exercise was begun and is not over.
    pub fn is_under_way(&self) -> bool {
        matches!(self.state, ExerciseState::Running | ExerciseState::Paused)
    }

    /// Refuses a move that cannot be made as the clock stands.
    ///
    /// # Errors
    /// When the move leads nowhere from here.
    pub fn allows(&self, act: ExerciseAct, now: TimestampMs) -> Result<(), ExerciseFault> {
        match (act, self.state) {
            (ExerciseAct::Start, ExerciseState::Planned) => Ok(()),
            (ExerciseAct::Start, _) => Err(ExerciseFault::StartedAlready),
            (_, ExerciseState::Planned) => Err(ExerciseFault::NotStarted),
            (_, ExerciseState::Ended) => Err(ExerciseFault::Ended),
            (ExerciseAct::Pause, ExerciseState::Paused) => Err(ExerciseFault::PausedAlready),
            (ExerciseAct::Resume, ExerciseState::Running) => Err(ExerciseFault::RunsAlready),
            (ExerciseAct::Speed { percent }, _)
                if !(Self::SPEED_MIN..=Self::SPEED_MAX).contains(&percent) =>
            {
                Err(ExerciseFault::SpeedUnfit { least: Self::SPEED_MIN, most: Self::SPEED_MAX })
            }
            (ExerciseAct::Jump { to_ms }, _) if to_ms > ExerciseInject::AT_MAX_MS => {
                Err(ExerciseFault::TimeUnfit)
            }
            (ExerciseAct::Jump { to_ms }, _) if to_ms <= self.reading_ms(now) => {
                Err(ExerciseFault::TimePassed)
            }
            _ => Ok(()),
        }
    }

    /// The clock after a move; as it was after one that leads nowhere.
    fn after(self, act: ExerciseAct, at: TimestampMs) -> Self {
        if self.allows(act, at).is_err() {
            return self;
        }
        let moved = Self { read_ms: self.reading_ms(at), since: Some(at), ..self };
        match act {
            ExerciseAct::Start => {
                Self { state: ExerciseState::Running, read_ms: 0, started_at: Some(at), ..moved }
            }
            ExerciseAct::Pause => Self { state: ExerciseState::Paused, ..moved },
            ExerciseAct::Resume => Self { state: ExerciseState::Running, ..moved },
            ExerciseAct::Speed { percent } => Self { speed_percent: percent, ..moved },
            ExerciseAct::Jump { to_ms } => Self { read_ms: to_ms, ..moved },
            ExerciseAct::End => Self { state: ExerciseState::Ended, ended_at: Some(at), ..moved },
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{ExerciseId, ExerciseMoveId};

    const MINUTE_MS: i64 = 60_000;

    fn minute(at: i64) -> TimestampMs {
        TimestampMs(at * MINUTE_MS)
    }

    fn moves(acts: &[(i64, ExerciseAct)]) -> Vec<ExerciseMove> {
        let one = |(number, (at, act)): (usize, &(i64, ExerciseAct))| ExerciseMove {
            exercise_move_id: ExerciseMoveId(Uuid::from_u128(number as u128 + 1)),
            exercise_id: ExerciseId(Uuid::from_u128(9)),
            act: *act,
            moved_at: minute(*at),
            moved_by: None,
        };
        acts.iter().enumerate().map(one).collect()
    }

    fn reads(acts: &[(i64, ExerciseAct)], at: i64) -> i64 {
        ExerciseClock::of(&moves(acts)).reading_ms(minute(at)) / MINUTE_MS
    }

    #[test]
    fn a_clock_counts_what_it_ran_and_not_what_it_stood() {
        use ExerciseAct::{Pause, Resume, Start};
        let acts = [(100, Start), (110, Pause), (130, Resume)];
        assert_eq!(reads(&acts[..1], 107), 7);
        assert_eq!(reads(&acts[..2], 125), 10);
        assert_eq!(reads(&acts, 135), 15);
        assert_eq!(
            reads(&acts, 90),
            10,
            "another device's clock that is behind shows no time that was not there"
        );
    }

    #[test]
    fn it_runs_faster_from_where_it_stands_and_jumps_forward() {
        use ExerciseAct::{End, Jump, Speed, Start};
        let faster = [(0, Start), (10, Speed { percent: 500 })];
        assert_eq!(reads(&faster, 12), 20);
        let jumped = [(0, Start), (10, Jump { to_ms: 25 * MINUTE_MS }), (15, End)];
        assert_eq!(reads(&jumped[..2], 12), 27);
        assert_eq!(reads(&jumped, 99), 30, "what has ended stands");
    }

    #[test]
    fn moves_that_two_devices_made_apart_come_to_the_same_clock_in_any_order() {
        use ExerciseAct::{End, Jump, Pause, Resume, Start};
        let acts = [
            (0, Start),
            (10, Pause),
            (11, Pause),
            (12, Jump { to_ms: 20 * MINUTE_MS }),
            (13, Resume),
            (14, Jump { to_ms: 5 * MINUTE_MS }),
            (20, End),
            (21, Resume),
        ];
        let mut all = moves(&acts);
        let clock = ExerciseClock::of(&all);
        assert_eq!(clock.reading_ms(minute(30)), 27 * MINUTE_MS);
        assert_eq!((clock.state, clock.ended_at), (ExerciseState::Ended, Some(minute(20))));
        all.reverse();
        assert_eq!(ExerciseClock::of(&all), clock);
    }

    #[test]
    fn a_move_that_leads_nowhere_is_refused_by_what_is_wrong_with_it() {
        use ExerciseAct::{End, Jump, Pause, Resume, Speed, Start};
        let after = |acts: &[(i64, ExerciseAct)], act| {
            ExerciseClock::of(&moves(acts)).allows(act, minute(10)).unwrap_err()
        };
        for act in [Pause, Resume, End, Jump { to_ms: 1 }, Speed { percent: 200 }] {
            assert_eq!(after(&[], act), ExerciseFault::NotStarted, "{act:?}");
        }
        let running = [(0, Start)];
        assert_eq!(after(&running, Start), ExerciseFault::StartedAlready);
        assert_eq!(after(&running, Resume), ExerciseFault::RunsAlready);
        assert_eq!(after(&running, Jump { to_ms: 5 * MINUTE_MS }), ExerciseFault::TimePassed);
        assert!(matches!(after(&running, Speed { percent: 0 }), ExerciseFault::SpeedUnfit { .. }));
        assert_eq!(after(&[(0, Start), (1, Pause)], Pause), ExerciseFault::PausedAlready);
        assert_eq!(after(&[(0, Start), (1, End)], Resume), ExerciseFault::Ended);
    }
}
